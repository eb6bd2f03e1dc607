"""The mark by which a till that waits for the file asks the bulk writers of other programs to wait.

SQLite's lock belongs to whoever asks in the right moment: a till asks every 0.3 ms, a bulk writer
lets the file free for 1 ms, and a busy machine lets the till oversleep all of it now and then. A
till that was told *busy* therefore writes the moment into a file beside the shop's, and a bulk
writer begins no chunk while the mark is fresh. It is politeness alone: what is lost with it, or
stands in it by mistake, costs some milliseconds and nothing else.
"""

from __future__ import annotations

import mmap
import os
import struct
import threading
from contextlib import suppress
from pathlib import Path

SUFFIX = "-turn"
FRESH_SECONDS = 0.01
"""How long a mark holds: a till that still waits renews it long before."""

_MARK = struct.Struct("<d")
_BYTES = getattr(os, "O_BINARY", 0)
"""Windows writes line ends otherwise."""
_NOBODY = 0.0
"""What a new file holds: no till waits."""


class TurnMark:
    """The mark of one shop's file; opened when it is first needed. May be used in any thread."""

    def __init__(self, database: Path) -> None:
        self._database = database
        self._lock = threading.Lock()
        self._map: mmap.mmap | None = None
        self._is_missing = False

    def ask(self, moment: float) -> None:
        """Ask bulk writers to wait, from this moment of the machine's clock on."""
        if (mark := self._opened()) is not None:
            _MARK.pack_into(mark, 0, moment)

    def withdraw(self) -> None:
        """Let bulk writers go on: the till has its turn."""
        self.ask(_NOBODY)

    def is_asked(self, moment: float) -> bool:
        """Tell whether a till waits at this moment."""
        mark = self._opened()
        asked = _MARK.unpack_from(mark)[0] if mark is not None else _NOBODY
        return asked != _NOBODY and 0 <= moment - asked < FRESH_SECONDS

    def release(self) -> None:
        """Give the file back, so that its folder may be moved; whoever needs it opens it again."""
        with self._lock:
            self._map = None

    def _opened(self) -> mmap.mmap | None:
        """Return the mark, or None where the disk gives no room for it."""
        if self._map is None and not self._is_missing:
            with self._lock:
                self._map = self._map or self._open()
                self._is_missing = self._map is None
        return self._map

    def _open(self) -> mmap.mmap | None:
        path = self._database.with_name(self._database.name + SUFFIX)
        with suppress(OSError, ValueError):
            is_new = not path.exists()
            handle = os.open(path, os.O_RDWR | os.O_CREAT | _BYTES, 0o600)
            try:
                _take_room(handle)
                if is_new:
                    path.chmod(self._database.stat().st_mode & 0o666)
                return mmap.mmap(handle, _MARK.size)
            finally:
                os.close(handle)
        return None


def _take_room(handle: int) -> None:
    """Have the disk hold the whole mark before it is mapped; raise OSError where it is full.

    A file of which only the length was set has no room yet: the system would look for it when a
    till writes into the map, and kill the till where there is none.
    """
    found = os.read(handle, _MARK.size)
    os.lseek(handle, 0, os.SEEK_SET)
    os.write(handle, found.ljust(_MARK.size, b"\0"))
