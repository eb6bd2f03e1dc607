"""The door of a shop: who opens its file goes through it, and who puts another there shuts it.

Everybody holds the door until their connection is there, which is seen on the file from then on. So
whoever has shut the door, and finds the file open nowhere, is alone with it until they let go: no
program can write into a file that is being put aside.

A shop that moves in (`shops.made_beside`) does so behind the door too: where a kill has broken that
off, whoever comes next goes on with it before they open anything.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from pos_desktop.disk import sync_folder
from pos_desktop.domain.errors import AnotherRuns, Refused, Unavailable
from pos_desktop.domain.text import _
from pos_desktop.lock_names import BRINGING_BACK, DOOR
from pos_desktop.shop_folder import (
    ARRIVING_FOLDER,
    DATABASE_FILE,
    LOCKS_FOLDER,
    LOG_FILES,
    MOVED_FILES,
    MayNotEnter,
    file_mode,
    folder,
    how_to_enter,
)
from pos_desktop.storage.errors import FileBusy, disk_told

OPEN_SECONDS = 150.0
"""How long one waits to open a shop: as long as another one may wait for an upgrade, and more."""
SHUT_SECONDS = 15.0
"""How long one waits for those who are opening the shop, before it counts as open elsewhere."""
_POLL_SECONDS = 0.005


class BeingBroughtBack(AnotherRuns):
    """The shop is being brought back; wait until it is done."""


class OpenElsewhere(Refused):
    """Another program has the shop open: close every till and posctl of it, then try again."""


@contextmanager
def through_the_door(directory: Path) -> Iterator[None]:
    """Let nobody shut the door while a connection to the shop's file is made.

    Raises BeingBroughtBack while it is shut, FileBusy where others take too long to open the shop,
    and MayNotEnter.
    """
    with _held(directory, DOOR, OPEN_SECONDS, FileBusy):
        with _held(directory, BRINGING_BACK, 0, BeingBroughtBack):
            finish_arrival(directory)
        yield


@contextmanager
def door_shut(directory: Path) -> Iterator[None]:
    """Let nobody open the shop meanwhile; who has it open already is not asked.

    Raises BeingBroughtBack while another one has shut it, FileBusy where somebody opens it just now
    and takes long, and MayNotEnter.
    """
    with disk_told(directory):
        shut = _lock(directory, BRINGING_BACK, 0)
    with _held(directory, DOOR, SHUT_SECONDS, FileBusy):
        try:
            with disk_told(directory):
                shut.acquire()
        except Timeout as error:
            raise BeingBroughtBack from error
    try:
        finish_arrival(directory)
        yield
    finally:
        shut.release()


def finish_arrival(directory: Path) -> None:
    """Move in what is left of a shop that takes its place here: its file last, and the logs before.

    Only for who has the door. Raises Unavailable.
    """
    arriving = directory / ARRIVING_FOLDER
    try:
        if (arriving / DATABASE_FILE).exists():
            for name in LOG_FILES:
                (directory / name).unlink(missing_ok=True)
            for name in MOVED_FILES:
                if (arriving / name).exists():
                    (arriving / name).replace(directory / name)
            sync_folder(directory)
    except OSError as error:
        raise Unavailable(
            _(
                "The shop in {place} is back, but cannot move in ({why}). Mend that, then open it "
                "again."
            ).format(place=directory.absolute(), why=error.strerror or type(error).__name__)
        ) from error
    shutil.rmtree(arriving, ignore_errors=True)


def _lock(directory: Path, name: str, timeout: float) -> FileLock:
    path = folder(directory, LOCKS_FOLDER) / name
    return FileLock(path, mode=file_mode(directory), timeout=timeout, poll_interval=_POLL_SECONDS)


@contextmanager
def _held(
    directory: Path, name: str, timeout: float, otherwise: type[AnotherRuns | FileBusy]
) -> Iterator[None]:
    try:
        with disk_told(directory):
            lock = _lock(directory, name, timeout)
            lock.acquire()
    except Timeout as error:
        raise otherwise from error
    except PermissionError as error:
        raise MayNotEnter(how_to_enter(directory.absolute())) from error
    try:
        yield
    finally:
        lock.release()
