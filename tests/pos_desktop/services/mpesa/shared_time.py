"""A clock that several processes share, which stands still until one of them moves it on.

Each mover has a place of its own in a small file, so that a kill in the middle spoils nothing. The
file tells beside the time whether there is a network, and whether the day is over.
"""

from __future__ import annotations

import mmap
import struct
import time
from datetime import datetime, timedelta
from pathlib import Path

from tests.pos_desktop.services.mpesa.scene import NOON

TILL, TEST = 0, 1
"""Who moves the clock: a till that waits for its customer, and the test."""
_OFFLINE, _OVER = 2, 3
_PLACES = 4
_LOOK_SECONDS = 2.0
"""How much time passes at least while a till waits for its customer."""
_REST_SECONDS = 0.05


class SharedTime:
    """The clock of one process."""

    def __init__(self, path: Path, place: int | None) -> None:
        """Take the file, and the place of who moves the clock by sleeping; None sleeps truly."""
        if not path.exists():
            path.write_bytes(bytes(8 * _PLACES))
        with path.open("r+b") as file:
            self._shared = mmap.mmap(file.fileno(), 8 * _PLACES)
        self._place = place

    def now(self) -> datetime:
        """Return the moment that all have moved it to."""
        return NOON + timedelta(milliseconds=self._get(TILL) + self._get(TEST))

    def monotonic(self) -> float:
        """Return true seconds: the locks of the file are truly waited for."""
        return time.perf_counter()

    def sleep(self, seconds: float) -> None:
        """Let time pass for all, the longer for looks that lie close; or rest truly, a little.

        Who waits for a lock of the file rests truly.
        """
        if self._place is None or seconds < _REST_SECONDS:
            time.sleep(min(seconds, _REST_SECONDS))
        else:
            passed = max(seconds, _LOOK_SECONDS)
            self._put(self._place, self._get(self._place) + round(passed * 1000))

    @property
    def is_offline(self) -> bool:
        """Whether there is no network."""
        return bool(self._get(_OFFLINE))

    @is_offline.setter
    def is_offline(self, is_so: bool) -> None:
        self._put(_OFFLINE, int(is_so))

    @property
    def is_over(self) -> bool:
        """Whether nobody sells any more."""
        return bool(self._get(_OVER))

    @is_over.setter
    def is_over(self, is_so: bool) -> None:
        self._put(_OVER, int(is_so))

    def _get(self, place: int) -> int:
        return int(struct.unpack_from("<q", self._shared, 8 * place)[0])

    def _put(self, place: int, value: int) -> None:
        struct.pack_into("<q", self._shared, 8 * place, value)
