"""What the five fields of a crontab text mean: which minutes of which days."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import product

_ITEM = re.compile(r"(?:\*|(\w+)(?:-(\w+))?)(?:/(\w+))?", re.ASCII)
_LONGEST_MONTHS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_LONGEST_NUMBER = 4


@dataclass(frozen=True)
class _Kind:
    """One of the five fields: its name, its numbers, and the words that stand for them."""

    name: str
    low: int
    high: int
    words: tuple[str, ...] = ()


_MINUTE = _Kind("minute", 0, 59)
_HOUR = _Kind("hour", 0, 23)
_DAY = _Kind("day", 1, 31)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = _Kind("month", 1, 12, _MONTHS)
_WEEKDAY = _Kind("weekday", 0, 7, ("sun", "mon", "tue", "wed", "thu", "fri", "sat"))
_KINDS = (_MINUTE, _HOUR, _DAY, _MONTH, _WEEKDAY)


@dataclass(frozen=True)
class Fields:
    """The minutes of a day and the days on which they count."""

    times: tuple[int, ...]
    """Minutes since midnight on the wall, ascending."""
    days: frozenset[int]
    months: frozenset[int]
    weekdays: frozenset[int]
    """0 is Sunday."""
    either_day: bool
    """Whether the day or the weekday is enough: so if neither field begins with a star."""
    every_hour: bool

    def has_day(self, day: date) -> bool:
        """Tell whether the times count on this day."""
        if day.month not in self.months:
            return False
        by_day, by_weekday = day.day in self.days, day.isoweekday() % 7 in self.weekdays
        return (by_day or by_weekday) if self.either_day else (by_day and by_weekday)


def parse(text: str) -> Fields:
    """Read "minute hour day month weekday", as cron writes them.

    Raises ValueError with a sentence that says what is wrong and what to write instead.
    """
    parts = text.split()
    if len(parts) != len(_KINDS):
        raise ValueError(
            f"5 fields are needed and {text!r} has {len(parts)}: "
            "write minute hour day month weekday, such as 30 6 * * 1-5"
        )
    minutes, hours, days, months, weekdays = (
        frozenset(_values(part, kind)) for part, kind in zip(parts, _KINDS, strict=True)
    )
    either_day = not (parts[2].startswith("*") or parts[4].startswith("*"))
    if not either_day:
        _check_that_days_come(days, months, text)
    return Fields(
        times=tuple(sorted(60 * hour + minute for hour, minute in product(hours, minutes))),
        days=days,
        months=months,
        weekdays=frozenset(weekday % 7 for weekday in weekdays),
        either_day=either_day,
        every_hour=len(hours) == _HOUR.high + 1,
    )


def _values(part: str, kind: _Kind) -> Iterator[int]:
    for item in part.split(","):
        yield from _range(item, kind)


def _range(item: str, kind: _Kind) -> Sequence[int]:
    match = _ITEM.fullmatch(item)
    if match is None:
        raise ValueError(_unreadable(item, kind))
    first, last, step = match.groups()
    if first is None:
        start, stop = kind.low, min(kind.high, kind.low + 6) if kind is _WEEKDAY else kind.high
    else:
        start = _number(first, kind)
        stop = start if last is None else _number(last, kind)
        if kind is _WEEKDAY and stop == 0 < start:
            stop = 7
    if stop < start:
        raise ValueError(
            f"{kind.name} {item} runs backwards: write {first}-{kind.high},{kind.low}-{last}"
        )
    if step is None:
        return range(start, stop + 1)
    if first is not None and last is None:
        raise ValueError(
            f"{kind.name} {item} has a step but no range: write {first}-{kind.high}/{step}"
        )
    return range(start, stop + 1, _step(item, step, kind, start, stop))


def _number(word: str, kind: _Kind) -> int:
    if word.lower() in kind.words:
        return kind.low + kind.words.index(word.lower())
    if not word.isdecimal() or len(word) > _LONGEST_NUMBER:
        raise ValueError(_unreadable(word, kind))
    if not kind.low <= int(word) <= kind.high:
        raise ValueError(f"{kind.name} {word} does not exist: write {kind.low} to {kind.high}")
    return int(word)


def _step(item: str, step: str, kind: _Kind, start: int, stop: int) -> int:
    if not step.isdecimal() or len(step) > _LONGEST_NUMBER:
        raise ValueError(_unreadable(item, kind))
    if int(step) == 0:
        raise ValueError(f"{kind.name} {item} has a step of 0: write 1 or more")
    if int(step) > max(1, stop - start):
        raise ValueError(
            f"{kind.name} {item} has a step longer than its range, "
            f"so that {start} alone would match: write {start}"
        )
    return int(step)


def _unreadable(item: str, kind: _Kind) -> str:
    named = f" or names such as {kind.words[1]}" if kind.words else ""
    return (
        f"{kind.name} {item!r} cannot be read: write *, a number from {kind.low} to {kind.high}"
        f"{named}, a range such as {kind.low}-{kind.high}, a step such as */2, "
        "or a list of these with commas"
    )


def _check_that_days_come(days: frozenset[int], months: frozenset[int], text: str) -> None:
    longest = max(_LONGEST_MONTHS[month - 1] for month in months)
    if min(days) > longest:
        raise ValueError(
            f"{text!r} never comes: none of its months has a day {min(days)}; "
            f"write a day up to {longest}, or 1 of the month after"
        )
