"""What lies in a folder, tables or all files, and where sticks are put in."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from pos_desktop.domain.errors import Unavailable
from pos_desktop.domain.text import _

TABLES = frozenset({".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".xls", ".xlsb", ".ods"})
"""The endings of files that hold a table."""
MOST = 2_000
"""So many names of a folder are looked at."""
_STICKS = (Path("/media"), Path("/run/media"), Path("/Volumes"))
_DRIVES = "CDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file; `changed` in milliseconds UTC."""

    path: Path
    size: int
    changed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FolderList:
    """What lies in a folder."""

    path: Path
    folders: tuple[Path, ...]
    files: tuple[FoundFile, ...]
    """The newest first."""
    sticks: tuple[Path, ...]
    """Where else files may lie: what is mounted or plugged in."""


def list_folder(path: Path, endings: Collection[str] | None = TABLES) -> FolderList:
    """Return what lies in a folder, files of some endings or all where it is None.

    Raises Unavailable where it cannot be opened.
    """
    path = path.expanduser().absolute()
    folders, files = [], []
    try:
        with os.scandir(path) as entries:
            for entry in sorted(entries, key=lambda one: one.name.casefold())[:MOST]:
                if entry.name.startswith("."):
                    continue
                with suppress(OSError):
                    if entry.is_dir():
                        folders.append(Path(entry.path))
                    elif endings is None or Path(entry.name).suffix.lower() in endings:
                        files.append(_found(entry))
    except OSError as error:
        raise Unavailable(
            _("{folder} cannot be opened ({why}): choose another place.").format(
                folder=path, why=error.strerror
            )
        ) from error
    files.sort(key=lambda one: -one.changed)
    sticks = tuple(stick for stick in _sticks() if stick != path)
    return FolderList(path=path, folders=tuple(folders), files=tuple(files), sticks=sticks)


def _found(entry: os.DirEntry[str]) -> FoundFile:
    stat = entry.stat()
    return FoundFile(Path(entry.path), stat.st_size, int(stat.st_mtime * 1000))


def _sticks() -> Iterator[Path]:
    """Yield what is mounted for people: /media/STICK, /media/NAME/STICK, or the drives."""
    if os.name == "nt":
        yield from (drive for one in _DRIVES if (drive := Path(f"{one}:/")).exists())
        return
    for root in _STICKS:
        with suppress(OSError):
            for one in sorted(root.iterdir()):
                if one.is_mount():
                    yield one
                elif one.is_dir():
                    with suppress(OSError):
                        yield from (stick for stick in sorted(one.iterdir()) if stick.is_mount())
