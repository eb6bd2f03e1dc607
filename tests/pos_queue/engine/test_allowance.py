"""How many jobs may be begun; whoever is refused is told when there is room again."""

from __future__ import annotations

import pytest
from pos_queue.engine.allowance import Allowance


@pytest.fixture
def told() -> list[str]:
    return []


def allowance(told: list[str], most: int | None) -> Allowance:
    made = Allowance(most)
    made.refilled = lambda: told.append("refilled")
    return made


def test_no_more_than_allowed_is_begun(told: list[str]) -> None:
    some = allowance(told, 3)
    assert [some.take(), some.take(5), some.take()] == [1, 2, 0]
    used_up = [some.is_used_up]
    some.took(1, 1)
    some.took(2, 2)
    assert [*used_up, some.is_used_up] == [False, True]
    assert told == []


def test_whoever_was_refused_hears_that_others_did_not_need_it(told: list[str]) -> None:
    """Else the last job would wait for ever: one looked too early, the other was not let look."""
    some = allowance(told, 1)
    assert [some.take(), some.take()] == [1, 0]
    some.took(1, 0)
    assert told == ["refilled"]
    assert some.take() == 1
    some.took(1, 0)
    assert told == ["refilled"]


def test_nobody_is_told_when_nothing_comes_back_or_all_is_over(told: list[str]) -> None:
    some = allowance(told, 1)
    assert [some.take(), some.take()] == [1, 0]
    some.took(1, 1)
    assert told == []
    some.close()
    some.give_back(1)
    assert told == []
    assert some.is_used_up


def test_without_an_end_nobody_is_refused(told: list[str]) -> None:
    some = allowance(told, None)
    assert some.take(100) == 100
    some.took(100, 0)
    assert told == []
