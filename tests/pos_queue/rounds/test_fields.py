"""Crontab texts are read as Huey and cron read them, and what cannot be read is explained."""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import date, datetime, time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pos_queue.rounds.fields import Fields, parse

from tests.pos_queue.rounds.cron_texts import TEXTS, huey_matches

DAY = 24 * 60


def _parse(text: str) -> Fields | None:
    """Return the fields, None if it is said that they never come."""
    try:
        return parse(text)
    except ValueError as error:
        told = str(error)
    assert "never comes" in told
    return None


@settings(max_examples=60, deadline=None)
@given(TEXTS, st.dates(date(2020, 1, 1), date(2040, 12, 31)))
def test_a_day_has_the_minutes_that_huey_finds(text: str, day: date) -> None:
    read, matches = _parse(text), huey_matches(text)
    times = set(read.times) if read and read.has_day(day) else set()
    for minute in range(DAY):
        moment = datetime.combine(day, time(minute // 60, minute % 60))
        assert matches(moment) == (minute in times), moment


@given(TEXTS)
def test_what_is_said_never_to_come_never_comes(text: str) -> None:
    if _parse(text) is None:
        leap_year = (date.fromordinal(date(2028, 1, 1).toordinal() + n) for n in range(366))
        matches = huey_matches(" ".join(["*", "*", *text.split()[2:]]))
        assert not any(matches(datetime.combine(day, time())) for day in leap_year)


def test_names_and_sunday_as_7_stand_for_numbers() -> None:
    assert parse("0 6 * jan,MAR-may mon-fri") == parse("0 6 * 1,3-5 1-5")
    assert parse("0 6 * * 7") == parse("0 6 * * 0") == parse("0 6 * * sun")
    assert parse("0 6 * * fri-sun") == parse("0 6 * * 5-7") == parse("0 6 * * 0,5,6")
    assert parse("0 6 * * *").weekdays == frozenset(range(7))


def test_either_day_is_enough_unless_one_begins_with_a_star() -> None:
    friday, thirteenth = date(2026, 3, 6), date(2026, 4, 13)
    assert [parse("0 6 13 * 5").has_day(day) for day in (friday, thirteenth)] == [True, True]
    assert [parse("0 6 13 * *").has_day(day) for day in (friday, thirteenth)] == [False, True]
    assert [parse("0 6 */2 * 5").has_day(day) for day in (friday, thirteenth)] == [False, False]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("@daily", "5 fields are needed and '@daily' has 1: write minute hour day month weekday"),
        ("* * * * * *", "has 6"),
        ("60 * * * *", "minute 60 does not exist: write 0 to 59"),
        ("* 24 * * *", "hour 24 does not exist: write 0 to 23"),
        ("* * 0 * *", "day 0 does not exist: write 1 to 31"),
        ("* * * 13 *", "month 13 does not exist: write 1 to 12"),
        ("* * * * 8", "weekday 8 does not exist: write 0 to 7"),
        ("*/0 * * * *", "minute */0 has a step of 0: write 1 or more"),
        ("*/90 * * * *", "has a step longer than its range, so that 0 alone would match: write 0"),
        ("5/10 * * * *", "minute 5/10 has a step but no range: write 5-59/10"),
        ("* 22-6 * * *", "hour 22-6 runs backwards: write 22-23,0-6"),
        ("* * * nov-feb *", "month nov-feb runs backwards: write nov-12,1-feb"),
        ("* * 30,31 2 *", "none of its months has a day 30; write a day up to 29"),
        ("* * 31 apr,jun *", "none of its months has a day 31; write a day up to 30"),
        ("x * * * *", "minute 'x' cannot be read: write *, a number from 0 to 59, a range"),
        ("* * * * fry", "weekday 'fry' cannot be read: write *, a number from 0 to 7 or names"),
        ("1,,2 * * * *", "minute '' cannot be read"),
        ("-5 * * * *", "minute '-5' cannot be read"),
        ("² * * * *", "minute '²' cannot be read"),
        ("٣ * * * *", "minute '٣' cannot be read"),
        ("*/x * * * *", "minute '*/x' cannot be read"),
        (f"{'9' * 5000} * * * *", "cannot be read"),
    ],
)
def test_errors_say_what_is_wrong_and_what_to_write(text: str, told: str) -> None:
    with pytest.raises(ValueError) as refused:
        parse(text)
    assert told in str(refused.value)


@given(TEXTS | st.text("0123456789*/-, \tabcsun@", max_size=30))
def test_whatever_is_written_is_read_or_explained(text: str) -> None:
    try:
        told = f"write {parse(text).times}"
    except ValueError as error:
        told = str(error)
    assert re.search(r"write .*\d", told)


def test_the_rules_are_imported_without_huey() -> None:
    names = ("backoff", "rate", "network.breaker", "network.drain", "rounds.cron")
    rules = ", ".join(f"pos_queue.{name}" for name in names)
    told = subprocess.run(
        [sys.executable, "-c", f"import sys; import {rules}; print(*sys.modules)"],
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert "pos_queue.rounds.calendar" in told.stdout.split()
    assert "huey" not in told.stdout.split()
