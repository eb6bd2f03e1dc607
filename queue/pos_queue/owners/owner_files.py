"""The lock files of the processes that run jobs: their names, and whether their locks are held.

A file is empty and named `<owner>.<port>`: on Windows nobody else can read what is locked, but
everybody can read a name. Its lock is held for as long as its process lives, and is free the
moment the process is dead, however it died.

Why nobody is taken for dead, and nothing of the living is removed:

- Two steps make a file, and between them its lock is free. Whoever comes in between takes the lock
  or removes the file; the maker finds that out by its own attempt (`make` returns None), and gives
  up that name before anybody has heard of it.
- A file is removed by whoever holds its lock. One that was open already and gets the lock later
  finds a file without a name, and leaves it (`_locked`).
- Names come back to nobody: each start has a new id. So no newcomer's file can stand where a dead
  one's is removed, which is what makes removing lock files dangerous elsewhere. Only a living owner
  whose file somebody removed makes it again in its old place; if it loses it once more to one that
  took it for dead meanwhile, its next check finds that out.

On Windows an open file cannot be removed, so the lock is let go first. If another one seizes the
file in between, the removal fails, and the other one removes it: its owner is dead all the same.

Locks are flock's and LockFileEx's, never lockf's, which any close of the file in the same process
would free. A child that was started by `subprocess` does not inherit them; one that was forked
without it would, and is made nowhere here.
"""

from __future__ import annotations

import os
import re
import sys
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from filelock import lock_descriptor

OWNER_ID = re.compile("[0-9A-Za-z_-]{1,64}")
_NAME = re.compile(rf"({OWNER_ID.pattern})\.(0|[1-9][0-9]{{0,4}})")
_LARGEST_PORT = 0xFFFF
_OPEN = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)


class OwnerFile(NamedTuple):
    """What the name of a lock file tells."""

    owner_id: str
    port: int
    """The UDP port that wakes the owner, 0 where nothing does."""

    def within(self, folder: Path) -> Path:
        """Return its place."""
        return folder / f"{self.owner_id}.{self.port}"


def owner_files(folder: Path) -> list[OwnerFile]:
    """Return the lock files of a folder, none where there is no folder; raises OSError."""
    try:
        names = os.listdir(folder)  # noqa: PTH208 - names are all that is wanted
    except FileNotFoundError:
        return []
    found = (_NAME.fullmatch(name) for name in names)
    files = [OwnerFile(match[1], int(match[2])) for match in found if match]
    return [file for file in files if file.port <= _LARGEST_PORT]


def make(path: Path, mode: int) -> int | None:
    """Make a file and take its lock; returns the descriptor that holds it.

    None where another process came in between, or the file is there already. Raises OSError.
    """
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | _OPEN, mode)
    except FileExistsError:
        return None
    held = None
    try:
        _set_rights(descriptor, mode)
        held = _locked(descriptor)
    finally:
        if held is None:
            with suppress(OSError):
                path.unlink()
    return held


def seize(path: Path) -> int | None:
    """Take the lock of a file that nobody holds; returns the descriptor that holds it.

    None where it is held, or gone, or cannot be tried: on doubt its owner lives.
    """
    try:
        return _locked(os.open(path, os.O_RDONLY | _OPEN))
    except OSError:
        return None


def is_held(path: Path) -> bool:
    """Tell whether the lock of a file is held, or cannot be tried; that of none is not."""
    try:
        descriptor = os.open(path, os.O_RDONLY | _OPEN)
    except OSError as error:
        return not isinstance(error, FileNotFoundError)
    try:
        return not lock_descriptor(descriptor, blocking=False)
    except OSError:
        return True
    finally:
        os.close(descriptor)


def bury(path: Path, descriptor: int) -> None:
    """Remove a file whose lock is held, and let the lock go.

    A file that cannot be removed stays; its owner is found dead again.
    """
    if sys.platform == "win32":
        os.close(descriptor)
    with suppress(OSError):
        path.unlink()
    if sys.platform != "win32":
        os.close(descriptor)


def stands_at(path: Path, descriptor: int) -> bool:
    """Tell whether a path still leads to the open file."""
    try:
        return path.stat().st_ino == os.fstat(descriptor).st_ino
    except FileNotFoundError:
        return False


def _locked(descriptor: int) -> int | None:
    """Take the lock; close the file where that fails, or where it has no name any more."""
    held = False
    try:
        held = lock_descriptor(descriptor, blocking=False) and os.fstat(descriptor).st_nlink > 0
    finally:
        if not held:
            os.close(descriptor)
    return descriptor if held else None


def _set_rights(descriptor: int, mode: int) -> None:
    """Give the rights that were asked for, whatever the login's mask, where there are rights."""
    if sys.platform != "win32":
        with suppress(PermissionError):
            os.fchmod(descriptor, mode)
