"""A child that leaves the processor to the screen."""

from __future__ import annotations

from collections.abc import Generator

import pytest
from pos_queue.children.background import REST_SECONDS, with_rests


def test_it_rests_after_each_result_and_hands_all_of_them_on() -> None:
    happened: list[object] = []
    results = with_rests(iter("abc"), happened.append)
    handed_on = [(result, len(happened)) for result in results]
    assert handed_on == [("a", 0), ("b", 1), ("c", 2)]
    assert happened == [REST_SECONDS] * 3


def test_it_returns_what_the_results_return() -> None:
    def two() -> Generator[int, None, str]:
        yield 1
        yield 2
        return "end"

    results = with_rests(two(), lambda _seconds: None)
    assert [next(results), next(results)] == [1, 2]
    with pytest.raises(StopIteration) as end:
        next(results)
    assert end.value.value == "end"
