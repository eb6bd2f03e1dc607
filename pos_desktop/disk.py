"""What must be on the disk when it is said to be: names in a folder, a small file at once."""

from __future__ import annotations

import errno
import os
import sys
from contextlib import suppress
from pathlib import Path


def sync_folder(folder: Path) -> None:
    """Bring new names to the disk, where the system can."""
    if sys.platform != "win32":
        with suppress(OSError):
            number = os.open(folder, os.O_RDONLY)
            try:
                os.fsync(number)
            finally:
                os.close(number)


def write_whole(path: Path, content: bytes) -> None:
    """Replace a small file by another content, whatever ends the program: all of it, or none.

    It keeps its rights, owner and group; a new one is its owner's alone. One writer at a time.
    Raises OSError, also where the file may not be written; it is as it was then.
    """
    path = Path(os.path.realpath(path))
    part = path.with_name(f".{path.name}.part")
    part.unlink(missing_ok=True)
    try:
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _BINARY, 0o600)
        with os.fdopen(handle, "wb") as file:
            if path.exists():
                _take_rights(path, part)
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    sync_folder(path.parent)


def is_read_only(path: Path) -> bool:
    """Tell whether what a path lies on takes no writes, whoever asks: a disk that met an error."""
    if sys.platform != "win32":
        with suppress(OSError):
            return bool(os.statvfs(path).f_flag & os.ST_RDONLY)
    return False


def belongs_to_owner_of(path: Path, folder: Path) -> None:
    """Give what root has made to the owner of a folder, whose login could not use it else."""
    if sys.platform != "win32" and os.geteuid() == 0:
        owner = folder.stat()
        with suppress(OSError):  # a stick knows no owners
            os.chown(path, owner.st_uid, owner.st_gid)


_BINARY = getattr(os, "O_BINARY", 0)


def _take_rights(path: Path, part: Path) -> None:
    """Give a part the owner, group and rights of its file; raise PermissionError where one cannot.

    A folder that may be written is no right to write its files.
    """
    if not os.access(path, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
    before = path.stat()
    if sys.platform != "win32":
        now = part.stat()
        if before.st_gid != now.st_gid:
            os.chown(part, -1, before.st_gid)
        if before.st_uid != now.st_uid and os.geteuid() == 0:
            os.chown(part, before.st_uid, -1)
    part.chmod(before.st_mode & 0o7777)
