"""The rows of facts as the journal's digests are made of them: all of them fast, or one by one.

A digest covers the canonical JSON of a fact's rows (see `journal.rows_digest`). For a year of
facts SQLite writes that JSON itself, which takes half the time and leaves Python's other threads
alone. Where such a digest does not fit, the fact is looked at again row by row: only that decides.
"""

from __future__ import annotations

import hashlib
import heapq
import itertools
from collections.abc import Iterator
from operator import itemgetter

from pos_desktop.domain.ids import Id
from pos_desktop.storage.books import FACT_TABLES
from pos_desktop.storage.database import Row, ShopDatabase
from pos_desktop.storage.stretch import WHOLE, Stretch

_ENVELOPE = ("at", "business_day", "epoch", "id", "kind", "origin", "seq", "version")
"""What a digest covers of a fact's own row, in order: `sent_at` is the network's."""


def digests(database: ShopDatabase, stretch: Stretch = WHOLE) -> Iterator[tuple[Id, str]]:
    """Yield each fact of which there is any row, and the digest of its rows, by its id."""
    streams = [_texts(database, "fact", _ENVELOPE, "id", stretch)]
    for table, (key, _order) in FACT_TABLES.items():
        streams.append(_texts(database, table, _columns(database, table), key, stretch))
    merged = heapq.merge(*streams, key=itemgetter(0, 1))
    for fact_id, parts in itertools.groupby(merged, key=itemgetter(0)):
        tables = ",".join(f'"{table}":[{rows}]' for _id, table, rows in parts)
        yield fact_id, hashlib.sha256(f"{{{tables}}}".encode()).hexdigest()


def _columns(database: ShopDatabase, table: str) -> tuple[str, ...]:
    return tuple(sorted(row["name"] for row in database.rows(f"PRAGMA table_info({table})")))


def _texts(
    database: ShopDatabase, table: str, columns: tuple[str, ...], key: str, stretch: Stretch
) -> Iterator[tuple[Id, str, str]]:
    """Yield the rows of each fact in a table as JSON; columns that are NULL do not count.

    The primary key of each table begins with the fact and then orders its rows: SQLite walks
    along it, and sorts nothing.
    """
    pairs = ", ".join(f"'{column}', {column}" for column in columns)
    cursor = database.connection().execute(
        f"SELECT {key}, group_concat(json_patch('{{}}', json_object({pairs}))) FROM {table} "
        f"WHERE {stretch.has(key)} GROUP BY {key} ORDER BY {key}",
        stretch.bound,
    )
    for fact_id, rows in cursor:
        yield fact_id, table, rows


def rows_of(database: ShopDatabase, fact_id: Id) -> dict[str, list[Row]]:
    """Return the rows of one fact by table, as they were when its digest was made."""
    found = {
        "fact": database.rows(f"SELECT {', '.join(_ENVELOPE)} FROM fact WHERE id = ?", (fact_id,))
    }
    for table, (key, order) in FACT_TABLES.items():
        by = order or key
        found[table] = database.rows(
            f"SELECT * FROM {table} WHERE {key} = ? ORDER BY {by}", (fact_id,)
        )
    return {table: rows for table, rows in found.items() if rows}
