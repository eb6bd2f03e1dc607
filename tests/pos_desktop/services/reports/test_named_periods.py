"""Periods by name, and what stands before a period."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_desktop.services.reports.named_periods import (
    PeriodName,
    days_before,
    days_of,
    period_words,
)

FRIDAY = date(2026, 11, 27)
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("name", "first", "last", "before", "words"),
    [
        ("today", "2026-11-27", "2026-11-27", "2026-11-26 2026-11-26", "the day before"),
        ("yesterday", "2026-11-26", "2026-11-26", "2026-11-25 2026-11-25", "the day before"),
        (
            "this-week",
            "2026-11-23",
            "2026-11-27",
            "2026-11-16 2026-11-20",
            "the same days of the week before",
        ),
        ("last-week", "2026-11-16", "2026-11-22", "2026-11-09 2026-11-15", "the week before"),
        (
            "this-month",
            "2026-11-01",
            "2026-11-27",
            "2026-10-01 2026-10-27",
            "the same days of the month before",
        ),
        ("last-month", "2026-10-01", "2026-10-31", "2026-09-01 2026-09-30", "the month before"),
        (
            "this-year",
            "2026-01-01",
            "2026-11-27",
            "2025-01-01 2025-11-27",
            "the same days of the year before",
        ),
        (
            "last-12-months",
            "2025-11-28",
            "2026-11-27",
            "2024-11-28 2025-11-27",
            "the 365 days before",
        ),
    ],
)
def test_named_periods_and_what_stands_before_them(
    name: str, first: str, last: str, before: str, words: str
) -> None:
    days = days_of(PeriodName(name), FRIDAY)
    assert (days[0].isoformat(), (days[1] - DAY).isoformat()) == (first, last)
    (early, end), said = days_before(days, FRIDAY)
    assert f"{early} {end - DAY}" == before
    assert said == words


@pytest.mark.parametrize(
    ("first", "end", "before", "words"),
    [
        ("2026-01-01", "2027-01-01", "2025-01-01", "the 12 months before"),
        ("2026-02-01", "2026-04-01", "2025-12-01", "the 2 months before"),
        ("2026-11-02", "2026-11-16", "2026-10-19", "the 2 weeks before"),
        ("2026-11-03", "2026-11-10", "2026-10-27", "the 7 days before"),
    ],
)
def test_whole_months_and_weeks_stand_beside_such(
    first: str, end: str, before: str, words: str
) -> None:
    days = date.fromisoformat(first), date.fromisoformat(end)
    (early, last), said = days_before(days, FRIDAY)
    assert (early.isoformat(), last) == (before, days[0])
    assert said == words


@given(st.dates(date(2000, 1, 1), date(2100, 12, 31)), st.sampled_from(list(PeriodName)))
def test_a_period_and_what_stands_before_it_never_overlap(today: date, name: PeriodName) -> None:
    first, end = days_of(name, today)
    assert first < end <= today + DAY
    (early, last), words = days_before((first, end), today)
    assert early < last <= first
    assert words
    assert period_words(name)
