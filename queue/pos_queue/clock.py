"""The seam through which time reaches the queue."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """What tells the time; the shop hands over its own."""

    def now(self) -> datetime:
        """Return the present moment, aware, in UTC."""

    def monotonic(self) -> float:
        """Return seconds that never run backwards, for time limits only."""

    def sleep(self, seconds: float) -> None:
        """Let time pass."""
