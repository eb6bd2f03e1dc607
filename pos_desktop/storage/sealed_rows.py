"""The rows that bear seals (see `row_seals`): which do not fit theirs, and many put in at once."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence

from pos_desktop.domain.errors import Refused, Unavailable
from pos_desktop.domain.text import _
from pos_desktop.storage import seals
from pos_desktop.storage.books import Books
from pos_desktop.storage.database import Row, ShopDatabase
from pos_desktop.storage.migrations import SEALED, columns_of
from pos_desktop.storage.row_seals import SEAL, Sealed

_SECRET = frozenset({"pin_hash", "token", "seal", "payload"})
"""Columns that are shown to nobody."""


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


def count_broken(database: ShopDatabase, table: str) -> int:
    """Return how many rows of a table do not bear their seal."""
    sql = f"SELECT count(*) FROM {table} WHERE {_is_broken(sealed_table(database, table))}"
    return int(database.value(sql))


def _is_broken(table: Sealed) -> str:
    return f"{SEAL} <> {SEAL}({table.values()})"


def broken_row(database: ShopDatabase, table: str, key: Sequence[str]) -> Row:
    """Return a row that does not bear its seal, without what is secret in it.

    Raises Refused where there is none, or it bears it.
    """
    if table not in SEALED:
        raise Refused(_("Rows of {table} bear no seals.").format(table=table))
    sealed = sealed_table(database, table)
    if len(key) != len(sealed.key):
        names = " ".join(sealed.key).upper()
        raise Refused(_("A row of {table} is named by {names}.").format(table=table, names=names))
    names = ", ".join(name for name, _kind, _default in sealed.columns if name not in _SECRET)
    found = database.row(
        f"SELECT {names} FROM {table} WHERE {_has_key(sealed)} AND {_is_broken(sealed)}", key
    )
    if found is None:
        raise Refused(
            _("No row {key} of {table} lacks its seal: see posctl verify.").format(
                key=" ".join(key), table=table
            )
        )
    return found


def seal_anew(database: ShopDatabase, books: Books, table: str, key: Sequence[str]) -> None:
    """Seal a row as it is, inside the caller's transaction: somebody has looked at all of it."""
    sealed = sealed_table(database, table)
    database.execute_sql(
        f"UPDATE {table} SET {SEAL} = {SEAL}({sealed.values()}) WHERE {_has_key(sealed)}", key
    )
    books.note(
        "row sealed",
        actor_id=None,
        detail={"table": table, "key": list(key)},
        sealed=[table] if table in seals.SEALED else [],
    )


def _has_key(table: Sealed) -> str:
    return " AND ".join(f"{name} = ?" for name in table.key)


def broken(database: ShopDatabase, tables: Iterable[str] = SEALED) -> Iterator[str]:
    """Yield, in words, each row of these tables that does not bear the seal of its values."""
    for table in tables:
        try:
            yield from _broken_of(database, table)
        except (sqlite3.DatabaseError, Unavailable) as error:
            yield _("the rows of {table} cannot be read: {why}").format(table=table, why=error)


def _broken_of(database: ShopDatabase, table: str) -> Iterator[str]:
    sealed = sealed_table(database, table)
    keys = ", ".join(f"CAST({name} AS BLOB)" for name in sealed.key)
    rows = database.connection().execute(f"SELECT {keys} FROM {table} WHERE {_is_broken(sealed)}")
    for row in rows:
        key = " ".join(bytes(part or b"").decode(errors="replace") for part in row)
        yield _("the row {key} of {table} does not bear its seal").format(key=key, table=table)
