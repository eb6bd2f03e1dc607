"""How long a job that failed waits before it is tried again: exponential, with full jitter."""

from __future__ import annotations

import math
from dataclasses import dataclass

CAP_SECONDS = 600.0


@dataclass(frozen=True)
class Backoff:
    """A ceiling that grows by `factor` with each failure, from `first` to `cap` seconds.

    The wait is drawn evenly between nothing and the ceiling. There is no least wait, on purpose.
    What failed together (5,000 mails when a server restarts) must not come back together, and a
    floor would gather again what was spread. A wait near nothing does a queue no harm: it is one
    try more of one job, the ceiling has grown by then, and the number of tries is limited. Two
    things follow. The mean wait is half the ceiling. And no number of tries is sure to last for
    any given time: what must wait for something is held back by a breaker or a rate, not by this.
    """

    first: float
    factor: float = 2.0
    cap: float = CAP_SECONDS

    def __post_init__(self) -> None:
        if not 0 < self.first <= self.cap < math.inf:
            raise ValueError(
                f"first must be above 0 and at most cap, not {self.first} and {self.cap} s"
            )
        if not 1 <= self.factor < math.inf:
            raise ValueError(f"factor must be at least 1, not {self.factor}")

    def ceiling(self, failures: int) -> float:
        """Return the longest wait, in seconds, after so many failures."""
        if failures < 1:
            raise ValueError(f"failures must be 1 or more, not {failures}")
        try:
            return min(self.cap, self.first * self.factor ** (failures - 1))
        except OverflowError:
            return self.cap

    def delay(self, failures: int, chance: float) -> float:
        """Return the wait in seconds; `chance` is drawn by the caller, from 0 up to 1."""
        if not 0 <= chance < 1:
            raise ValueError(f"chance runs from 0 up to, not including, 1; this is {chance}")
        return chance * self.ceiling(failures)
