"""What a shop is made of is put aside before something better takes its place.

Each time into a folder of its own below `damaged`; nothing there is ever removed or written over,
once it is all that there is of it.
"""

from __future__ import annotations

import logging
import os
import shutil
from pathlib import Path

from pos_desktop.disk import sync_folder
from pos_desktop.domain.clock import Clock
from pos_desktop.shop_folder import (
    DAMAGED_FOLDER,
    DATABASE_FILE,
    OWN_FILES,
    folder,
    free_name,
    make_folder,
)
from pos_desktop.storage.raw_pages import copy_readable
from pos_desktop.storage.salvage import tills_in

log = logging.getLogger(__name__)


def put_aside(directory: Path, clock: Clock) -> Path:
    """Keep what the shop is made of in a folder of its own too, for good; return that folder.

    Nothing leaves its place. Where that fails the folder goes again.
    """
    aside = folder_aside(directory, clock)
    try:
        for name in OWN_FILES:
            if (directory / name).exists():
                _keep(directory / name, aside / name)
        sync_folder(aside)
        sync_folder(aside.parent)
    except BaseException:
        shutil.rmtree(aside, ignore_errors=True)
        raise
    return aside


def codes_given_out(directory: Path) -> set[str]:
    """Return the codes of the till whose file is here, and of those that were put aside here."""
    known = tills_in(directory / DATABASE_FILE) | tills_aside(directory)
    return {code for _shop_id, code in known}


def tills_aside(directory: Path) -> set[tuple[str, str]]:
    """Return the shop's id and the code of each till whose files were put aside here."""
    aside = (directory / DAMAGED_FOLDER).glob(f"*/{DATABASE_FILE}")
    return set().union(*map(tills_in, aside))


def folder_aside(directory: Path, clock: Clock) -> Path:
    """Make a folder for what is put aside now."""
    path = free_name(folder(directory, DAMAGED_FOLDER), f"{clock.now():%Y%m%d-%H%M%S}")
    make_folder(path, directory)
    return path


def _keep(file: Path, target: Path) -> None:
    """Give a file a second name; where the disk knows none, copy what can be read of it."""
    try:
        os.link(file, target)
    except OSError:
        lost = copy_readable(file, target)
        shutil.copystat(file, target)
        if lost:
            log.warning("the disk does not give %s bytes of %s", lost, file.name)
        with target.open("rb+") as copy:
            os.fsync(copy.fileno())
