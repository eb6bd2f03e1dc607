"""Small tables that say who may do what and how is counted: sealed whole at each change.

Whoever changes one writes its digest into the journal in the same transaction, so that a PIN, a
role, a tax rate or a setting that was edited past the program is found by `verify`. People's names
are not sealed: they may be erased.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping

from pos_desktop.domain.text import _
from pos_desktop.storage import journal
from pos_desktop.storage.database import ShopDatabase

SEALED: Mapping[str, tuple[str, str]] = {
    "staff": ("id, login, role, pin_hash, active, deleted_at", "id"),
    "role": ("name, permissions, ceiling_bp", "name"),
    "setting": ("scope, key, value", "scope, key"),
    "tax_rate": ("band, valid_from, valid_to, rate_bp, label", "band, valid_from"),
}
"""Table: the columns that are sealed, and their order."""


def digests(database: ShopDatabase, tables: Iterable[str]) -> dict[str, str]:
    """Return the digests of tables as they are now, by table."""
    return {table: _digest(database, table) for table in tables}


def _digest(database: ShopDatabase, table: str) -> str:
    columns, order = SEALED[table]
    rows = database.rows(f"SELECT {columns} FROM {table} ORDER BY {order}")
    return hashlib.sha256(journal.canonical(rows).encode()).hexdigest()


_EMPTY = hashlib.sha256(journal.canonical([]).encode()).hexdigest()


def broken(database: ShopDatabase) -> Iterator[str]:
    """Yield, in words, each table that is not as the journal says that it was left.

    One that was never sealed is a newer program's, and empty until it is first changed.
    """
    for table, digest in digests(database, SEALED).items():
        kept = database.value(
            "SELECT json_extract(detail, '$.seals.' || ?1) AS seal FROM journal "
            "WHERE json_extract(detail, '$.seals.' || ?1) IS NOT NULL ORDER BY seq DESC LIMIT 1",
            (table,),
        )
        if (kept or _EMPTY) != digest:
            yield _("the table {table} was changed past the program").format(table=table)
