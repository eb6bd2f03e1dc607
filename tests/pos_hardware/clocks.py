"""Clocks for tests of time limits, so that a busy machine is not taken for a slow device."""

from __future__ import annotations

import threading

from pos_hardware.clock import STEP, SystemClock

LONGEST_LOOK = 2 * STEP
"""Seconds: what may block at most between two looks at a deadline, twice over."""
FAR = 600.0
"""Seconds of a limit that a test would not live to see: whoever waits for it hangs."""


class Unhurried(SystemClock):
    """The machine's time without the moments in which the machine itself stood still.

    Between two looks at most `LONGEST_LOOK` seconds pass, and a wait lasts at most as long as
    was asked for. So a time limit that is looked at often ends on this clock within a few looks
    of its moment, however late the thread got its turn.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._seen = super().monotonic()
        self._now = 0.0

    def monotonic(self) -> float:
        return self._pass(LONGEST_LOOK)

    def wait(self, event: threading.Event, seconds: float | None) -> bool:
        found = super().wait(event, seconds)
        self._pass(LONGEST_LOOK if seconds is None else max(seconds, LONGEST_LOOK))
        return found

    def _pass(self, most: float) -> float:
        with self._lock:
            real = super().monotonic()
            self._now += min(real - self._seen, most)
            self._seen = real
            return self._now
