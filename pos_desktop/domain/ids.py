"""Identifiers made here: UUIDv7 (RFC 9562), so that they sort by the time they were made."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable

from pos_desktop.domain.clock import Clock

Id = str
"""32 lower-case hexadecimal digits: a UUIDv7 without its dashes."""

_RANDOM_BITS = 74
_STEP_BYTES = 4


class Ids:
    """Makes identifiers that grow strictly, also within one millisecond and across threads."""

    def __init__(self, clock: Clock, random_bytes: Callable[[int], bytes] = os.urandom) -> None:
        self._clock = clock
        self._random_bytes = random_bytes
        self._lock = threading.Lock()
        self._last = (0, 0)

    def new(self) -> Id:
        """Return a new identifier, greater than every one made before by this object."""
        return self.many(1)[0]

    def many(self, count: int) -> list[Id]:
        """Return identifiers in growing order; many at once cost a fraction of one by one."""
        with self._lock:
            millisecond = int(self._clock.now().timestamp() * 1000)
            last_millisecond, tail = self._last
            if millisecond > last_millisecond:
                tail = self._random(_RANDOM_BITS - 1)
            else:
                millisecond = last_millisecond
            steps = self._random_bytes(_STEP_BYTES * count)
            made = []
            for place in range(0, len(steps), _STEP_BYTES):
                tail += 1 + int.from_bytes(steps[place : place + _STEP_BYTES], "big")
                if tail >> _RANDOM_BITS:
                    millisecond, tail = millisecond + 1, self._random(_RANDOM_BITS - 1)
                made.append(_format(millisecond, tail))
            self._last = (millisecond, tail)
        return made

    def _random(self, bits: int) -> int:
        size = (bits + 7) // 8
        return int.from_bytes(self._random_bytes(size), "big") >> (size * 8 - bits)


def _format(millisecond: int, tail: int) -> Id:
    high, low = tail >> 62, tail & ((1 << 62) - 1)
    value = (millisecond & ((1 << 48) - 1)) << 80
    value |= 0x7 << 76 | high << 64 | 0b10 << 62 | low
    return f"{value:032x}"
