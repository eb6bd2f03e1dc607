"""Why a file could not be written: codes, and a sentence for each that says what to do.

A fault of the place that may pass, or that a person can mend, is Unavailable; a name that can
never be that of a file here is Refused.
"""

from __future__ import annotations

import errno
import sys
from enum import StrEnum
from pathlib import Path

from pos_desktop.domain.errors import Refused, Unavailable
from pos_desktop.domain.text import _


class WriteFault(StrEnum):
    """Why a file could not be written."""

    NO_FOLDER = "no_folder"  # the folder is not there
    NO_RIGHT = "no_right"  # this login may not write there
    READ_ONLY = "read_only"  # the whole disk is only for reading
    FULL = "full"  # no room left, or none for this login
    TOO_LARGE = "too_large"  # larger than the disk's files can be
    IN_USE = "in_use"  # open in another program
    LONG_NAME = "long_name"
    BAD_NAME = "bad_name"  # signs that no file's name may have here
    IS_FOLDER = "is_folder"
    NO_FILE = "no_file"  # a device, a pipe
    DISK = "disk"  # whatever else the system says


REFUSED = {
    WriteFault.LONG_NAME, WriteFault.BAD_NAME, WriteFault.IS_FOLDER, WriteFault.NO_FILE
}  # fmt: skip
_BY_NUMBER = {
    errno.ENOENT: WriteFault.NO_FOLDER,
    errno.ENOTDIR: WriteFault.NO_FOLDER,
    errno.EACCES: WriteFault.NO_RIGHT,
    errno.EPERM: WriteFault.NO_RIGHT,
    errno.EROFS: WriteFault.READ_ONLY,
    errno.ENOSPC: WriteFault.FULL,
    errno.EDQUOT: WriteFault.FULL,
    errno.EFBIG: WriteFault.TOO_LARGE,
    errno.EBUSY: WriteFault.IN_USE,
    errno.ETXTBSY: WriteFault.IN_USE,
    errno.ENAMETOOLONG: WriteFault.LONG_NAME,
    errno.EINVAL: WriteFault.BAD_NAME,
    errno.EISDIR: WriteFault.IS_FOLDER,
}
_IN_USE_ON_WINDOWS = {5, 32, 33}
"""What Windows answers where another program has the file open."""


class NotWritten(Unavailable):
    """The file could not be written; choose another place, then try again."""

    def __init__(self, fault: WriteFault, message: str) -> None:
        self.fault = fault
        super().__init__(message)


class NotWritable(Refused):
    """No file can be written under this name; choose another one."""

    def __init__(self, fault: WriteFault, message: str) -> None:
        self.fault = fault
        super().__init__(message)


def fault_of(error: OSError, *, on_windows: bool = sys.platform == "win32") -> WriteFault:
    """Return what an error of the system means for the file that was being written."""
    if on_windows and getattr(error, "winerror", None) in _IN_USE_ON_WINDOWS:
        return WriteFault.IN_USE
    return _BY_NUMBER.get(error.errno or 0, WriteFault.DISK)


def not_written(
    path: Path, fault: WriteFault, error: OSError | None = None
) -> NotWritten | NotWritable:
    """Return the error for people about a file that cannot be written."""
    why = (error and error.strerror) or str(error or "")
    message = _sentences()[fault].format(
        file=path.name or path, folder=path.parent.absolute(), why=why
    )
    return NotWritable(fault, message) if fault in REFUSED else NotWritten(fault, message)


def _sentences() -> dict[WriteFault, str]:
    return {
        WriteFault.NO_FOLDER: _(
            "{file} cannot be written: there is no folder {folder}; make it, or choose another "
            "place."
        ),
        WriteFault.NO_RIGHT: _(
            "{file} cannot be written: this login may not write in {folder}; choose another place."
        ),
        WriteFault.READ_ONLY: _(
            "{file} cannot be written: the disk of {folder} can only be read; choose another place."
        ),
        WriteFault.FULL: _(
            "{file} cannot be written: the disk of {folder} is full; free some room, or choose "
            "another place."
        ),
        WriteFault.TOO_LARGE: _(
            "{file} cannot be written: it would be larger than a file may be in {folder}; choose "
            "another place, or fewer rows."
        ),
        WriteFault.IN_USE: _(
            "{file} cannot be written: it is open in another program; close it there, or choose "
            "another name."
        ),
        WriteFault.LONG_NAME: _("{file} is too long for a file's name; choose a shorter one."),
        WriteFault.BAD_NAME: _("{file} cannot be the name of a file here; choose another one."),
        WriteFault.IS_FOLDER: _("{file} is a folder; name the file to write in it."),
        WriteFault.NO_FILE: _("{file} is no file that can be written over; choose another name."),
        WriteFault.DISK: _("{file} cannot be written ({why}); choose another place."),
    }
