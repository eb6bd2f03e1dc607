"""What can go wrong with the shop's file, split by who can mend it.

Unavailable
├── FileBusy        another program holds the file too long
├── DiskFull        no room left
├── DiskReadOnly    it takes no writes
├── DiskFailing     it does not answer
├── FileForbidden   this login may not read or write it
└── FileUnusable    damaged, or not a shop's file
Refused
├── FileTooNew      written by a newer program
└── RowDamaged      what the file keeps of one thing cannot be read

Any other error of the database is a bug of ours and stays as it is.
"""

from __future__ import annotations

import errno
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NoReturn

import peewee

from pos_desktop.disk import is_read_only
from pos_desktop.domain.errors import Refused, Unavailable
from pos_desktop.domain.text import _
from pos_desktop.shop_folder import DAMAGE_MARK


class FileBusy(Unavailable):
    """Another program holds the shop's file; try again in a moment."""


class DiskFull(Unavailable):
    """The disk is full; free some room, then try again. Nothing was lost."""


class DiskReadOnly(Unavailable):
    """The disk takes no writes; restart the computer, and if it stays so call your technician."""


class DiskFailing(Unavailable):
    """The disk does not answer; see that it is plugged in, then call your technician."""


class FileForbidden(Unavailable):
    """This login may not use the shop's file; ask your technician for the right to it."""


class FileUnusable(Unavailable):
    """The shop's file cannot be read; leave its folder, and start the till anew: it offers help."""


class FileTooNew(Refused):
    """A newer POS Desktop has written this shop's file; install that version to open it."""


class RowDamaged(Refused):
    """What the shop's file keeps of this is damaged; leave it as it is and call support."""


_BY_WHOLE_CODE: dict[int | None, type[Unavailable]] = {
    sqlite3.SQLITE_IOERR_SHMSIZE: DiskFull,  # the log's index found no room beside the file
}
"""Faults whose first byte says too little."""
_BY_CODE: dict[int | None, type[Unavailable]] = {
    sqlite3.SQLITE_BUSY: FileBusy,
    sqlite3.SQLITE_LOCKED: FileBusy,
    sqlite3.SQLITE_FULL: DiskFull,
    sqlite3.SQLITE_CORRUPT: FileUnusable,
    sqlite3.SQLITE_NOTADB: FileUnusable,
    sqlite3.SQLITE_IOERR: FileUnusable,
    sqlite3.SQLITE_CANTOPEN: FileForbidden,
    sqlite3.SQLITE_READONLY: FileForbidden,
    sqlite3.SQLITE_PERM: FileForbidden,
    sqlite3.SQLITE_AUTH: FileForbidden,
}


_BY_ERRNO: dict[int | None, type[Unavailable]] = {
    errno.ENOSPC: DiskFull,
    errno.EDQUOT: DiskFull,
    errno.EROFS: DiskReadOnly,
    errno.EIO: DiskFailing,
    errno.ESTALE: DiskFailing,
}
"""What the system says of a disk."""


_UNDECODABLE = "Could not decode to UTF-8"
"""What Python says, without a code, of a text of which a byte is spoilt."""
_NO_FORMAT = "unsupported file format"
"""What SQLite says, with the code of any mistake, of a file whose first page is spoilt there."""


@contextmanager
def translated(path: Path | None = None) -> Iterator[None]:
    """Turn the faults of the environment into errors for people; our own bugs pass through.

    `path` is the file that they are about.
    """
    try:
        yield
    except (peewee.DatabaseError, sqlite3.DatabaseError) as error:
        raise_translated(error, path)
        raise


def raise_translated(error: BaseException | None, path: Path | None = None) -> None:
    """Raise a fault of the environment as an error for people; return for anything else."""
    if not isinstance(error, peewee.DatabaseError | sqlite3.DatabaseError):
        return
    code = _code(error)
    kind = _BY_WHOLE_CODE.get(code) or _BY_CODE.get(code and code & 0xFF)
    if (code is None and _UNDECODABLE in str(error)) or _NO_FORMAT in str(error):
        kind = FileUnusable
    if kind is None and path is not None and _misses_a_name(error, path):
        kind = FileUnusable
    if kind is FileForbidden and path is not None:
        if is_read_only(path.parent):
            raise DiskReadOnly(read_only_words(path.parent)) from error
        raise FileForbidden(forbidden_words(path)) from error
    if kind is FileUnusable and path is not None:
        mark_damage(path)
    if kind is not None:
        raise kind() from error


def _misses_a_name(error: BaseException, path: Path) -> bool:
    """Tell whether a statement names what the file lacks since its schema is spoilt."""
    from pos_desktop.storage.file_look import schema_is_spoilt

    words = str(error)
    return ("no such " in words or "has no column" in words) and schema_is_spoilt(path)


@contextmanager
def disk_told(directory: Path) -> Iterator[None]:
    """Turn what the disk of a folder says into errors for people: no room, no writes, no answer.

    Any other OSError passes through.
    """
    try:
        yield
    except OSError as error:
        kind = _BY_ERRNO.get(error.errno)
        if kind is DiskReadOnly:
            raise DiskReadOnly(read_only_words(directory)) from error
        if kind is not None:
            raise kind() from error
        raise


def read_only_words(directory: Path) -> str:
    """Say that the disk of a folder takes no writes, and what to do."""
    return _(
        "The disk of {place} takes no writes: the computer makes a disk read-only when it has met "
        "an error. Restart the computer, which mends most; if it stays so, call your technician."
    ).format(place=directory.absolute())


def raise_undecodable(error: UnicodeDecodeError, path: Path) -> NoReturn:
    """Raise a text that the file made no text as damage of the file."""
    mark_damage(path)
    raise FileUnusable from error


def mark_damage(path: Path) -> None:
    """Leave a mark beside a file that could not be read: the next start looks at all of it."""
    with suppress(OSError):
        (path.parent / DAMAGE_MARK).touch()


def forbidden_words(path: Path, access: Callable[[Path, int], bool] = os.access) -> str:
    """Say which file or folder this login may not read, or not write."""
    path = path.absolute()
    if not access(path, os.R_OK):
        sentence = _("This login may not read {file}; ask your technician for the right to it.")
    elif not access(path, os.W_OK):
        sentence = _("This login may not write {file}; ask your technician for the right to it.")
    elif not access(path.parent, os.W_OK):
        path = path.parent
        sentence = _(
            "This login may not write in the folder {file}; ask your technician for the right "
            "to it."
        )
    else:
        sentence = _("The computer will not open {file}; ask your technician to look at the disk.")
    return sentence.format(file=path)


def _code(error: BaseException) -> int | None:
    """Return SQLite's whole code of an error, which peewee wraps; None where it has none."""
    while isinstance(error, peewee.PeeweeException) and hasattr(error, "orig"):
        error = error.orig
    code: int | None = getattr(error, "sqlite_errorcode", None)
    return code
