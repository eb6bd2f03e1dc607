"""Writes files that people find whole or not at all.

    with written_aside(path) as aside:
        aside.file.write(...)

What is written lies aside in the same folder, under a hidden name, until it is whole and on the
disk; then it takes its name. Whatever breaks off before that, a full disk, a cancelled job, an
error of ours, leaves nothing behind, and what had the name before is still there. Only a process
that is killed leaves its part: `sweep` takes it away, and so does the next file that a person is
given in the same folder.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from pos_desktop.disk import sync_folder
from pos_desktop.documents.writing_faults import WriteFault, fault_of, not_written

if sys.platform != "win32":
    import fcntl

Rename = Callable[[Path, Path], object]
"""Gives the first file the name of the second, in one step."""

_PART = re.compile(r"\..+\.[0-9]+-[0-9]+\.part(\.d)?")
_FOLDER_ENDING = ".d"
_MOST_NAME_BYTES = 200
"""How much of its file's name a part keeps: a name has 255 bytes at most."""


@dataclass(frozen=True, slots=True)
class Aside:
    """A file that is being written, and a hidden folder beside it for what helps to write it."""

    file: IO[bytes]
    part: Path

    @property
    def folder(self) -> Path:
        """Make the folder, on the same disk, and return it; it goes with the part."""
        folder = _folder_of(self.part)
        folder.mkdir(exist_ok=True)
        return folder


@contextmanager
def written_aside(
    path: Path, *, mode: int | None = None, rename: Rename = Path.replace
) -> Iterator[Aside]:
    """Write a file whose name is there only once it is whole; `mode` are its rights if it is new.

    Without a mode it is a person's file, in a folder that nobody else sweeps: that is done first.
    Raises Unavailable or Refused, with a sentence that says what to do, where it cannot be
    written, and for every OSError of the block; other errors of the block pass through.
    """
    try:
        _check(path)
        real = Path(os.path.realpath(path))
        if mode is None:
            sweep(real.parent)
        aside = _opened(real)
        try:
            yield aside
            _finish(aside, real, mode, rename)
        finally:
            _discard(aside)
    except OSError as error:
        raise not_written(path, fault_of(error), error) from error


def check_place(path: Path) -> None:
    """Raise Unavailable or Refused where no file of this name can be written."""
    try:
        _check(path)
        _discard(_opened(Path(os.path.realpath(path))))
    except OSError as error:
        raise not_written(path, fault_of(error), error) from error


def is_aside(path: Path) -> bool:
    """Tell whether a name is that of a file that is being written, or of its hidden folder."""
    return _PART.fullmatch(path.name) is not None


def sweep(folder: Path) -> int:
    """Take away what killed processes left in a folder; return how many files.

    A part that a living process writes stays.
    """
    try:
        found = [one for one in folder.iterdir() if is_aside(one)]
    except OSError:
        return 0
    swept = sum(_swept(one) for one in found if not one.name.endswith(_FOLDER_ENDING))
    for helping in found:
        if helping.name.endswith(_FOLDER_ENDING) and not helping.with_suffix("").exists():
            shutil.rmtree(helping, ignore_errors=True)
    return swept


def _check(path: Path) -> None:
    """Raise where the name is that of no file, or where its file may not be written over.

    On Windows this also finds that another program has the file open, before the long work.
    """
    if path.is_dir():
        raise not_written(path, WriteFault.IS_FOLDER)
    if path.exists():
        if not path.is_file():
            raise not_written(path, WriteFault.NO_FILE)
        path.open("ab").close()
    if not path.parent.is_dir():
        raise not_written(path, WriteFault.NO_FOLDER)


def _opened(path: Path) -> Aside:
    """Make a part that nobody else writes, and hold it, so that no sweep takes it away."""
    name = path.name.encode()[:_MOST_NAME_BYTES].decode(errors="ignore")
    number = 0
    while True:
        part = path.with_name(f".{name}.{os.getpid()}-{number}.part")
        number += 1
        with suppress(FileExistsError):
            file = part.open("x+b")
            if _is_held(file):
                return Aside(file, part)
            file.close()


def _is_held(file: IO[bytes]) -> bool:
    """Hold a file that was just made; tell whether it is still there, and no sweep was quicker."""
    if sys.platform != "win32":
        with suppress(OSError):  # a disk that knows no locks
            fcntl.flock(file, fcntl.LOCK_EX)
    return sys.platform == "win32" or os.fstat(file.fileno()).st_nlink > 0


def _discard(aside: Aside) -> None:
    """Take away what is left of a file that was written aside, or was not."""
    shutil.rmtree(_folder_of(aside.part), ignore_errors=True)
    with suppress(OSError):  # what it still had to write finds no room either
        aside.file.close()
    with suppress(OSError):
        aside.part.unlink(missing_ok=True)


def _finish(aside: Aside, real: Path, mode: int | None, rename: Rename) -> None:
    """Bring a file to the disk and give it its name; it is held until then, against any sweep."""
    aside.file.flush()
    os.fsync(aside.file.fileno())
    if sys.platform == "win32":  # there no open file takes another name
        aside.file.close()
    if real.exists():
        shutil.copymode(real, aside.part)
    elif mode is not None:
        aside.part.chmod(mode)
    rename(aside.part, real)
    sync_folder(real.parent)


def _folder_of(part: Path) -> Path:
    return part.with_name(part.name + _FOLDER_ENDING)


def _swept(part: Path) -> bool:
    """Take a part away, unless a process holds it; Windows itself keeps one that is open."""
    try:
        if sys.platform == "win32":
            part.unlink()
            return True
        with part.open("ab") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            part.unlink()
    except OSError:
        return False
    return True
