"""Slots by policy, in zones whose clocks change, against a model that walks every minute."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pos_queue.rounds.cron import Cron, Due, Missed, next_slot, slots

from tests.pos_queue.rounds.cron_texts import DAILY_TEXTS, has_every_hour, huey_matches

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
NAIROBI, BERLIN, NEW_YORK = map(ZoneInfo, ("Africa/Nairobi", "Europe/Berlin", "America/New_York"))
CHANGES = [
    (NAIROBI, datetime(2026, 3, 29, 1, tzinfo=UTC)),
    (BERLIN, datetime(2026, 3, 29, 1, tzinfo=UTC)),
    (BERLIN, datetime(2026, 10, 25, 1, tzinfo=UTC)),
    (NEW_YORK, datetime(2026, 3, 8, 7, tzinfo=UTC)),
    (NEW_YORK, datetime(2026, 11, 1, 6, tzinfo=UTC)),
    (ZoneInfo("Africa/Cairo"), datetime(2026, 4, 23, 22, tzinfo=UTC)),
    (ZoneInfo("Australia/Lord_Howe"), datetime(2026, 4, 4, 15, tzinfo=UTC)),
    (ZoneInfo("America/St_Johns"), datetime(2010, 11, 7, 2, 31, tzinfo=UTC)),
    (ZoneInfo("Pacific/Apia"), datetime(2011, 12, 30, 10, tzinfo=UTC)),
    (ZoneInfo("Africa/Monrovia"), datetime(1972, 1, 7, 0, 44, 30, tzinfo=UTC)),
]
"""A zone and about when its clocks change: by an hour, half an hour, at midnight, by a day."""

SOME_TIME = st.builds(
    lambda days, minutes: timedelta(days=days, minutes=minutes),
    st.integers(0, 1),
    st.integers(0, 1440) | st.integers(0, 3),
)
SECONDS = st.integers(0, 59).map(lambda seconds: timedelta(seconds=seconds))


def _walk(text: str, start: datetime, stop: datetime, zone: tzinfo) -> Iterator[datetime]:
    """Walk from start to stop and yield the slots: wall minutes are remembered, not computed."""
    matches, follows_hours = huey_matches(text), has_every_hour(text)
    moment = start - timedelta(hours=4)
    wall = _wall(moment, zone)
    seen = {wall}
    while (moment := moment + MINUTE) <= stop:
        before, wall = wall, _wall(moment, zone)
        skipped = [before + n * MINUTE for n in range(1, (wall - before) // MINUTE)]
        at_fixed = [] if wall in seen else [*skipped, wall]
        seen.update(skipped, [wall])
        if moment >= start and any(map(matches, [wall] if follows_hours else at_fixed)):
            yield moment


def _wall(moment: datetime, zone: tzinfo) -> datetime:
    return moment.astimezone(zone).replace(tzinfo=None, second=0)


def _floor(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0)


@st.composite
def spans(draw: st.DrawFn) -> tuple[tzinfo, datetime, datetime]:
    """Draw a zone with two moments about a change of its clocks, the earlier first."""
    zone, change = draw(st.sampled_from(CHANGES))
    start = _floor(change) - draw(SOME_TIME)
    return zone, start + draw(SECONDS), start + draw(SOME_TIME) + MINUTE + draw(SECONDS)


@settings(max_examples=200, deadline=None)
@given(DAILY_TEXTS, spans(), st.sampled_from(Missed), st.integers(1, 50))
def test_slots_are_those_of_a_walk_through_every_minute(
    text: str, span: tuple[tzinfo, datetime, datetime], missed: Missed, cap: int
) -> None:
    zone, after, now = span
    cron = Cron(text, missed, cap=cap)
    walked = list(_walk(text, _floor(after) + MINUTE, _floor(now), zone))
    due = slots(cron, after, now, zone)
    kept = walked[-(cap if missed is Missed.ALL else 1) :]
    if missed is Missed.SKIP:
        kept = [slot for slot in kept if now - slot <= cron.grace]
    assert due == Due(tuple(kept), len(walked) - len(kept), _floor(now))


@settings(max_examples=60, deadline=None)
@given(DAILY_TEXTS, spans())
def test_the_next_slot_is_the_first_of_the_walk(
    text: str, span: tuple[tzinfo, datetime, datetime]
) -> None:
    zone, now, _ = span
    found = next_slot(Cron(text), now, zone)
    stop = min(found, now + timedelta(days=3))
    walked = list(_walk(text, _floor(now) + MINUTE, stop, zone))
    assert walked == ([found] if found <= stop else [])


@settings(max_examples=60, deadline=None)
@given(
    DAILY_TEXTS,
    st.sampled_from(CHANGES),
    st.sampled_from(Missed),
    st.lists(
        st.integers(0, 300) | st.integers(-7_200, 7_200) | st.integers(-90_000, 90_000),
        max_size=30,
    ),
)
def test_however_the_clock_is_set_no_slot_is_early_or_comes_twice(
    text: str, change: tuple[tzinfo, datetime], missed: Missed, steps: list[int]
) -> None:
    zone, now = change
    cron, after, ran = Cron(text, missed, cap=1_000_000), None, list[datetime]()
    for step in [0, *steps]:
        now += timedelta(seconds=step)
        due = slots(cron, after, now, zone)
        assert all(slot <= now for slot in due.slots)
        assert after is None or due.through >= after
        ran, after = [*ran, *due.slots], due.through
    assert ran == sorted(set(ran))
    if missed is Missed.ALL and after is not None:
        assert ran == list(_walk(text, _floor(change[1]), after, zone))


def _berlin(day: int, hour: int, minute: int = 0, *, month: int) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=BERLIN).astimezone(UTC)


def _all(text: str, start: datetime, stop: datetime) -> list[str]:
    due = slots(Cron(text, Missed.ALL), start - MINUTE, stop, BERLIN)
    return [f"{slot.astimezone(BERLIN):%H:%M%z}" for slot in due.slots]


def test_a_fixed_hour_in_the_gap_of_spring_comes_right_after_it() -> None:
    night = _berlin(29, 0, month=3), _berlin(29, 5, month=3)
    assert _all("30 2 * * *", *night) == ["03:00+0200"]
    assert _all("*/20 2,3 * * *", *night) == ["03:00+0200", "03:20+0200", "03:40+0200"]
    assert _all("30 * * * *", *night) == ["00:30+0100", "01:30+0100", "03:30+0200", "04:30+0200"]


def test_a_fixed_hour_comes_once_in_the_night_that_has_it_twice() -> None:
    night = _berlin(25, 1, 45, month=10), _berlin(25, 3, 15, month=10)
    assert _all("30 2 * * *", *night) == ["02:30+0200"]
    assert _all("0 2,3 * * *", *night) == ["02:00+0200", "03:00+0100"]
    assert _all("30 * * * *", *night) == ["02:30+0200", "02:30+0100"]


NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
"""A Monday."""


def test_of_a_new_job_only_the_present_minute_counts() -> None:
    for missed in Missed:
        cron = Cron("* * * * *", missed)
        assert slots(cron, None, NOON + timedelta(seconds=59), UTC) == Due((NOON,), 0, NOON)
        assert slots(Cron("1 * * * *", missed), None, NOON, UTC) == Due((), 0, NOON)


def test_three_starts_within_a_minute_run_a_slot_once() -> None:
    cron, after, ran = Cron("0 12 * * *", Missed.ONCE), NOON - HOUR, list[datetime]()
    for seconds in (1, 20, 59):
        due = slots(cron, after, NOON + timedelta(seconds=seconds), UTC)
        ran, after = [*ran, *due.slots], due.through
    assert ran == [NOON]


def test_what_is_skipped_may_be_a_little_late() -> None:
    cron = Cron("0 * * * *")
    after = NOON - timedelta(minutes=1)
    late = slots(cron, after, NOON + timedelta(seconds=90), UTC)
    too_late = slots(cron, after, NOON + timedelta(seconds=91), UTC)
    assert (late.slots, late.dropped) == ((NOON,), 0)
    assert (too_late.slots, too_late.dropped) == ((), 1)
    strict = Cron("0 * * * *", grace=timedelta())
    assert slots(strict, after, NOON + timedelta(seconds=59), UTC).slots == (NOON,)
    assert slots(strict, after, NOON + timedelta(seconds=60), UTC).slots == ()


def test_eight_hours_asleep_by_policy() -> None:
    asleep = NOON, NOON + timedelta(hours=8, minutes=5), UTC
    ten = [NOON + n * timedelta(minutes=10) for n in range(1, 49)]
    skip, once, every = (slots(Cron("*/10 * * * *", missed, cap=40), *asleep) for missed in Missed)
    assert (skip.slots, skip.dropped) == ((), 48)
    assert (once.slots, once.dropped) == ((ten[-1],), 47)
    assert (every.slots, every.dropped) == (tuple(ten[-40:]), 8)


def test_a_clock_set_back_gives_nothing_until_it_has_passed_again() -> None:
    cron = Cron("*/10 * * * *", Missed.ALL)
    back = slots(cron, NOON, NOON - HOUR, UTC)
    assert back == Due((), 0, NOON)
    assert slots(cron, back.through, NOON, UTC).slots == ()
    again = NOON + timedelta(minutes=10)
    assert slots(cron, back.through, again, UTC).slots == (again,)


@pytest.mark.parametrize("missed", Missed)
def test_months_and_years_are_counted_without_a_walk(missed: Missed) -> None:
    after = datetime(2000, 1, 1, tzinfo=UTC)
    due = slots(Cron("0 * * * *", missed, cap=3), after, NOON, BERLIN)
    assert len(due.slots) + due.dropped == (NOON - after) // HOUR
    fixed = slots(Cron("30 2 * * *", missed, cap=3), after, NOON, BERLIN)
    assert len(fixed.slots) + fixed.dropped == (NOON - after).days + 1


def test_the_next_slot_may_be_years_away() -> None:
    leap = datetime(2028, 2, 29, tzinfo=timezone(timedelta(hours=3)))
    assert next_slot(Cron("0 0 29 2 *"), NOON, leap.tzinfo or UTC) == leap
    at_a_weekend = next_slot(Cron("0 0 29 2 */6"), datetime(2033, 1, 1, tzinfo=UTC), UTC)
    assert f"{at_a_weekend:%a %d %b %Y}" == "Sat 29 Feb 2048"
    assert next_slot(Cron("0 12 * * *"), NOON, UTC) == NOON + 24 * HOUR
    assert next_slot(Cron("0 12 * * *"), NOON - timedelta(microseconds=1), UTC) == NOON


def test_what_makes_no_sense_is_refused() -> None:
    with pytest.raises(ValueError, match="cap"):
        Cron("* * * * *", cap=0)
    with pytest.raises(ValueError, match="grace"):
        Cron("* * * * *", grace=timedelta(seconds=-1))
    with pytest.raises(ValueError, match="must be aware"):
        slots(Cron("* * * * *"), None, NOON.replace(tzinfo=None), UTC)


def test_a_policy_may_be_given_by_its_word() -> None:
    assert Cron("* * * * *", Missed("all")) == Cron("* * * * *", Missed.ALL)
    assert Cron("* * * * *") != Cron("* * * * *", grace=HOUR)
