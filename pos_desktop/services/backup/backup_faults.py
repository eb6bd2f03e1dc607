"""What the disk of a backup says, in sentences that tell what to do; and what is asked of it."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from pos_desktop.domain.errors import PosError, Unavailable
from pos_desktop.domain.text import _
from pos_desktop.security.sealed_file import Readable

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_GONE = (errno.ENOENT, errno.ENOTDIR, errno.ENODEV, errno.ENXIO)
_FORBIDDEN = (errno.EACCES, errno.EPERM, errno.EROFS)


@contextmanager
def told(folder: Path) -> Iterator[None]:
    """Turn what the disk of a folder says while a backup is written into a sentence."""
    try:
        yield
    except OSError as error:
        raise not_written(folder, error) from error


def not_written(folder: Path, error: OSError) -> PosError:
    """Return what is said where no backup could be written in a folder."""
    place = folder.absolute()
    if error.errno in _FULL:
        sentence = _(
            "There is no room for the backup in {folder}: free some there, or choose another "
            "folder or stick."
        )
    elif error.errno in _GONE or _is_gone(place):
        sentence = _(
            "The folder {folder} for the backup is not there: put the disk or stick in, or choose "
            "another folder."
        )
    elif error.errno in _FORBIDDEN:
        sentence = _(
            "This login may not write in {folder}: choose another folder for the backup, or ask "
            "your technician for the right to it."
        )
    else:
        sentence = _(
            "The backup could not be written in {folder} ({why}): try again, or take another disk "
            "or stick."
        )
    return Unavailable(sentence.format(folder=place, why=error.strerror or type(error).__name__))


def folder_gone_words(place: Path) -> str:
    """Say that what was named for a backup is no folder now, and what to do."""
    return _(
        "{place} is not there: put the stick or disk in, or name a file that ends in .posbackup."
    ).format(place=place.absolute())


def _is_gone(place: Path) -> bool:
    """Tell whether a place is not there; one that is closed to this login may be."""
    with suppress(PermissionError):
        return not place.exists()
    return False


def not_read(file: Path, error: OSError) -> PosError:
    """Return what is said where a backup cannot be read."""
    place = file.absolute()
    if error.errno in _GONE:
        sentence = _("There is no file {file}: look where the backup lies and name it.")
    elif error.errno == errno.EISDIR:
        sentence = _("{file} is a folder: name the backup in it.")
    elif error.errno in _FORBIDDEN:
        sentence = _("This login may not read {file}; ask your technician for the right to it.")
    else:
        sentence = _("{file} cannot be read ({why}): take another copy of the backup.")
    return Unavailable(sentence.format(file=place, why=error.strerror or type(error).__name__))


@contextmanager
def readable(file: Path) -> Iterator[Readable]:
    """Open a backup; what its disk says, now or later, is a sentence that names it."""
    try:
        opened = file.open("rb")
    except OSError as error:
        raise not_read(file, error) from error
    with opened:
        yield _Telling(file, opened)


class _Telling:
    """A file whose faults are told as those of a backup, whatever is done beside it."""

    def __init__(self, path: Path, file: IO[bytes]) -> None:
        self._path = path
        self._file = file

    def read(self, size: int, /) -> bytes:
        """Return so many bytes, fewer only at the end."""
        try:
            return self._file.read(size)
        except OSError as error:
            raise not_read(self._path, error) from error


def is_full(error: OSError) -> bool:
    """Tell whether a disk has no room left."""
    return error.errno in _FULL


def forget_cached(handle: int) -> None:
    """Let what is read next come from the disk and not from memory, where the system can."""
    if sys.platform == "linux":
        with suppress(OSError):
            os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_DONTNEED)
