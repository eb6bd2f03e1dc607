"""A shop comes about in a hidden folder of its place, and moves in once it is whole.

A kill before that leaves a part, which the next one sweeps away; what was in the place before is
untouched. From then on the new shop is there: what a kill leaves on the way is moved in by whoever
opens the shop next.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pos_desktop.disk import sync_folder
from pos_desktop.domain.clock import Clock
from pos_desktop.domain.ids import Ids
from pos_desktop.shop_door import finish_arrival, through_the_door
from pos_desktop.shop_folder import (
    ARRIVING_FOLDER,
    DATABASE_FILE,
    HEAD_FILE,
    MOVED_FILES,
    file_mode,
    make_folder,
)
from pos_desktop.shop_leavings import sweep_parts
from pos_desktop.shops.put_aside import put_aside


@contextmanager
def made_beside(directory: Path, beginning: str, clock: Clock) -> Iterator[Path]:
    """Give a folder in which a shop comes about, with a name of this beginning; it goes afterwards.

    What a kill has left of an earlier one goes first: two at once are kept apart by a lock.
    """
    sweep_parts(directory, beginning)
    making = directory / f"{beginning}{Ids(clock).new()}"
    make_folder(making, directory)
    try:
        yield making
    finally:
        shutil.rmtree(making, ignore_errors=True)


def move_in(making: Path, directory: Path) -> None:
    """Let a whole shop move into a place where none is."""
    _bring_to_the_disk(making, directory)
    _begin_to_arrive(making, directory)
    with through_the_door(directory):
        pass  # it has moved in then: by us, or by whoever was quicker to open it


def take_place(making: Path, directory: Path, clock: Clock) -> Path:
    """Let a whole shop take the place of what is there, which is put aside; return where that lies.

    Only for who has shut the door.
    Keys stay where the new shop brings none. Where it fails before all of that is aside and the new
    shop begins to move, nothing has changed; after that whoever opens the shop goes on with it.
    """
    _bring_to_the_disk(making, directory)
    aside = put_aside(directory, clock)
    try:
        _begin_to_arrive(making, directory)
    except BaseException:
        shutil.rmtree(aside, ignore_errors=True)
        raise
    finish_arrival(directory)
    return aside


def _bring_to_the_disk(making: Path, directory: Path) -> None:
    for name in (DATABASE_FILE, HEAD_FILE):
        if (making / name).exists():
            (making / name).chmod(file_mode(directory))
    for name in MOVED_FILES:
        if (making / name).exists():
            with (making / name).open("rb+") as file:
                os.fsync(file.fileno())
    sync_folder(making)


def _begin_to_arrive(making: Path, directory: Path) -> None:
    """Give a shop the name by which it is there for everybody; never over another that arrives."""
    making.replace(directory / ARRIVING_FOLDER)
    sync_folder(directory)
