"""The files of imports that jobs do: copied into the shop's folder until the job has ended.

A supplier's stick may so be pulled at once. A file lies under the number of its job, beside the
list of its rejected cells, which stays as long as the job is in the history; and with it the same
list as a workbook, for whoever started the job.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from pos_desktop.documents.reasons import FileFault, FileRefused
from pos_desktop.documents.written_aside import sweep
from pos_desktop.domain.clock import Clock
from pos_desktop.domain.errors import Refused
from pos_desktop.domain.ids import Ids
from pos_desktop.domain.text import _
from pos_desktop.storage.database import ShopDatabase
from pos_desktop.storage.job_states import job_states
from pos_desktop.storage.room import Free, check_room, free_room

_COMING = "coming-"
_COMING_SECONDS = 86_400.0
"""How old a copy may become whose job was never enqueued."""
_ERRORS = ".errors"
_LIST = ".errors.xlsx"
_LISTS = (_ERRORS, _LIST)
_OVER = frozenset({"done", "cancelled", "expired", "forgotten"})
"""The states of jobs that will never need their file again."""


class ImportSpool:
    """The folder of one shop; `folder` makes it where it is not there."""

    def __init__(
        self,
        folder: Callable[[], Path],
        file_mode: int,
        database: ShopDatabase,
        clock: Clock,
        free: Free = free_room,
    ) -> None:
        """Take `free`, which returns how many bytes a folder can still take."""
        self._free = free
        self._folder = folder
        self._database = database
        self._clock = clock
        self.file_mode = file_mode

    @contextmanager
    def coming(self, source: Path) -> Iterator[Callable[[int], object]]:
        """Copy a file; within the block it can be given to a job, by its number.

        Raises FileRefused where it is not there any more, such as on a stick that was pulled out,
        and DiskFull where the copy and its rows would leave selling no room.
        """
        if not source.is_file():
            raise FileRefused(FileFault.NOT_THERE, file=str(source.absolute()))
        folder = self._folder()
        # beside the copy its rows make about as much in the books
        check_room(folder, 2 * source.stat().st_size, self._free)
        place = folder / f"{_COMING}{Ids(self._clock).new()}"
        place.mkdir()
        try:
            place.chmod(folder.stat().st_mode & 0o7777)
            shutil.copyfile(source, place / source.name)
            (place / source.name).chmod(self.file_mode)
            yield lambda number: place.rename(self._place(number))
        finally:
            shutil.rmtree(place, ignore_errors=True)

    def file(self, number: int) -> Path:
        """Return the file of a job; raise Refused where it is gone."""
        with suppress(OSError):
            for path in self._place(number).iterdir():
                return path
        raise Refused(_("The copy of the file is gone; import the file anew."))

    def errors(self, number: int) -> Path:
        """Return where the rejected cells of a job's file are kept."""
        return self._folder() / f"{number}{_ERRORS}"

    def error_list(self, number: int) -> Path:
        """Return where the rejected cells of a job's file are listed as a workbook."""
        return self._folder() / f"{number}{_LIST}"

    def with_errors(self) -> set[int]:
        """Return the jobs of whose file anything was rejected that is still kept."""
        found = set()
        for path in self._folder().glob(f"*{_ERRORS}*"):
            number = _number_of(path)
            with suppress(OSError):
                if number.isdecimal() and path.stat().st_size:
                    found.add(int(number))
        return found

    def drop(self, number: int) -> None:
        """Remove the file of a job that needs it no more."""
        shutil.rmtree(self._place(number), ignore_errors=True)

    def sweep(self) -> None:
        """Remove what belongs to no job: files of those that have ended, lists of those forgotten.

        A failed job keeps its file until somebody has retried or forgotten it. What cannot be
        removed stays: no import waits for it.
        """
        sweep(self._folder())
        paths = [*self._folder().iterdir()]
        names = {_number_of(path) for path in paths}
        states = job_states(self._database, [int(name) for name in names if name.isdecimal()])
        for path in paths:
            number = _number_of(path)
            if path.name.startswith(_COMING):
                self._sweep_old(path)
            elif number.isdecimal():
                self._sweep_one(path, states.get(int(number)))

    def _sweep_one(self, path: Path, state: str | None) -> None:
        """Remove what belongs to a job in a state, None for one that is forgotten."""
        if path.name.endswith(_LISTS):
            if state is None:
                with suppress(OSError):
                    path.unlink()
        elif state is None or state in _OVER:
            shutil.rmtree(path, ignore_errors=True)

    def _sweep_old(self, path: Path) -> None:
        with suppress(OSError):
            if path.stat().st_mtime < self._clock.now().timestamp() - _COMING_SECONDS:
                shutil.rmtree(path, ignore_errors=True)

    def _place(self, number: int) -> Path:
        return self._folder() / str(number)


def _number_of(path: Path) -> str:
    """Return the number of the job that a file belongs to, as it stands in its name."""
    ending = next((one for one in _LISTS if path.name.endswith(one)), "")
    return path.name.removesuffix(ending)
