"""How often jobs of one kind may run: a rate kept in one stored number.

It is the generic cell rate algorithm, written so that the stored number is the moment from which
the next job may run. All times are milliseconds since 1970 UTC.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple


class Turn(NamedTuple):
    """What `Rate.reserve` answers."""

    at_ms: int
    """From when one may run: not after now if it was granted and is counted."""
    free_at_ms: int
    """The number to store, also where nothing was granted, if it differs from the stored one."""


@dataclass(frozen=True)
class Rate:
    """At most `count` in any window of `seconds`: up to `burst` of them at once, the rest spread.

    **Guarantee**, in the time of the clock that is handed in, while it does not run backwards: no
    window of `seconds`, its start counted in and its end not, holds more than `count` grants.

    Whatever bursts is paid for by the even gap after it, `seconds / (count - burst + 1)`. With a
    burst of 1, the default, the grants are spread evenly and the full rate is reached; with half of
    the count at once, a little over half of the rate lasts.

    A clock that was set back makes nobody wait longer than one gap, so at most one window, and
    grants nothing beyond the guarantee. A clock that was set forward begins anew, as after a rest.
    """

    count: int
    seconds: float
    burst: int = 1

    def __post_init__(self) -> None:
        if not 1 <= self.burst <= self.count:
            raise ValueError(
                f"burst must be from 1 to count, not {self.burst} with a count of {self.count}"
            )
        if not 0 < self.seconds < math.inf:
            raise ValueError(f"seconds must be above 0, not {self.seconds}")

    @cached_property
    def gap_ms(self) -> int:
        """How far apart grants are once the burst is used up; rounded up, for the guarantee."""
        return math.ceil(self.seconds * 1000 / (self.count - self.burst + 1))

    def reserve(self, free_at_ms: int, now_ms: int) -> Turn:
        """Count one in if it may run now, else tell when to ask again.

        `free_at_ms` is the number stored last, 0 at first. What is not granted is not counted, and
        takes no place in a line. Store the answer's number in either case: a moment that only a
        clock set back explains is mended there, and would be mended again and again if it were not.
        """
        free = min(free_at_ms, now_ms + self.gap_ms)
        if free > now_ms:
            return Turn(free, free)
        rested = now_ms - (self.burst - 1) * self.gap_ms
        return Turn(now_ms, max(free, rested) + self.gap_ms)
