"""Backups thin out with age, and the newest is never thrown away."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from pos_desktop.domain.keeping import KeepRule

NOW = datetime(2026, 11, 27, 3, 30, tzinfo=UTC)
USUAL = KeepRule(days=7, weeks=4, months=12)


def _nights(count: int) -> list[datetime]:
    return [NOW - timedelta(days=number) for number in range(count)]


def test_a_year_of_nights_leaves_days_weeks_and_months() -> None:
    kept = sorted(USUAL.kept(_nights(500)), reverse=True)
    assert kept[:7] == _nights(7)
    assert [one.date().isoformat() for one in kept[7:]] == [
        "2026-11-15",
        "2026-11-08",
        *(f"2026-{end}" for end in ("10-31", "09-30", "08-31", "07-31", "06-30", "05-31")),
        *(f"2026-{end}" for end in ("04-30", "03-31", "02-28", "01-31")),
        "2025-12-31",
    ]


def test_a_till_that_was_off_keeps_as_many() -> None:
    """Seven days with a backup, not seven days of the calendar."""
    seldom = [NOW - timedelta(days=40 * number) for number in range(9)]
    assert USUAL.kept(seldom) == set(seldom)


def test_a_week_goes_on_over_the_end_of_the_year() -> None:
    friday = datetime(2027, 1, 1, 3, 30, tzinfo=UTC)
    before = [friday - timedelta(days=number) for number in range(10)]
    kept = KeepRule(days=1, weeks=2, months=0).kept(before)
    assert {one.date().isoformat() for one in kept} == {"2027-01-01", "2026-12-27"}


def test_of_one_day_the_newest_stays() -> None:
    day = [NOW - timedelta(minutes=number) for number in range(5)]
    assert USUAL.kept(day) == {day[0]}


def test_of_one_day_the_last_stays_though_the_clock_was_set_back() -> None:
    set_back = [NOW - timedelta(hours=1), NOW, NOW + timedelta(hours=9)]
    assert USUAL.kept(set_back) == {set_back[0]}
    years_back = [NOW - timedelta(days=2000 + number) for number in range(2)]
    assert set(years_back) < USUAL.kept([*years_back, *_nights(500)])


@given(
    st.lists(st.datetimes(timezones=st.just(UTC)), min_size=1, max_size=40),
    st.integers(0, 5),
    st.integers(0, 5),
    st.integers(0, 5),
)
def test_the_newest_stays_and_never_more_than_the_rule_says(
    moments: list[datetime], days: int, weeks: int, months: int
) -> None:
    kept = KeepRule(days, weeks, months).kept(moments)
    assert moments[0] in kept
    assert kept <= set(moments)
    assert len(kept) <= max(1, days + weeks + months)
