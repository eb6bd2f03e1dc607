"""Whether a shop's file is damaged: each page is looked at where a program has met something."""

from __future__ import annotations

from contextlib import closing, nullcontext
from pathlib import Path

from pos_desktop.domain.clock import Clock, SystemClock
from pos_desktop.shop_door import through_the_door
from pos_desktop.shop_folder import DAMAGE_MARK, DATABASE_FILE, shop_exists
from pos_desktop.storage.database import ShopDatabase
from pos_desktop.storage.errors import FileUnusable
from pos_desktop.storage.file_look import check_shop_file
from pos_desktop.storage.migrations import is_of_this_version
from pos_desktop.storage.salvage import is_readable


def is_whole(directory: Path, clock: Clock, *, is_alone: bool = False) -> bool:
    """Tell whether each page of a shop's file can be read; the mark of damage goes where it can.

    Takes seconds for a large file. Raises BeingBroughtBack, unless the caller `is_alone`.
    """
    try:
        check_shop_file(directory)
        with closing(ShopDatabase(directory / DATABASE_FILE, clock)) as database:
            with nullcontext() if is_alone else through_the_door(directory):
                is_of_this_version(database)
            if not is_readable(database):
                return False
    except FileUnusable:
        return False
    (directory / DAMAGE_MARK).unlink(missing_ok=True)
    return True


def check_no_damage(directory: Path, clock: Clock | None = None) -> None:
    """Raise FileUnusable where a program has met damage before, and it is there indeed."""
    is_marked = (directory / DAMAGE_MARK).exists() and shop_exists(directory)
    if is_marked and not is_whole(directory, clock or SystemClock()):
        raise FileUnusable
