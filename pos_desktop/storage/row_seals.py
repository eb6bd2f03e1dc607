"""A seal on each row that no journal covers, so that `verify` notices whatever rots in the file.

A seal is the CRC-32 of a row's values, kept in the row by triggers. It is against rot, not against
people: whoever edits the file can make one; what must not be edited unseen is for the journal.
SQLite has no such sum, so that the triggers ask this program: a connection without `register`
cannot write to a sealed table.

An UPDATE changes the seal by what it changes in the row, whose other values are not looked at. So
what was spoilt before comes under no right seal when something beside it is changed.
"""

from __future__ import annotations

import marshal
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from zlib import crc32

SEAL = "row_seal"
"""The column, and the function that says what stands in it."""
RESEAL = "row_reseal"
_MARK = 1 << 32
"""Stands in each seal, so that all take the same room in a record."""
UNSEALED = 1 << 33
"""Stands in a new row until its trigger seals it, and takes that room too: the seal goes into the
row as it lies, however long it is. No values have it as their seal."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """A table as its seals see it: its columns besides the seal, in order, and its key."""

    name: str
    columns: tuple[tuple[str, str, str], ...]
    """Name, type and default (as SQL)."""
    key: tuple[str, ...]

    @classmethod
    def of(cls, name: str, info: Iterable[Sequence[Any]]) -> Sealed:
        """Return a table from the rows of `PRAGMA table_info`."""
        rows = [row for row in info if row[1] != SEAL]
        key = sorted((row[5], row[1]) for row in rows if row[5])
        columns = tuple((row[1], row[2], row[4] or "NULL") for row in rows)
        return cls(name, columns, tuple(column for _place, column in key))

    def values(self, prefix: str = "") -> str:
        """Return the values of a row, as the functions take them."""
        return ", ".join(_bytes(prefix + name, kind) for name, kind, _default in self.columns)

    def insertion(self, names: Sequence[str]) -> str:
        """Return the statement that inserts rows of these columns with their seals."""
        marks = {name: f"?{place}" for place, name in enumerate(names, start=1)}
        values = ", ".join(
            _bytes(marks.get(name, default), kind) for name, kind, default in self.columns
        )
        return (
            f"INSERT INTO {self.name} ({', '.join(names)}, {SEAL}) "
            f"VALUES ({', '.join(marks.values())}, {SEAL}({values}))"
        )


def _bytes(value: str, kind: str) -> str:
    """Return a value as the functions take it: a text by its bytes, since a spoilt one is none."""
    return f"CAST({value} AS BLOB)" if kind == "TEXT" else value


def seal(*values: Any) -> int:
    """Return the seal of the values of a row: integers, floats, None, and texts as bytes.

    The second format of `marshal` is the same in every Python, and takes a quarter of `repr`.
    """
    return _MARK | crc32(marshal.dumps(values, 2))


def seal_of(values: Iterable[Any]) -> int:
    """Return the seal of values whose texts are texts, as they are read past SQLite."""
    return seal(*(value.encode() if isinstance(value, str) else value for value in values))


def reseal(kept: int, *values: Any) -> int:
    """Return the seal of a row that bore one and is changed: its old values, then its new ones."""
    half = len(values) // 2
    return kept ^ seal(*values[:half]) ^ seal(*values[half:])


def register(connection: sqlite3.Connection) -> None:
    """Let a connection write to sealed tables."""
    connection.create_function(SEAL, -1, seal, deterministic=True)
    connection.create_function(RESEAL, -1, reseal, deterministic=True)


def room_for_seals(table: str) -> str:
    """Return the statement that gives a table the column for its seals.

    All tables get theirs before the first trigger: each such statement reads the whole schema.
    """
    return f"ALTER TABLE {table} ADD COLUMN {SEAL} INTEGER NOT NULL DEFAULT {UNSEALED}"


def sealing(table: Sealed, *, is_append_only: bool) -> Iterator[str]:
    """Yield the statements that seal the rows of a table, and keep doing it."""
    names = ", ".join(name for name, _kind, _default in table.columns)
    if is_append_only:
        yield f"DROP TRIGGER {table.name}_no_update"
        yield (
            f"CREATE TRIGGER {table.name}_no_update BEFORE UPDATE OF {names} ON {table.name} "
            f"BEGIN SELECT RAISE(ABORT, '{table.name} is append-only'); END"
        )
    yield f"UPDATE {table.name} SET {SEAL} = {SEAL}({table.values()})"
    where = " AND ".join(f"{name} = NEW.{name}" for name in table.key)
    yield (
        f"CREATE TRIGGER {table.name}_sealed AFTER INSERT ON {table.name} "
        f"WHEN NEW.{SEAL} = {UNSEALED} BEGIN UPDATE {table.name} "
        f"SET {SEAL} = {SEAL}({table.values()}) WHERE {where}; END"
    )
    if not is_append_only:
        yield (
            f"CREATE TRIGGER {table.name}_resealed AFTER UPDATE OF {names} ON {table.name} "
            f"WHEN NEW.{SEAL} = OLD.{SEAL} BEGIN UPDATE {table.name} "
            f"SET {SEAL} = {RESEAL}(OLD.{SEAL}, {table.values('OLD.')}, {table.values('NEW.')}) "
            f"WHERE {where}; END"
        )
