"""What spoils a shop's file, and what is read out of one."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from pos_desktop.shop_folder import DATABASE_FILE
from pos_desktop.storage.database import ShopDatabase

PAGE = 4096


def rot(database: ShopDatabase, sql: str) -> None:
    """Change values as a bad disk does, which no trigger hears."""
    triggers = database.rows("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
    for row in triggers:
        database.execute_sql(f"DROP TRIGGER {row['name']}")
    database.execute_sql(sql)
    for row in triggers:
        database.execute_sql(row["sql"])


def root_of(directory: Path, name: str) -> int:
    with closing(sqlite3.connect(directory / DATABASE_FILE)) as connection:
        found = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (name,))
        return int(found.fetchone()[0])


def blank(directory: Path, page: int) -> None:
    """Leave nothing of a page."""
    with (directory / DATABASE_FILE).open("rb+") as file:
        file.seek((page - 1) * PAGE)
        file.write(bytes(PAGE))


def rows(file: Path, table: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(file)) as connection:
        return connection.execute(f"SELECT * FROM {table}").fetchall()
