"""Whether anything was committed lately, without asking the database: the net below the wakes."""

from __future__ import annotations

from pathlib import Path


class WalWatch:
    """Watches the write-ahead log of a database by its size and time; for one thread.

    Two writes within a few milliseconds can leave the same size and time. So a change is told
    twice: what was written after the first look, but looks the same, is found at the second.

    On Windows the time of an open file may lag behind, so a commit that fits into a log written
    before may show late there.
    """

    def __init__(self, wal: Path) -> None:
        self._wal = wal
        self._seen: tuple[int, int, int] | None = None
        self._is_echo_due = False

    def changed(self) -> bool:
        """Tell whether the file was written since the last call or the one before it.

        True at first, and False where there is no file. Costs one look at the disk; meant for once
        a second.
        """
        before, self._seen = self._seen, self._look()
        is_new = self._seen is not None and self._seen != before
        is_echo, self._is_echo_due = self._is_echo_due, is_new
        return is_new or (is_echo and self._seen is not None)

    def _look(self) -> tuple[int, int, int] | None:
        try:
            found = self._wal.stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_size, found.st_ino
