"""A clock that stands until it is moved."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

BEGIN = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


class StandingClock:
    """The clock of a test; may be moved from any thread."""

    def __init__(self, now: datetime = BEGIN) -> None:
        self._begin = self._now = now
        self._lock = threading.Lock()

    def now(self) -> datetime:
        """Return the moment it was put to."""
        return self._now

    def monotonic(self) -> float:
        """Return by how many seconds it was moved forward."""
        return (self._now - self._begin).total_seconds()

    def sleep(self, seconds: float) -> None:
        """Move forward instead of waiting."""
        self.advance(seconds)

    def advance(self, seconds: float) -> None:
        """Move forward by so many seconds."""
        with self._lock:
            self._now += timedelta(seconds=seconds)
