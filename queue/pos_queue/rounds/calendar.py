"""When the times of a crontab text come in a zone whose clocks are put forward and back.

Time is counted here in minutes since 1970 UTC. It is cut into stretches without a change of the
zone's clocks, mostly whole days, in which slots are counted and not walked through.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from itertools import count
from typing import NamedTuple

from pos_queue.rounds.fields import Fields

DAY = 24 * 60
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH_DAY = _EPOCH.toordinal()
_MINUTE = timedelta(minutes=1)


def to_minute(moment: datetime) -> int:
    """Return the minute in which an aware moment lies."""
    if moment.tzinfo is None:
        raise ValueError(f"{moment} has no zone: a moment must be aware")
    return (moment - _EPOCH) // _MINUTE


def to_moment(minute: int) -> datetime:
    """Return the moment, aware and in UTC, at which a minute begins."""
    return _EPOCH + minute * _MINUTE


class _Wall(NamedTuple):
    """What the zone does at some minute."""

    shift: int
    """Minutes that the wall is ahead of UTC."""
    is_again: bool
    """Whether this minute of the wall was seen before: the clocks were put back."""


class _Stretch(NamedTuple):
    """Minutes from start up to stop, in which the zone's clocks are not changed."""

    start: int
    stop: int
    wall: _Wall
    skipped: int
    """How many minutes of the wall were left out just before it."""


@dataclass(frozen=True)
class Calendar:
    """The slots of some fields in a zone.

    Fields of every hour follow the hours that pass: those of a night that has an hour twice come
    in both, and what is left out is left out. Fields of fixed hours come once for each minute on
    the wall: in the first of two equal hours, and at the first minute after a gap if the gap held
    any of them.
    """

    fields: Fields
    zone: tzinfo

    def number(self, start: int, stop: int) -> int:
        """Count the slots from start up to, not including, stop."""
        return sum(
            self._number(stretch)
            for day in _days(start, stop)
            for stretch in self._stretches(*_part(day, start, stop))
        )

    def latest(self, start: int, stop: int, most: int) -> list[int]:
        """Return the last slots before stop, at most so many, none before start; in order."""
        found: list[int] = []
        for day in reversed(_days(start, stop)):
            if len(found) >= most:
                break
            found = [*self._slots(*_part(day, start, stop)), *found]
        return found[-most:]

    def first(self, start: int) -> int:
        """Return the first slot at or after start."""
        return next(
            slot
            for day in count(start // DAY)
            for slot in self._slots(max(start, day * DAY), (day + 1) * DAY)
        )

    def _slots(self, start: int, stop: int) -> Iterator[int]:
        """Yield the slots of a part of one day of UTC."""
        for stretch in self._stretches(start, stop):
            if stretch.skipped:
                yield from [stretch.start] * self._number(stretch)
                continue
            for midnight, low, high in self._hits(stretch):
                for time in self.fields.times[low:high]:
                    yield midnight + time - stretch.wall.shift

    def _number(self, stretch: _Stretch) -> int:
        hits = sum(high - low for _, low, high in self._hits(stretch))
        return min(hits, 1) if stretch.skipped else hits

    def _hits(self, stretch: _Stretch) -> Iterator[tuple[int, int, int]]:
        """Yield for each day of the wall its midnight and which of the times lie in the stretch."""
        if stretch.wall.is_again and not self.fields.every_hour:
            return
        start = stretch.start + stretch.wall.shift - stretch.skipped
        stop = stretch.stop + stretch.wall.shift
        for day in _days(start, stop):
            if self.fields.has_day(date.fromordinal(_EPOCH_DAY + day)):
                low, high = (
                    bisect_left(self.fields.times, edge - day * DAY) for edge in (start, stop)
                )
                yield day * DAY, low, high

    def _stretches(self, start: int, stop: int) -> Iterator[_Stretch]:
        """Cut a part of a day until no change of the clocks lies in or just before a piece.

        A change is seen by its ends: no zone has two within a day that cancel each other.
        """
        before, first, last = (self._wall(minute) for minute in (start - 1, start, stop - 1))
        if before.shift == first.shift and first == last:
            yield _Stretch(start, stop, first, 0)
        elif stop - start == 1:
            skipped = 0 if self.fields.every_hour else max(0, first.shift - before.shift)
            yield _Stretch(start, stop, first, skipped)
        else:
            middle = (start + stop) // 2
            yield from self._stretches(start, middle)
            yield from self._stretches(middle, stop)

    def _wall(self, minute: int) -> _Wall:
        wall = to_moment(minute).astimezone(self.zone)
        return _Wall((wall.utcoffset() or timedelta()) // _MINUTE, wall.fold == 1)


def _days(start: int, stop: int) -> range:
    """Return the days, since 1970, of the minutes from start up to stop."""
    return range(start // DAY, (stop - 1) // DAY + 1) if start < stop else range(0)


def _part(day: int, start: int, stop: int) -> tuple[int, int]:
    """Return the part of a day that lies from start up to stop."""
    return max(start, day * DAY), min(stop, (day + 1) * DAY)
