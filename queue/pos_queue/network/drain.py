"""How what waited for an endpoint is let go when it answers again: bounded, and spread.

Times are milliseconds since 1970 UTC.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


@dataclass(frozen=True)
class DrainRules:
    """A few jobs at once, then twice as many in each lot, up to a cap."""

    first: int = 4
    cap: int = 32
    every_ms: int = 1_000

    def __post_init__(self) -> None:
        if not 1 <= self.first <= self.cap:
            raise ValueError(f"first must be from 1 to cap, not {self.first} and {self.cap}")
        if self.every_ms < 1:
            raise ValueError(f"every_ms must be 1 or more, not {self.every_ms}")

    def size(self, lot: int) -> int:
        """Return how many jobs a lot holds at most; the first lot is 0."""
        return self.cap if lot >= self.cap.bit_length() else min(self.cap, self.first << lot)


@dataclass(frozen=True)
class Drain:
    """Where a drain stands: its next lot, and when that is due."""

    due_at_ms: int
    """At first the moment of the success."""
    lot: int = 0


class Release(NamedTuple):
    """What `release` answers."""

    number: int
    """How many waiting jobs to let go now."""
    drain: Drain | None
    """What to store and to ask again at its due time; None when nothing waits any more."""


DRAIN_RULES = DrainRules()


def release(waiting: int, drain: Drain, now_ms: int, rules: DrainRules = DRAIN_RULES) -> Release:
    """Tell how many of the waiting jobs may go now, and when the next lot may.

    Whoever asks late gets one lot, not all that were due. If the breaker opens meanwhile, drop the
    drain; the next success begins a new one. A due time that lies more than one interval ahead was
    set before the clock was set back, and counts as due.
    """
    if waiting < 1:
        return Release(0, None)
    if 0 < drain.due_at_ms - now_ms <= rules.every_ms:
        return Release(0, drain)
    number = min(waiting, rules.size(drain.lot))
    if number == waiting:
        return Release(number, None)
    return Release(number, Drain(now_ms + rules.every_ms, drain.lot + 1))
