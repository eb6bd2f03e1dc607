"""The door of a shop: who opens its file goes through it, and who puts another there shuts it.

Everybody holds the door until their connection is there, which is seen on the file from then on. So
whoever has shut the door, and finds the file open nowhere, is alone with it until they let go: no
program can write into a file that is being put aside.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from pos_desktop.domain.errors import AnotherRuns
from pos_desktop.shop_folder import LOCKS_FOLDER, MayNotEnter, file_mode, folder, how_to_enter
from pos_desktop.storage.errors import FileBusy

OPEN_SECONDS = 150.0
"""How long one waits to open a shop: as long as another one may wait for an upgrade, and more."""
SHUT_SECONDS = 15.0
"""How long one waits for those who are opening the shop, before it counts as open elsewhere."""
_POLL_SECONDS = 0.005
_DOOR, _BRINGING_BACK = "door", "bringing-back"


class BeingBroughtBack(AnotherRuns):
    """The shop is being brought back; wait until it is done."""


@contextmanager
def through_the_door(directory: Path) -> Iterator[None]:
    """Let nobody shut the door while a connection to the shop's file is made.

    Raises BeingBroughtBack while it is shut, FileBusy where others take too long to open the shop,
    and MayNotEnter.
    """
    with _held(directory, _DOOR, OPEN_SECONDS, FileBusy):
        with _held(directory, _BRINGING_BACK, 0, BeingBroughtBack):
            pass
        yield


@contextmanager
def door_shut(directory: Path) -> Iterator[None]:
    """Let nobody open the shop meanwhile; who has it open already is not asked.

    Raises BeingBroughtBack while another one has shut it, FileBusy where somebody opens it just now
    and takes long, and MayNotEnter.
    """
    shut = _lock(directory, _BRINGING_BACK, 0)
    with _held(directory, _DOOR, SHUT_SECONDS, FileBusy):
        try:
            shut.acquire()
        except Timeout as error:
            raise BeingBroughtBack from error
    try:
        yield
    finally:
        shut.release()


def _lock(directory: Path, name: str, timeout: float) -> FileLock:
    path = folder(directory, LOCKS_FOLDER) / name
    return FileLock(path, mode=file_mode(directory), timeout=timeout, poll_interval=_POLL_SECONDS)


@contextmanager
def _held(
    directory: Path, name: str, timeout: float, otherwise: type[AnotherRuns | FileBusy]
) -> Iterator[None]:
    try:
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
