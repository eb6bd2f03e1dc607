"""Disks that can be full, for a shop to lie on: a real small one, or a file that may not grow."""

from __future__ import annotations

import errno
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

import pytest

from pos_desktop.storage.database import ShopDatabase

MEGABYTES = 4
MOST_PAGES = (1 << 32) - 2
"""What SQLite allows; less than the file has means that it may not grow."""


class Disk(Protocol):
    """Where a shop lies."""

    folder: Path

    def fill(self) -> None:
        """Leave no room."""

    def free(self) -> None:
        """Make room again."""


class MountedDisk:
    """A small file system of its own, which the system says is full."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._ballast = folder / "ballast"

    def fill(self) -> None:
        with self._ballast.open("wb", buffering=0) as file, pytest.raises(OSError) as told:
            while True:
                file.write(bytes(4096))
        assert told.value.errno == errno.ENOSPC

    def free(self) -> None:
        self._ballast.unlink()


class CountedPages:
    """A file that may not grow while the disk counts as full: SQLite says the same then."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder = folder
        self._is_full = False
        begin = ShopDatabase._begin

        def begin_within(database: ShopDatabase, cursor: Any, lock_type: str) -> None:
            most = 1 if self._is_full else MOST_PAGES
            cursor.execute(f"PRAGMA max_page_count = {most}")
            begin(database, cursor, lock_type)

        monkeypatch.setattr(ShopDatabase, "_begin", begin_within)

    def fill(self) -> None:
        self._is_full = True

    def free(self) -> None:
        self._is_full = False


@contextmanager
def mounted(folder: Path) -> Iterator[Path]:
    """Mount a small disk in a folder; skips the test where this login may not."""
    if sys.platform != "linux":
        pytest.skip("a disk is mounted on Linux alone")
    command = ["mount", "-t", "tmpfs", "-o", f"size={MEGABYTES}m", "tmpfs", str(folder)]
    if subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("this login may not mount a disk")
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)
