"""A rate holds for every window, wastes nothing, and is not held up by a clock set back."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pos_queue.rate import Rate

NOW = 1_790_000_000_000


@st.composite
def rates(draw: st.DrawFn) -> Rate:
    count = draw(st.integers(1, 30))
    seconds = draw(st.floats(0.001, 100) | st.integers(1, 100))
    return Rate(count, seconds, draw(st.integers(1, count)))


def _grants(rate: Rate, moments: Iterable[int]) -> list[int]:
    """Ask at each moment; return those at which one was let through."""
    free, granted = 0, []
    for moment in moments:
        turn = rate.reserve(free, moment)
        if turn.at_ms <= moment:
            granted.append(moment)
        free = turn.free_at_ms
    return granted


def _holds(rate: Rate, granted: list[int]) -> bool:
    """Tell whether any count + 1 grants in a row need more than the window."""
    return all(
        later - first >= rate.seconds * 1000
        for first, later in zip(granted, granted[rate.count :], strict=False)
    )


def _from(now: int, steps: Iterable[int]) -> Iterable[int]:
    for step in steps:
        now += step
        yield now


@given(rates(), st.lists(st.integers(0, 3_000) | st.integers(0, 5), max_size=200))
def test_no_window_holds_more_than_its_count(rate: Rate, steps: list[int]) -> None:
    assert _holds(rate, _grants(rate, _from(NOW, steps)))


@given(rates(), st.lists(st.just(0) | st.integers(0, 20_000), min_size=40, max_size=60))
def test_it_holds_for_those_who_ask_again_and_again(rate: Rate, rests: list[int]) -> None:
    free, now, granted = 0, NOW, []
    for rest in rests:
        now += rest
        turn = rate.reserve(free, now)
        while turn.at_ms > now:
            assert turn.at_ms - now <= rate.gap_ms <= rate.seconds * 1000 + 1
            now, free = turn.at_ms, turn.free_at_ms
            turn = rate.reserve(free, now)
        granted.append(now)
        free = turn.free_at_ms
    assert len(granted) == len(rests)
    assert _holds(rate, granted)


@given(st.integers(1, 20), st.integers(1, 1_000), st.data())
def test_the_whole_count_can_be_had(count: int, gap: int, data: st.DataObject) -> None:
    burst = data.draw(st.integers(1, count))
    window = gap * (count - burst + 1)
    rate = Rate(count, window / 1000, burst)
    asked = [NOW] * count + [NOW + after for after in range(window)]
    granted = _grants(rate, asked)
    assert granted.count(NOW) == burst
    assert len(granted) == count


@given(
    rates(),
    st.lists(st.tuples(st.integers(0, 2_000), st.integers(0, 5) | st.integers(0, 10**9))),
)
def test_a_clock_set_back_again_and_again_grants_no_more(
    rate: Rate, steps: list[tuple[int, int]]
) -> None:
    """Moments are those that really pass; the clock loses some of them, or years."""
    passed, clock, free, granted = 0, NOW, 0, []
    for step, back in steps:
        passed, clock = passed + step, clock + step - back
        turn = rate.reserve(free, clock)
        free = turn.free_at_ms
        if turn.at_ms <= clock:
            granted.append(passed)
    assert _holds(rate, granted)


@given(rates(), st.integers(0, 10**12))
def test_a_clock_set_back_holds_nobody_up_for_more_than_a_gap(rate: Rate, back: int) -> None:
    free = rate.reserve(0, NOW).free_at_ms
    clock = NOW - back
    turn = rate.reserve(free, clock)
    assert turn.at_ms <= clock + rate.gap_ms
    asked_early = rate.reserve(turn.free_at_ms, max(clock, turn.at_ms - 1))
    assert rate.reserve(asked_early.free_at_ms, turn.at_ms + rate.gap_ms).at_ms <= (
        turn.at_ms + rate.gap_ms
    )


def test_what_is_not_granted_is_not_counted() -> None:
    rate = Rate(count=4, seconds=60)
    free = rate.reserve(0, NOW).free_at_ms
    assert free == NOW + 15_000
    for _ in range(100):
        assert rate.reserve(free, NOW + 14_999) == (NOW + 15_000, free)
    assert rate.reserve(free, NOW + 15_000) == (NOW + 15_000, NOW + 30_000)


def test_what_makes_no_sense_is_refused() -> None:
    for count, burst in ((0, 1), (3, 0), (3, 4)):
        with pytest.raises(ValueError, match="burst"):
            Rate(count, 1, burst)
    for seconds in (0, -1, float("inf"), float("nan")):
        with pytest.raises(ValueError, match="seconds"):
            Rate(1, seconds)
