"""The seam through which time reaches the devices, and time limits made of it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Protocol

STEP = 0.1
"""Seconds that a transport may block before it looks at its deadline again."""


class Clock(Protocol):
    """What tells the time to devices and lets them wait."""

    def monotonic(self) -> float:
        """Return seconds that never run backwards."""
        ...

    def wait(self, event: threading.Event, seconds: float | None) -> bool:
        """Wait for the event, at most so many seconds (None: for ever); tell whether it is set."""
        ...


class SystemClock:
    """The clock of the machine."""

    def monotonic(self) -> float:
        """Return the machine's seconds since some fixed moment."""
        return time.monotonic()

    def wait(self, event: threading.Event, seconds: float | None) -> bool:
        """Wait for the event on the machine's time."""
        return event.wait(seconds)


class Deadline:
    """A moment after which nobody waits any more, or soon after a stop was asked for.

    `stop` brings the end near: from the moment it is seen set, only `grace` seconds are left
    (none if `grace` is 0), so that whoever checks `left()` every `STEP` ends in time.
    `overdue` is called once by whoever checks after `overdue_after` seconds: long waits must
    be told to a person before they end.
    """

    def __init__(
        self,
        clock: Clock,
        seconds: float,
        stop: threading.Event | None = None,
        *,
        grace: float = 0,
        overdue: Callable[[], None] | None = None,
        overdue_after: float = 0,
    ) -> None:
        self._clock = clock
        self._end = clock.monotonic() + seconds
        self._overdue = overdue
        self._overdue_at = clock.monotonic() + overdue_after
        self._stop = stop
        self._grace = grace
        self._stop_seen = False

    def left(self) -> float:
        """Return the seconds left; 0 when the moment has passed."""
        now = self._clock.monotonic()
        if not self._stop_seen and self._stop is not None and self._stop.is_set():
            self._stop_seen = True
            self._end = min(self._end, now + self._grace)
        if self._overdue is not None and now >= self._overdue_at:
            tell, self._overdue = self._overdue, None
            tell()
        return max(0.0, self._end - now)

    def step(self) -> float:
        """Return how long to block before looking again; 0 when the moment has passed."""
        return min(self.left(), STEP)

    def within(self, seconds: float) -> Deadline:
        """Return a deadline that ends with this one or after so many seconds."""
        stop = None if self._stop_seen else self._stop
        return Deadline(self._clock, min(seconds, self.left()), stop, grace=self._grace)

    def pause(self, seconds: float) -> None:
        """Sleep so long, or until the deadline; a stop ends the sleep early."""
        event = self._stop if self._stop is not None and not self._stop_seen else threading.Event()
        self._clock.wait(event, min(seconds, self.left()))
