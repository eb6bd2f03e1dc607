"""What time, a bad disk and a careless hand do to a shop's folder, each time in another way."""

from __future__ import annotations

import random
import shutil
import sqlite3
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pos_desktop.shop_folder import DATABASE_FILE, HEAD_FILE, SECRETS_FILE

PAGE = 4096
WAL = f"{DATABASE_FILE}-wal"
Rows = dict[str, Counter[tuple[Any, ...]]]


@dataclass(frozen=True)
class Damage:
    """What was done: of which kind, and in words."""

    kind: str
    words: str


def kind_of_damage(chance: random.Random) -> str:
    """Return of which kind the next one is; those of the log are for a shop that has one."""
    return chance.choices(list(_KINDS), weights=[weight for weight, _act in _KINDS.values()])[0]


def damage(directory: Path, older: Path, kind: str, chance: random.Random) -> Damage:
    """Do one thing to a shop that nobody has open; `older` is a copy from before its last sales."""
    return Damage(kind, _KINDS[kind][1](directory, older, chance))


def _flip(directory: Path, _older: Path, chance: random.Random) -> str:
    return _spoil(directory / DATABASE_FILE, chance, 1)


def _flip_some(directory: Path, _older: Path, chance: random.Random) -> str:
    return _spoil(directory / DATABASE_FILE, chance, chance.choice((4, 64, 512)))


def _flip_header(directory: Path, _older: Path, chance: random.Random) -> str:
    return _spoil(directory / DATABASE_FILE, chance, 1, end=100)


def _spoil(file: Path, chance: random.Random, size: int, end: int = 0) -> str:
    """Spoil bytes where something stands."""
    content = bytearray(file.read_bytes())
    used = [at for at, byte in enumerate(content[: end or None]) if byte]
    at = min(chance.choice(used), (end or len(content)) - size)
    for place in range(at, at + size):
        content[place] ^= chance.randint(1, 255)
    file.write_bytes(content)
    return f"{size} bytes at {at} (page {at // PAGE + 1})"


def _blank_page(directory: Path, _older: Path, chance: random.Random) -> str:
    file = directory / DATABASE_FILE
    content = bytearray(file.read_bytes())
    number = chance.randrange(len(content) // PAGE)
    content[number * PAGE : (number + 1) * PAGE] = bytes(PAGE)
    file.write_bytes(content)
    return f"page {number + 1} blank"


def _cut(directory: Path, _older: Path, chance: random.Random) -> str:
    file = directory / DATABASE_FILE
    size = chance.randrange(file.stat().st_size)
    with file.open("rb+") as opened:
        opened.truncate(size)
    return f"cut to {size} bytes"


def _lose_log(directory: Path, _older: Path, _chance: random.Random) -> str:
    (directory / WAL).unlink()
    return "the log is gone"


def _spoil_log(directory: Path, _older: Path, chance: random.Random) -> str:
    return "log: " + _spoil(directory / WAL, chance, chance.choice((1, 512)))


def _put_older(directory: Path, older: Path, _chance: random.Random) -> str:
    shutil.copy(older / DATABASE_FILE, directory / DATABASE_FILE)
    return "an older file"


def _spoil_beside(directory: Path, _older: Path, chance: random.Random) -> str:
    name = chance.choice((HEAD_FILE, SECRETS_FILE))
    if chance.random() < 0.5:
        (directory / name).unlink()
        return f"{name} is gone"
    return f"{name}: " + _spoil(directory / name, chance, 1)


_KINDS: dict[str, tuple[int, Callable[[Path, Path, random.Random], str]]] = {
    "a byte flipped": (6, _flip),
    "bytes flipped": (4, _flip_some),
    "header flipped": (1, _flip_header),
    "page blank": (3, _blank_page),
    "cut short": (2, _cut),
    "log lost": (1, _lose_log),
    "log spoilt": (2, _spoil_log),
    "older file": (1, _put_older),
    "head or keys": (1, _spoil_beside),
}
"""Each kind, and how often it comes."""


def rows_of(file: Path) -> Rows:
    """Return the rows of each table, as often as they are there; the schema has its own check."""
    with closing(sqlite3.connect(file)) as connection:
        connection.text_factory = lambda text: text.decode(errors="surrogateescape")
        tables = [
            name
            for (name,) in connection.execute(
                "SELECT name FROM pragma_table_list WHERE schema = 'main' "
                "AND type IN ('table', 'shadow') AND name <> 'sqlite_schema'"
            )
        ]
        return {name: Counter(connection.execute(f"SELECT * FROM {name}")) for name in tables}


def columns_of(file: Path, table: str) -> list[tuple[str, str]]:
    """Return name and kind of each column of a table."""
    with closing(sqlite3.connect(file)) as connection:
        return [(row[1], row[2]) for row in connection.execute(f"PRAGMA table_info({table})")]


def changed_values(file: Path, before: Rows, after: Rows) -> list[tuple[str, str, str]]:
    """Return table, column and kind of each value that is another one than before.

    A row that is gone or came is told with an empty column.
    """
    found = []
    for table in before:
        gone = sorted((before[table] - after[table]).elements(), key=repr)
        come = sorted((after[table] - before[table]).elements(), key=repr)
        columns = columns_of(file, table)
        if len(gone) != len(come):
            found.append((table, "", "ROW"))
        for old, new in zip(gone, come, strict=False):
            found += [
                (table, name, kind)
                for (name, kind), one, other in zip(columns, old, new, strict=True)
                if one != other
            ]
    return found
