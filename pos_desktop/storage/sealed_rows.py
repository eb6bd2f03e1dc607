"""The rows that bear seals (see `row_seals`): which do not fit theirs, and many put in at once."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence

from pos_desktop.domain.errors import Unavailable
from pos_desktop.domain.text import _
from pos_desktop.storage.database import ShopDatabase
from pos_desktop.storage.migrations import SEALED, columns_of
from pos_desktop.storage.row_seals import SEAL, Sealed


def sealed_table(database: ShopDatabase, table: str) -> Sealed:
    """Return a table as its seals see it."""
    return Sealed.of(table, columns_of(database, table))


def insert_sealed(
    database: ShopDatabase,
    table: str,
    names: Sequence[str],
    rows: Sequence[Sequence[object]],
    conflict: str = "",
) -> None:
    """Insert very many rows of these columns, each with its seal.

    The trigger would do it too, and write each row twice. `conflict` is the statement's clause for
    a row that is there.
    """
    if rows:
        sql = f"{sealed_table(database, table).insertion(names)} {conflict}"
        database.executemany(sql, rows)


def broken(database: ShopDatabase) -> Iterator[str]:
    """Yield, in words, each row that does not bear the seal of its values."""
    for table in SEALED:
        try:
            yield from _broken_of(database, table)
        except (sqlite3.DatabaseError, Unavailable) as error:
            yield _("the rows of {table} cannot be read: {why}").format(table=table, why=error)


def _broken_of(database: ShopDatabase, table: str) -> Iterator[str]:
    sealed = sealed_table(database, table)
    keys = ", ".join(f"CAST({name} AS BLOB)" for name in sealed.key)
    rows = database.connection().execute(
        f"SELECT {keys} FROM {table} WHERE {SEAL} <> {SEAL}({sealed.values()})"
    )
    for row in rows:
        key = " ".join(bytes(part or b"").decode(errors="replace") for part in row)
        yield _("the row {key} of {table} does not bear its seal").format(key=key, table=table)
