"""Periods by name, as people ask for them, and which period stands before another."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from enum import StrEnum

from pos_desktop.domain.text import _, ngettext

Days = tuple[date, date]
"""The first day of a period, and the day after its last."""

_DAY = timedelta(days=1)
_WEEK = timedelta(days=7)
_MONTHS = 12


class PeriodName(StrEnum):
    """A period that has a name; the value is its name for scripts."""

    TODAY = "today"
    YESTERDAY = "yesterday"
    THIS_WEEK = "this-week"
    """From Monday to today."""
    LAST_WEEK = "last-week"
    THIS_MONTH = "this-month"
    """From its first day to today."""
    LAST_MONTH = "last-month"
    THIS_YEAR = "this-year"
    """From 1 January to today."""
    LAST_12_MONTHS = "last-12-months"
    """The year that ends today."""


def period_words(name: PeriodName) -> str:
    """Return what people call a period."""
    return {
        PeriodName.TODAY: _("Today"),
        PeriodName.YESTERDAY: _("Yesterday"),
        PeriodName.THIS_WEEK: _("This week"),
        PeriodName.LAST_WEEK: _("Last week"),
        PeriodName.THIS_MONTH: _("This month"),
        PeriodName.LAST_MONTH: _("Last month"),
        PeriodName.THIS_YEAR: _("This year"),
        PeriodName.LAST_12_MONTHS: _("Last 12 months"),
    }[name]


def days_of(name: PeriodName, today: date) -> Days:
    """Return the days of a period as it is today."""
    tomorrow, monday, month = today + _DAY, today - today.weekday() * _DAY, today.replace(day=1)
    return {
        PeriodName.TODAY: (today, tomorrow),
        PeriodName.YESTERDAY: (today - _DAY, today),
        PeriodName.THIS_WEEK: (monday, tomorrow),
        PeriodName.LAST_WEEK: (monday - _WEEK, monday),
        PeriodName.THIS_MONTH: (month, tomorrow),
        PeriodName.LAST_MONTH: (months_before(month, 1), month),
        PeriodName.THIS_YEAR: (date(today.year, 1, 1), tomorrow),
        PeriodName.LAST_12_MONTHS: (months_before(tomorrow, _MONTHS), tomorrow),
    }[name]


def months_before(day: date, count: int) -> date:
    """Return the same day so many months before, or the last of that month where it is shorter."""
    months = day.year * _MONTHS + day.month - 1 - count
    year, month = divmod(months, _MONTHS)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def days_before(days: Days, today: date) -> tuple[Days, str]:
    """Return the days that stand before others, and what people call them.

    Before whole months stand as many months, before whole weeks as many weeks. Before a year, month
    or week that began on its first day and ends today stand the same days of the one before. Before
    anything else stand as many days. Raises OverflowError or ValueError before the first of all.
    """
    first, end = days
    if first.day == end.day == 1:
        count = (end.year - first.year) * _MONTHS + end.month - first.month
        return (months_before(first, count), first), _months_words(count)
    if end == today + _DAY and (so_far := _so_far(first, today)):
        return so_far
    length = (end - first).days
    before = first - (end - first), first
    if first.weekday() == 0 and length % 7 == 0:
        weeks = ngettext("the week before", "the {count} weeks before", length // 7)
        return before, weeks.format(count=length // 7)
    words = ngettext("the day before", "the {count} days before", length)
    return before, words.format(count=length)


def _months_words(count: int) -> str:
    words = ngettext("the month before", "the {count} months before", count)
    return words.format(count=count)


def _so_far(first: date, today: date) -> tuple[Days, str] | None:
    """Return the same days of the year, month or week before, where one began on that day."""
    if first == date(today.year, 1, 1) != today.replace(day=1):
        before = first.replace(year=first.year - 1)
        return (before, months_before(today, _MONTHS) + _DAY), _("the same days of the year before")
    if first == today.replace(day=1) != today:
        last = months_before(today, 1)
        return (months_before(first, 1), last + _DAY), _("the same days of the month before")
    if first == today - today.weekday() * _DAY != today:
        days = first - _WEEK, today + _DAY - _WEEK
        return days, _("the same days of the week before")
    return None
