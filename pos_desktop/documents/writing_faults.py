"""Why a file could not be written: codes, and a sentence for each that says what to do.

A fault of the place that may pass, or that a person can mend, is Unavailable; a name that can
never be that of a file here is Refused.
"""

from __future__ import annotations

import errno
import sys
from collections.abc import Mapping
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

    def __init__(self, data: Mapping[str, str], message: str) -> None:
        self.data = dict(data)
        """Plain: `from_data` words it again in another process."""
        super().__init__(message)


class NotWritable(Refused):
    """No file can be written under this name; choose another one."""

    def __init__(self, data: Mapping[str, str], message: str) -> None:
        self.data = dict(data)
        super().__init__(message)


NOT_WRITTEN = tuple(f"{kind.__module__}:{kind.__qualname__}" for kind in (NotWritten, NotWritable))
"""The names of both, for whoever asks a child process to write."""


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
    return from_data({"fault": str(fault), "file": str(path.absolute()), "why": why})


def from_data(data: Mapping[str, str]) -> NotWritten | NotWritable:
    """Return the error anew from what a child handed back, in the language of this process."""
    fault = WriteFault(data["fault"])
    message = _sentences()[fault].format(file=data["file"], why=data["why"])
    return (NotWritable if fault in REFUSED else NotWritten)(data, message)


def _sentences() -> dict[WriteFault, str]:
    return {
        WriteFault.NO_FOLDER: _(
            "{file} cannot be written: there is no such folder; make it, or choose another place."
        ),
        WriteFault.NO_RIGHT: _(
            "{file} cannot be written: this login may not write there; choose another place."
        ),
        WriteFault.READ_ONLY: _(
            "{file} cannot be written: that disk can only be read; choose another place."
        ),
        WriteFault.FULL: _(
            "{file} cannot be written: the disk is full; free some room, or choose another place."
        ),
        WriteFault.TOO_LARGE: _(
            "{file} cannot be written: it would be larger than that disk allows; choose another "
            "place, or fewer rows."
        ),
        WriteFault.IN_USE: _(
            "{file} cannot be written: it is open in another program; close it there, or choose "
            "another name."
        ),
        WriteFault.LONG_NAME: _(
            "{file} cannot be written: its name is too long; choose a shorter one."
        ),
        WriteFault.BAD_NAME: _(
            "{file} cannot be written: no file can have that name there; choose another one."
        ),
        WriteFault.IS_FOLDER: _(
            "{file} cannot be written: it is a folder; choose another place, or a name in it."
        ),
        WriteFault.NO_FILE: _("{file} cannot be written: it is no file; choose another place."),
        WriteFault.DISK: _("{file} cannot be written ({why}); choose another place."),
    }
