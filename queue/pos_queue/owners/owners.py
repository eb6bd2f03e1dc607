"""All the processes that run jobs on this machine: who lives, who is dead, who follows a dead one.

Any process may ask, one that runs no jobs too. Nothing is remembered: each answer is a look at the
folder, since an owner may have started a moment ago.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

from pos_queue.owners import owner_files
from pos_queue.owners.owner_files import OwnerFile


class Owners:
    """The owners whose lock files lie in one folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def is_alive(self, owner_id: str) -> bool:
        """Tell whether an owner holds its lock; one without a file does not live.

        Ask after the id was read from a job, not before: an owner makes its file before it claims
        its first job, so the file of a living one is there. An owner whose folder cannot be read
        counts as living, and so does a dead one for as long as another process is taking back its
        jobs.
        """
        try:
            files = owner_files.owner_files(self._folder)
        except OSError:
            return True
        return any(file.owner_id == owner_id and self._is_held(file) for file in files)

    def living(self) -> list[str]:
        """Return the ids of the owners whose locks are held; raises OSError."""
        files = owner_files.owner_files(self._folder)
        return [file.owner_id for file in files if self._is_held(file)]

    def dead(self) -> list[str]:
        """Return the ids of the owners whose locks are free, to be shown; raises OSError.

        Only `sweep` may act on it: an owner may be starting just now.
        """
        files = owner_files.owner_files(self._folder)
        return [file.owner_id for file in files if not self._is_held(file)]

    def sweep(self, take_back: Callable[[str], object]) -> list[str]:
        """Call `take_back` with the id of each dead owner, then remove its file; returns the ids.

        The dead one's lock is held meanwhile, so that of all processes only one does it. What
        `take_back` raises is raised; that file stays for the next sweep. One that another process
        is looking at is left for the next sweep too. Raises OSError.
        """
        return list(self._swept(take_back))

    def _swept(self, take_back: Callable[[str], object]) -> Iterator[str]:
        for file in owner_files.owner_files(self._folder):
            path = file.within(self._folder)
            descriptor = owner_files.seize(path)
            if descriptor is None:
                continue
            try:
                take_back(file.owner_id)
            except BaseException:
                os.close(descriptor)
                raise
            owner_files.bury(path, descriptor)
            yield file.owner_id

    def _is_held(self, file: OwnerFile) -> bool:
        return owner_files.is_held(file.within(self._folder))
