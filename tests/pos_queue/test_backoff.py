"""The wait before another try: its ceiling, its jitter, and what cannot be asked."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pos_queue.backoff import CAP_SECONDS, Backoff

CHANCES = st.floats(0, 1, exclude_max=True)
BACKOFFS = st.builds(
    lambda first, factor, more: Backoff(first, factor, first + more),
    st.floats(0.001, 1e4),
    st.floats(1, 100),
    st.floats(0, 1e6),
)


@given(BACKOFFS, st.integers(1, 10_000), CHANCES)
def test_a_wait_lies_between_nothing_and_its_ceiling(
    backoff: Backoff, failures: int, chance: float
) -> None:
    assert 0 <= backoff.delay(failures, chance) < backoff.ceiling(failures) <= backoff.cap


@given(BACKOFFS, st.integers(1, 9_999))
def test_a_ceiling_grows_by_its_factor_up_to_the_cap(backoff: Backoff, failures: int) -> None:
    grown = min(backoff.cap, backoff.ceiling(failures) * backoff.factor)
    assert math.isclose(backoff.ceiling(failures + 1), grown, rel_tol=1e-9)


@given(BACKOFFS, st.integers(1, 10_000), CHANCES, CHANCES)
def test_chance_spreads_evenly(
    backoff: Backoff, failures: int, chance: float, other: float
) -> None:
    gone, left = backoff.delay(failures, chance), backoff.delay(failures, other)
    expected = abs(chance - other) * backoff.ceiling(failures)
    assert math.isclose(abs(gone - left), expected, abs_tol=backoff.cap * 1e-12)


def test_the_first_ceilings_double_and_end_at_ten_minutes() -> None:
    backoff = Backoff(2)
    assert [backoff.ceiling(n) for n in range(1, 6)] == [2, 4, 8, 16, 32]
    assert backoff.ceiling(10_000) == CAP_SECONDS == 600
    assert Backoff(1e308, 1e308, 1.5e308).ceiling(3) == 1.5e308


def test_what_makes_no_sense_is_refused() -> None:
    for first, factor, cap in ((0, 2, 9), (-1, 2, 9), (5, 2, 4), (1, 0.5, 9), (1, 2, math.inf)):
        with pytest.raises(ValueError, match="must be"):
            Backoff(first, factor, cap)
    for chance in (-0.1, 1.0, math.nan):
        with pytest.raises(ValueError, match="from 0 up to"):
            Backoff(1).delay(1, chance)
    with pytest.raises(ValueError, match="1 or more"):
        Backoff(1).delay(0, 0.5)
