"""A child that leaves the processor to the screen."""

from __future__ import annotations

from pos_queue.background import REST_SECONDS, with_rests


def test_it_rests_after_each_result_and_hands_all_of_them_on() -> None:
    happened: list[object] = []
    results = with_rests(iter("abc"), happened.append)
    handed_on = [(result, len(happened)) for result in results]
    assert handed_on == [("a", 0), ("b", 1), ("c", 2)]
    assert happened == [REST_SECONDS] * 3
