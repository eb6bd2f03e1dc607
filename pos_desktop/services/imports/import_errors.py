"""The rejected cells of an import, in the order of their rows: kept beside the shop's file."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import IO, Self

from pos_desktop.documents.error_list import write_error_list
from pos_desktop.documents.product_rows import RowError
from pos_desktop.documents.written_aside import written_aside
from pos_desktop.domain.errors import Refused, Unavailable
from pos_desktop.domain.text import _

SHOWN_ERRORS = 100
"""How many errors are shown; the list has all."""
_IN_MEMORY = 1 << 20


class ErrorSpool:
    """Keeps all errors, on disk where they are many; a context manager that forgets them."""

    def __enter__(self) -> Self:
        self._file = self._opened()
        return self

    def __exit__(self, *_raised: object) -> None:
        self._file.close()

    def add(self, error: RowError) -> None:
        """Keep one error."""
        self._file.write(json.dumps(error).encode() + b"\n")

    def place(self) -> int:
        """Return how many bytes there are, all of them handed to the system."""
        self._file.flush()
        return self._file.tell()

    def first(self, most: int) -> list[RowError]:
        """Return the first errors; more may be added then."""
        found = [*islice(self.kept(), most)]
        self._file.seek(0, 2)
        return found

    def kept(self) -> Iterator[RowError]:
        """Yield all errors, once none is added any more."""
        self._file.seek(0)
        for line in self._file:
            yield _error(line)

    def _opened(self) -> IO[bytes]:
        return tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)


class KeptErrors(ErrorSpool):
    """Keeps errors in a file that outlives the process, cut to what the last commit speaks of.

    A power cut may take lines that were committed with their rows; the counts are never wrong.
    """

    def __init__(self, path: Path, *, bytes_kept: int, mode: int) -> None:
        self._path = path
        self._bytes_kept = bytes_kept
        self._mode = mode

    def _opened(self) -> IO[bytes]:
        self._path.touch(mode=self._mode)
        if not self._bytes_kept:
            self._path.chmod(self._mode)
        file = self._path.open("r+b")
        file.truncate(min(self._bytes_kept, self._path.stat().st_size))
        file.seek(0, 2)
        return file


def kept_errors(path: Path) -> Iterator[RowError]:
    """Yield the errors that an import has kept; none where the file is gone."""
    if path.exists():
        with path.open("rb") as file:
            for line in file:
                yield _error(line)


def write_list(
    path: Path, errors: Iterable[RowError], number: int | None, *, mode: int | None = None
) -> None:
    """Write the errors of an import, or of a dry run without a number, as an XLSX list."""
    with _done_all_the_same(number):
        write_error_list(path, errors, mode=mode)


def copy_list(ready: Path, path: Path, number: int | None) -> None:
    """Copy the list of an import to where it is wanted."""
    with _done_all_the_same(number), ready.open("rb") as source, written_aside(path) as aside:
        shutil.copyfileobj(source, aside.file)


@contextmanager
def _done_all_the_same(number: int | None) -> Iterator[None]:
    """Say that the import itself is done, where its list cannot be written."""
    try:
        yield
    except (Refused, Unavailable) as error:
        if number is None:
            raise
        done = _("Import {number} is done; only the list of its errors is missing: {why}")
        raise Unavailable(done.format(number=number, why=error)) from error


def _error(line: bytes) -> RowError:
    return RowError._make(json.loads(line))
