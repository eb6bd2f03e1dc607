"""The journal: every money fact and every controlled act, chained by an HMAC.

An entry's seal covers its content and the seal before it, and the digest in it covers the rows
of its fact, so that an edit, a removal and an insertion anywhere are found (see `verify`). People
appear by id only: a person's name can be erased without breaking the chain.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pos_desktop.domain.ids import Id
from pos_desktop.storage.database import Row, ShopDatabase

FIRST_SEAL = "0" * 64


@dataclass(frozen=True)
class Entry:
    """One entry before it is sealed; `at` in milliseconds UTC."""

    seq: int
    at: int
    kind: str
    actor_id: Id | None
    approver_id: Id | None
    fact_id: Id | None
    detail: str
    digest: str | None


def canonical(value: Any) -> str:
    """Return the one JSON text of a value: sorted keys, no spaces."""
    return _encode(value)


_encode = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode


def rows_digest(tables: Mapping[str, Sequence[Row]]) -> str:
    """Return the digest of a fact's rows by table, those of a table in the order of their number.

    Columns that are NULL do not count, so that a column added later changes no digest.
    """
    filled = {table: [_filled(row) for row in rows] for table, rows in tables.items() if rows}
    return hashlib.sha256(canonical(filled).encode()).hexdigest()


def _filled(row: Row) -> Row:
    if None not in row.values():
        return row
    return {name: value for name, value in row.items() if value is not None}


def seal(key: bytes, previous: str, entry: Entry) -> str:
    """Return the seal of an entry that follows the entry with the seal `previous`."""
    text = canonical([previous, *vars(entry).values()])
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def last_entry(database: ShopDatabase) -> tuple[int, str]:
    """Return the number and seal of the last entry; before the first 0 and a seal of zeros."""
    last = database.row("SELECT seq, mac FROM journal ORDER BY seq DESC LIMIT 1")
    return (last["seq"], last["mac"]) if last else (0, FIRST_SEAL)


def first_said(database: ShopDatabase, kind: str, name: str) -> Any:
    """Return what the details of the first entry of a kind that has such a name say; else None."""
    return database.value(
        "SELECT json_extract(detail, '$.' || ?2) FROM journal WHERE kind = ?1 "
        "AND json_extract(detail, '$.' || ?2) IS NOT NULL ORDER BY seq LIMIT 1",
        (kind, name),
    )


def was_ever_set(database: ShopDatabase, key: str, value: str) -> bool:
    """Tell whether a setting ever had a value, as far as the journal is there."""
    sql = (
        "SELECT count(*) FROM journal WHERE kind = 'setting' "
        "AND json_extract(detail, '$.key') = ? AND json_extract(detail, '$.value') = ?"
    )
    return bool(database.value(sql, (key, value)))


def is_sealed_by(database: ShopDatabase, key: bytes) -> bool:
    """Tell whether some of the last entries bear seals of a key; True where there is none yet."""
    rows = database.rows("SELECT * FROM journal ORDER BY seq DESC LIMIT 20")
    seals = [row.pop("mac") for row in rows]
    entries = [Entry(**row) for row in rows]
    if entries and entries[-1].seq == 1:
        seals.append(FIRST_SEAL)
    pairs = list(zip(entries, seals, seals[1:], strict=False))
    return not rows or any(seal(key, before, entry) == mac for entry, mac, before in pairs)


def kind_of(database: ShopDatabase, seq: int) -> str | None:
    """Return the kind of the entry of a number, or None where there is no such entry."""
    found = database.value("SELECT kind FROM journal WHERE seq = ?", (seq,))
    return None if found is None else str(found)


def append(
    database: ShopDatabase,
    key: bytes,
    *,
    at: int,
    kind: str,
    actor_id: Id | None,
    approver_id: Id | None = None,
    fact_id: Id | None = None,
    detail: Mapping[str, Any] | None = None,
    digest: str | None = None,
) -> tuple[int, str]:
    """Add an entry inside the caller's transaction; return its number and seal."""
    seq, previous = last_entry(database)
    entry = Entry(
        seq + 1, at, kind, actor_id, approver_id, fact_id, canonical(detail or {}), digest
    )
    mac = seal(key, previous, entry)
    database.insert("journal", [{**vars(entry), "mac": mac}])
    return entry.seq, mac
