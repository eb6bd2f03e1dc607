"""How a licence stands, as a function of activation, trial and moment."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from pos_desktop.domain.errors import Refused
from pos_desktop.domain.licence import (
    Activation,
    LicenceState,
    Plan,
    in_force,
    parse_plans,
    standing,
)

BEGAN = datetime(2026, 1, 1, 9, tzinfo=UTC)
DAY = timedelta(days=1)
S = LicenceState


def activation(
    begins: float = 20, days: float = 30, *, serial: int = 1, **other: int
) -> Activation:
    return Activation(
        serial=serial,
        shop_id="5" * 32,
        till_id="7" * 32,
        plan=Plan("monthly", 1_500_00, 1),
        valid_from=BEGAN + begins * DAY,
        valid_until=BEGAN + (begins + days) * DAY,
        receipt="SKA1B2C3D4",
        **other,
    )


@pytest.mark.parametrize(
    ("day", "state", "left", "is_said"),
    [
        (-400, S.TRIAL, 30, False),
        (0, S.TRIAL, 30, False),
        (22.9, S.TRIAL, 8, False),
        (23, S.TRIAL, 7, True),
        (29.99, S.TRIAL, 1, True),
        (30, S.GRACE, 14, True),
        (43.5, S.GRACE, 1, True),
        (44, S.EXPIRED, 0, True),
        (4_000, S.EXPIRED, 0, True),
    ],
)
def test_a_trial_ends_in_grace_and_that_in_the_end(
    day: float, state: LicenceState, left: int, is_said: bool
) -> None:
    found = standing(None, BEGAN, BEGAN + day * DAY)
    assert (found.state, found.days_left, found.is_to_be_said) == (state, left, is_said)


@pytest.mark.parametrize(
    ("day", "state", "until"),
    [
        (18.9, S.TRIAL, 30),
        (19, S.ACTIVE, 50),  # a clock that is a day behind
        (20, S.ACTIVE, 50),
        (49.9, S.ACTIVE, 50),
        (50, S.GRACE, 64),
        (63.9, S.GRACE, 64),
        (64, S.EXPIRED, 64),
    ],
)
def test_an_activation_counts_for_its_time(day: float, state: LicenceState, until: int) -> None:
    found = standing(activation(), BEGAN, BEGAN + day * DAY)
    assert (found.state, found.until) == (state, BEGAN + until * DAY)


def test_the_activation_says_how_long_trial_and_grace_are() -> None:
    given = activation(20, 30, grace_days=2, trial_days=60)
    assert standing(given, BEGAN, BEGAN + 51 * DAY).state is S.TRIAL
    assert standing(given, BEGAN, BEGAN + 61 * DAY).state is S.GRACE
    assert standing(given, BEGAN, BEGAN + 62 * DAY).state is S.EXPIRED
    without = activation(0, 40, grace_days=0)
    assert standing(without, BEGAN, BEGAN + 40 * DAY).state is S.EXPIRED


def test_an_activation_that_ended_in_the_trial_takes_nothing_of_it() -> None:
    assert standing(activation(1, 5), BEGAN, BEGAN + 10 * DAY).state is S.TRIAL
    assert standing(activation(1, 5), BEGAN, BEGAN + 31 * DAY).until == BEGAN + 44 * DAY


def test_the_one_that_lasts_longest_counts_once_it_has_begun() -> None:
    old, new = activation(0, 30), activation(29, 30, serial=2)
    assert in_force([new, old], BEGAN + 10 * DAY) == old
    assert in_force([old, new], BEGAN + 28 * DAY) == new
    assert in_force([new, old], BEGAN + 400 * DAY) == new
    assert in_force([activation(60, 5, serial=9), new], BEGAN) == new
    assert in_force([], BEGAN) is None


def test_plans_are_read() -> None:
    assert parse_plans("monthly 1 1,500.00; yearly 12 15000") == (
        Plan("monthly", 1_500_00, 1),
        Plan("yearly", 15_000_00, 12),
    )
    assert parse_plans(" ") == ()


@pytest.mark.parametrize(
    "text",
    ["monthly", "monthly 0 1500", "monthly 1 0", "a 1 5; a 2 6", "m 121 5", "m 1 5 6", "m 1 5,5"],
)
def test_a_text_that_is_no_plan_is_refused(text: str) -> None:
    with pytest.raises(Refused):
        parse_plans(text)
