"""A copy of the shop's file as it was at one moment, taken while others write.

The pages are copied a few at a time, with a rest between, under one read transaction. SQLite
begins such a copy anew whenever another program writes, unless the connection holds a view of its
own: with one it is done in the time that its pages take, however much is sold meanwhile. Only the
log grows by what is written until then.
"""

from __future__ import annotations

import logging
import os
import sqlite3
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from pos_desktop.domain.progress import Progress
from pos_desktop.storage.database import ShopDatabase
from pos_desktop.storage.errors import FileUnusable, translated

log = logging.getLogger(__name__)

PAGES = 256
"""How many pages are copied at a time: a megabyte."""
REST_SECONDS = 0.002

"""Told how much is done, and of how much."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """By what a copy of a shop's file is known: its last entry, its receipts and their total."""

    journal: int
    receipts: int
    """Sales and refunds."""
    gross_cents: int
    refunds: int = field(default=0, compare=False)
    """Of the receipts; nothing that a copy is compared by, since earlier backups do not say it."""

    @property
    def sales(self) -> int:
        """How many of the receipts are sales, as reports count them."""
        return self.receipts - self.refunds


def take_snapshot(database: ShopDatabase, path: Path, progress: Progress) -> Counts:
    """Copy the file to a path where nothing is yet; return what stands in the copy.

    Raises DiskFull and the like. What `progress` raises ends the copy, whose part stays.
    """
    clock = database.clock

    def told(_status: int, left: int, total: int) -> None:
        progress(total - left, total)
        clock.sleep(REST_SECONDS)

    with translated(database.path), database.atomic("DEFERRED"):
        found = counts(database)
        with closing(sqlite3.connect(path, isolation_level=None)) as copy:
            copy.execute("PRAGMA synchronous = OFF")
            database.connection().backup(copy, pages=PAGES, progress=told)
    return found


def copy_for_good(database: ShopDatabase, path: Path, progress: Progress) -> None:
    """Copy the file to a path as one whole file that is on the disk, and look at its pages.

    Raises FileUnusable where the copy is not sound, since the file itself is not.
    """
    wanted = take_snapshot(database, path, progress)
    with closing(ShopDatabase(path, database.clock)) as copy:
        faults = [row["quick_check"] for row in copy.rows("PRAGMA quick_check")]
        if faults != ["ok"] or counts(copy) != wanted:
            log.error("a copy of the shop's file is not sound: %s", faults[:5])
            raise FileUnusable
        copy.value("PRAGMA journal_mode = DELETE")
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def counts(database: ShopDatabase) -> Counts:
    """Return by what the file is known, as this connection sees it."""
    known = database.value(
        "SELECT count(*) FROM pragma_table_info('sale') WHERE name = 'is_refund'"
    )
    refunds = "count(is_refund)" if known else "count(NULL)"  # the first schemas had none
    row = database.row(
        "SELECT (SELECT coalesce(max(seq), 0) FROM journal) AS journal, "
        "(SELECT count(*) FROM sale) AS receipts, "
        f"(SELECT {refunds} FROM sale) AS refunds, "
        "(SELECT coalesce(sum(gross_cents), 0) FROM sale) AS gross_cents"
    )
    assert row is not None
    return Counts(**row)
