"""What waited is let go a few at first, then more, never more than the cap in an interval."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pos_queue.network.drain import Drain, DrainRules, release

NOW = 1_790_000_000_000


@st.composite
def rules(draw: st.DrawFn) -> DrainRules:
    cap = draw(st.integers(1, 100))
    return DrainRules(draw(st.integers(1, cap)), cap, draw(st.integers(1, 5_000)))


def test_a_night_of_mail_goes_a_few_at_first_and_then_at_a_bounded_rate() -> None:
    waiting, now, lots = 5_000, NOW, []
    drain: Drain | None = Drain(now)
    while drain:
        number, drain = release(waiting, drain, now)
        waiting -= number
        lots.append(number)
        now += 1_000
    assert lots[:6] == [4, 8, 16, 32, 32, 32]
    assert max(lots) == 32
    assert (waiting, sum(lots), len(lots)) == (0, 5_000, 159)


@given(rules(), st.integers(0, 500), st.lists(st.integers(0, 10_000), max_size=100))
def test_it_is_bounded_whenever_one_asks(rule: DrainRules, waiting: int, steps: list[int]) -> None:
    drain: Drain | None = Drain(NOW)
    now, gone = NOW, list[tuple[int, int]]()
    for step in steps:
        if drain is None:
            break
        number, drain = release(waiting, drain, now, rule)
        assert 0 <= number <= min(waiting, rule.cap)
        waiting -= number
        if number:
            gone.append((now, number))
        now += step
    assert (drain is None) <= (waiting == 0)
    assert all(late[0] - early[0] >= rule.every_ms for early, late in pairwise(gone))
    assert all(late[1] <= 2 * early[1] for early, late in pairwise(gone))


def test_one_who_asks_too_early_gets_none_and_one_who_asks_late_gets_one_lot() -> None:
    drain = Drain(NOW + 1_000, lot=2)
    assert release(100, drain, NOW + 999) == (0, drain)
    assert release(100, drain, NOW + 900_000) == (16, Drain(NOW + 901_000, lot=3))


def test_a_clock_set_back_does_not_stop_it() -> None:
    assert release(100, Drain(NOW, lot=1), NOW - 3_600_000).number == 8


def test_lots_of_the_ten_thousandth_second_are_as_large_as_the_cap() -> None:
    assert release(100, Drain(NOW, lot=10_000), NOW).number == 32


def test_where_nothing_waits_there_is_no_drain() -> None:
    assert release(0, Drain(NOW + 5), NOW) == (0, None)
    assert release(4, Drain(NOW), NOW) == (4, None)


def test_what_makes_no_sense_is_refused() -> None:
    for first, cap in ((0, 5), (6, 5)):
        with pytest.raises(ValueError, match="first"):
            DrainRules(first, cap)
    with pytest.raises(ValueError, match="every_ms"):
        DrainRules(every_ms=0)
