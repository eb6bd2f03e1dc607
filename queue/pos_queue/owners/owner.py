"""A process that runs jobs, known by a lock that ends with it."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from pos_queue.owners import owner_files
from pos_queue.owners.owner_files import OWNER_ID, OwnerFile

_ATTEMPTS = 1_000
"""How often a start may be disturbed by others that look for the dead."""


class OwnerError(Exception):
    """The queue cannot keep its lock file, so no job can be run here."""


class Owner:
    """Holds a lock of its own from `start` to `stop`, or to the death of its process.

    What it owns while it does not hold the lock, others take back at once. Methods may be called
    from any thread.
    """

    def __init__(self, folder: Path, new_id: Callable[[], str], *, file_mode: int = 0o600) -> None:
        """Name the folder of the locks, which is made where need be, and the rights of the file.

        new_id gives an id that was never used before: letters, digits, - and _.
        """
        self._folder = folder
        self._new_id = new_id
        self._mode = file_mode
        self._file = OwnerFile("", 0)
        self._descriptor: int | None = None
        self._guard = threading.Lock()

    @property
    def id(self) -> str:
        """The id of this start, another one for the next; empty before the first."""
        return self._file.owner_id

    def start(self, port: int) -> None:
        """Make the file and take the lock; `port` is the one that wakes this owner, or 0.

        Does nothing for one that is started. Raises OwnerError where the disk is full or
        read-only, or cannot lock.
        """
        with self._guard:
            if self._descriptor is not None:
                return
            try:
                self._make_folder()
                self._file, self._descriptor = self._made(port)
            except OSError as error:
                raise self._error(error) from error

    def check(self) -> bool:
        """Tell whether the lock was where others see it, ever since the last check.

        Where somebody has removed its file, the owner makes it again under the same id and
        returns False: others may have taken back what it was running, so those results are fenced,
        and what it claims from now on is its own. A file that cannot be made again just yet is
        tried at the next check. Costs two looks at the disk; meant for once a second. Raises
        OwnerError.
        """
        with self._guard:
            if self._descriptor is None:
                return False
            try:
                if owner_files.stands_at(self._path, self._descriptor):
                    return True
                self._make_again(self._descriptor)
            except OSError as error:
                raise self._error(error) from error
            return False

    def stop(self) -> None:
        """Remove the file and let the lock go; may be called again, and raises nothing."""
        with self._guard:
            descriptor, self._descriptor = self._descriptor, None
            if descriptor is None:
                return
            is_there = False
            with suppress(OSError):
                is_there = owner_files.stands_at(self._path, descriptor)
            if is_there:
                owner_files.bury(self._path, descriptor)
            else:
                os.close(descriptor)

    @property
    def _path(self) -> Path:
        return self._file.within(self._folder)

    def _made(self, port: int) -> tuple[OwnerFile, int]:
        """Return a new file and its held lock, under the first id that nobody disturbs."""
        for _attempt in range(_ATTEMPTS):
            file = OwnerFile(self._new_owner_id(), port)
            descriptor = owner_files.make(file.within(self._folder), self._mode)
            if descriptor is not None:
                return file, descriptor
        raise OwnerError(f"no lock file can be kept in {self._folder}: others take it away")

    def _new_owner_id(self) -> str:
        owner_id = self._new_id()
        if not OWNER_ID.fullmatch(owner_id):
            raise ValueError(f"{owner_id!r} is no id of an owner")
        return owner_id

    def _make_again(self, lost: int) -> None:
        """Take the lock of a file at the old place; where it is not to be had, nothing changes."""
        self._make_folder()
        for _attempt in range(_ATTEMPTS):
            made = owner_files.make(self._path, self._mode)
            if made is None:
                made = owner_files.seize(self._path)
            if made is not None:
                self._descriptor = made
                return os.close(lost)
        return None

    def _make_folder(self) -> None:
        """Make the folder and the one above it, as open as the file; never more than these two."""
        for path in (self._folder.parent, self._folder):
            if not path.exists():
                path.mkdir(exist_ok=True)
                with suppress(PermissionError):
                    path.chmod(0o2770 if self._mode & 0o060 else 0o700)

    def _error(self, error: OSError) -> OwnerError:
        return OwnerError(f"no lock file can be kept in {self._folder}: {error.strerror or error}")
