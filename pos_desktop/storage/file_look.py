"""What can be said of the shop's file without writing to it: the engine, the pages, the log."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import peewee

from pos_desktop.domain.clock import SystemClock
from pos_desktop.domain.errors import Unavailable
from pos_desktop.shop_folder import DATABASE_FILE, check_shop_exists, is_arriving, log_of
from pos_desktop.storage.database import ReadOnlyDatabase, ShopDatabase
from pos_desktop.storage.errors import FileUnusable
from pos_desktop.storage.migrations import has_its_schema

LEAST_ENGINE = (3, 37, 0)
"""From this version on SQLite knows STRICT tables."""
_LOOK_EVERY = 20_000
"""Steps of the engine between two looks at the clock: some milliseconds."""
_MOST_FAULTS = 5


def engine_version() -> str:
    """Return which SQLite this is."""
    return sqlite3.sqlite_version


def engine_is_old() -> bool:
    """Tell whether this SQLite cannot keep a shop."""
    return sqlite3.sqlite_version_info < LEAST_ENGINE


def check_shop_file(directory: Path) -> None:
    """Raise what stands in the way of opening a shop, as far as that is seen from outside.

    A file without a byte would be taken for one in which a shop may be made. Of a shop that is
    moving in nothing is in the way: it has done so once one is through the door.
    """
    check_shop_exists(directory)
    if not is_arriving(directory) and not (directory / DATABASE_FILE).stat().st_size:
        raise FileUnusable


def schema_is_spoilt(file: Path) -> bool:
    """Tell whether a table, an index or a trigger of a file is not there as it was made.

    A word that rots in the schema makes statements fail as a mistake of ours would.
    """
    try:
        with closing(ReadOnlyDatabase(file, SystemClock())) as database:
            return not has_its_schema(database)
    except (sqlite3.Error, peewee.PeeweeException, Unavailable):
        return True


def journal_mode(database: ShopDatabase) -> str:
    """Return how the file is written: `wal` for every shop."""
    return str(database.value("PRAGMA journal_mode"))


def log_file(database: ShopDatabase) -> Path:
    """Return where the log of the file lies while somebody has it open."""
    return log_of(database.path)


def page_faults(database: ShopDatabase, seconds: float) -> list[str] | None:
    """Return what is wrong in the pages of the file; None where the time was too short to tell.

    Indexes are not compared with their tables, which takes far longer: `posctl verify` does it.
    """
    connection = database.connection()
    ends = database.clock.monotonic() + seconds
    connection.set_progress_handler(lambda: database.clock.monotonic() > ends, _LOOK_EVERY)
    try:
        rows = connection.execute(f"PRAGMA quick_check({_MOST_FAULTS})").fetchall()
    except (sqlite3.OperationalError, peewee.OperationalError) as error:
        if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_INTERRUPT:
            return None
        raise
    finally:
        connection.set_progress_handler(None, 0)
    return [row[0] for row in rows if row[0] != "ok"]
