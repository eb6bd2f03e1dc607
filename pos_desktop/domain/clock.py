"""The seam through which time reaches the program: the date, seconds, and sleep.

Devices have a clock of their own (`pos_hardware.clock`): seconds and waiting for an event, without
any date, so that a replay which moves the date moves no time limit of a printer.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """What tells the time; everything that needs time is handed one."""

    def now(self) -> datetime:
        """Return the present moment, aware, in UTC."""
        ...

    def monotonic(self) -> float:
        """Return seconds that never run backwards, for time limits only."""
        ...

    def sleep(self, seconds: float) -> None:
        """Let time pass."""
        ...


class SystemClock:
    """The clock of the machine."""

    def now(self) -> datetime:
        """Return the machine's time, aware, in UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Return the machine's seconds since some fixed moment, fine enough for a millisecond.

        Windows counts `time.monotonic` in steps of 16 ms up to Python 3.12.
        """
        return time.perf_counter()

    def sleep(self, seconds: float) -> None:
        """Let the thread rest."""
        time.sleep(seconds)


class ManualClock:
    """A clock that stands still until it is set: for replays, training and tests."""

    def __init__(self, now: datetime) -> None:
        self._now = now
        self._passed = timedelta()

    def now(self) -> datetime:
        """Return the moment last set."""
        return self._now

    def monotonic(self) -> float:
        """Return the seconds by which the clock was moved on; setting it lets no time pass."""
        return self._passed.total_seconds()

    def sleep(self, seconds: float) -> None:
        """Move the clock forward instead of waiting."""
        self.advance(timedelta(seconds=seconds))

    def set(self, now: datetime) -> None:
        """Put the clock at a moment, which must be aware."""
        self._now = now.astimezone(UTC)

    def advance(self, step: timedelta) -> None:
        """Move the clock forward."""
        self._now += step
        self._passed += step


class ShiftedClock:
    """Another clock seen through an offset that can be moved (`play`'s `at`)."""

    def __init__(self, base: Clock) -> None:
        self.base = base
        self._offset = timedelta()

    def now(self) -> datetime:
        """Return the base clock's moment plus the offset."""
        return self.base.now() + self._offset

    def monotonic(self) -> float:
        """Return the base clock's seconds: time limits do not follow the offset."""
        return self.base.monotonic()

    def sleep(self, seconds: float) -> None:
        """Rest as the base clock does."""
        self.base.sleep(seconds)

    def set(self, now: datetime) -> None:
        """Make the present moment this one; time runs on from it."""
        self._offset = now.astimezone(UTC) - self.base.now()
