"""Which of many backups are kept: the newest of the last days, weeks and months."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class KeepRule:
    """Of how many days, weeks and months the newest is kept; those without any do not count."""

    days: int
    weeks: int
    months: int

    def kept(self, newest_first: Sequence[datetime]) -> set[datetime]:
        """Return the moments to keep, as the shop's clocks show them; the first always stays.

        Which is newer than which is for the caller to know: a clock may have been set back since.
        """
        found = set(newest_first[:1])
        for number, period in ((self.days, _day), (self.weeks, _week), (self.months, _month)):
            found |= _newest_of_each(newest_first, period, number)
        return found


def _newest_of_each(
    newest_first: Sequence[datetime], period: Callable[[datetime], tuple[int, ...]], number: int
) -> set[datetime]:
    newest: dict[tuple[int, ...], datetime] = {}
    for moment in newest_first:
        newest.setdefault(period(moment), moment)
    return set(list(newest.values())[:number])


def _day(moment: datetime) -> tuple[int, ...]:
    return (moment.year, moment.month, moment.day)


def _week(moment: datetime) -> tuple[int, ...]:
    year, week, _day_of_week = moment.isocalendar()
    return (year, week)


def _month(moment: datetime) -> tuple[int, ...]:
    return (moment.year, moment.month)
