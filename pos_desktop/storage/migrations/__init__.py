"""The shop's file, step by step: numbered migrations, one step each, never edited.

A step is made of statements that a transaction can take back, and changes nothing that a
connection is set to (`PRAGMA foreign_keys` does nothing inside one).
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import closing
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

from pos_desktop.domain.clock import Clock, SystemClock
from pos_desktop.domain.errors import PosError, Unavailable
from pos_desktop.domain.text import _
from pos_desktop.storage import row_seals, sqlite_engine
from pos_desktop.storage.database import APPLICATION_ID, ShopDatabase, check_is_shop_file
from pos_desktop.storage.errors import FileTooNew, FileUnusable
from pos_desktop.storage.migrations import (
    m0001_first_sale,
    m0002_queue,
    m0003_goods,
    m0004_people_and_tenders,
    m0005_files_and_mail,
    m0006_takes_in_parts,
    m0007_partly_done,
    m0008_mpesa,
    m0009_mpesa_relay,
    m0010_row_seals,
)
from pos_desktop.storage.moments import to_stored

MIGRATIONS = (
    m0001_first_sale,
    m0002_queue,
    m0003_goods,
    m0004_people_and_tenders,
    m0005_files_and_mail,
    m0006_takes_in_parts,
    m0007_partly_done,
    m0008_mpesa,
    m0009_mpesa_relay,
    m0010_row_seals,
)
"""In order; the number of a migration is its place here, counted from one."""

LATEST = len(MIGRATIONS)

log = logging.getLogger(__name__)


class UpgradeFailed(Unavailable):
    """This version cannot take the shop's file over, which is as it was; call support."""


def version(database: ShopDatabase) -> int:
    """Return the number of the last migration the file has seen; 0 for an empty file."""
    if not database.value("SELECT count(*) FROM sqlite_master"):
        return 0
    check_is_shop_file(database)
    return int(database.value("SELECT max(number) FROM migration") or 0)


def is_of_this_version(database: ShopDatabase) -> bool:
    """Tell whether a file needs no upgrade.

    Raises FileTooNew for one of a newer version, FileUnusable for one that no version has made.
    """
    found = version(database)
    if found > LATEST:
        raise FileTooNew
    if not found:
        raise FileUnusable
    return found == LATEST


def migrate(database: ShopDatabase, clock: Clock) -> int:
    """Bring the file to the latest version and return how many steps that took.

    All steps are one transaction, and so is the look at what came of them: the file ends at the
    latest version, or it is as it was. Raises FileTooNew for a file of a newer program, and
    UpgradeFailed where a step fails; a full disk and the like as themselves. A file with a shop in
    it is upgraded by `shop_upgrade`, which keeps a copy first.
    """
    if version(database) == LATEST:
        return 0
    found = -1
    try:
        with database.write():
            found = version(database)
            if found > LATEST:
                raise FileTooNew
            _take_steps(database, clock, found)
    except PosError:
        raise
    except Exception as error:
        log.exception("the step from schema %s to %s failed", found, LATEST)
        raise UpgradeFailed from error
    return LATEST - found


def make_schema(database: ShopDatabase, clock: Clock, number: int) -> None:
    """Make an empty file that has seen so many steps, in the caller's transaction."""
    database.execute_sql(f"PRAGMA application_id = {APPLICATION_ID}")
    for step in range(1, number + 1):
        _step(database, clock, step)


def _take_steps(database: ShopDatabase, clock: Clock, found: int) -> None:
    """Take all steps in the caller's transaction; raise where they make no sound file."""
    if not found:
        make_schema(database, clock, LATEST)
        return
    before = set(schema_faults(database, found))
    for number in range(found + 1, LATEST + 1):
        _step(database, clock, number)
    if faults := set(schema_faults(database)) - before:
        raise ValueError(f"the steps made another schema: {sorted(faults)}")


def schema_faults(database: ShopDatabase, number: int | None = None) -> Iterator[str]:
    """Yield, in words, each table, index or trigger that is not as the migrations made it.

    `number` is the last migration that the file has seen, where that is not the latest.
    """
    wanted, found = _made_by(MIGRATIONS[: number or LATEST]), _schema(database)
    for name in sorted(wanted.keys() | found.keys()):
        if name not in found:
            yield _("{name} is missing").format(name=name)
        elif name not in wanted:
            yield _("{name} does not belong here").format(name=name)
        elif wanted[name] != found[name]:
            yield _("{name} was changed").format(name=name)


def has_its_schema(database: ShopDatabase) -> bool:
    """Tell whether each table, index and trigger is there, and as the migrations made it."""
    wanted, found = _made_by(MIGRATIONS[: version(database)]), _schema(database)
    return wanted.items() <= found.items()


@cache
def _made_by(steps: tuple[ModuleType, ...]) -> dict[str, str | None]:
    """Return the schema that steps make of nothing: a Z asks for it, and it takes 80 ms."""
    clock = SystemClock()
    with closing(ShopDatabase(Path(":memory:"), clock)) as fresh:
        with fresh.write():
            make_schema(fresh, clock, len(steps))
        return _schema(fresh)


def _schema(database: ShopDatabase) -> dict[str, str | None]:
    """Return the statements that made the file by name, besides what SQLite keeps for itself."""
    rows = database.rows(
        "SELECT type || ' ' || name AS name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' "
        "AND name NOT IN (SELECT name FROM pragma_table_list WHERE type = 'shadow')"
    )
    return {row["name"]: row["sql"] for row in rows}


def _step(database: ShopDatabase, clock: Clock, number: int) -> None:
    """Take one step in the caller's transaction."""
    migration = MIGRATIONS[number - 1]
    if number == 1:
        database.execute_sql(_MIGRATION_TABLE)
    for statement in sqlite_engine.ddl(migration.SCHEMA):
        database.execute_sql(statement)
    for table in migration.APPEND_ONLY:
        for statement in sqlite_engine.append_only(table):
            database.execute_sql(statement)
    for statement in migration.SEARCH:
        database.execute_sql(statement)
    _seal(database, getattr(migration, "SEALED", ()))
    database.execute_sql(
        "INSERT INTO migration (number, name, applied_at) VALUES (?, ?, ?)",
        (number, migration.NAME, to_stored(clock.now())),
    )


def _seal(database: ShopDatabase, tables: Sequence[str]) -> None:
    """Give tables their seals, in the caller's transaction."""
    for table in tables:
        database.execute_sql(row_seals.room_for_seals(table))
    for table in tables:
        is_append_only = any(table in step.APPEND_ONLY for step in MIGRATIONS)
        sealed = row_seals.Sealed.of(table, columns_of(database, table))
        for statement in row_seals.sealing(sealed, is_append_only=is_append_only):
            database.execute_sql(statement)


def columns_of(database: ShopDatabase, table: str) -> list[tuple[Any, ...]]:
    """Return what SQLite says of each column of a table."""
    return list(database.execute_sql(f"PRAGMA table_info({table})").fetchall())


SEALED = tuple(table for step in MIGRATIONS for table in getattr(step, "SEALED", ()))
"""Tables each of whose rows bears a seal: see `row_seals`."""

_MIGRATION_TABLE = """
CREATE TABLE migration (
    number INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    applied_at INTEGER NOT NULL
) STRICT
"""
