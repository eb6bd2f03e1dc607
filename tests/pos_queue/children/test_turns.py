"""Turns, first come first served."""

from __future__ import annotations

import threading
from concurrent.futures import Future, ThreadPoolExecutor

import pytest
from pos_queue.children.cancel import Cancel
from pos_queue.children.turns import GaveUp, Turns

from tests.pos_queue.processes import SECONDS, wait_until


def _take(turns: Turns, cancel: Cancel, had: list[int], number: int) -> None:
    with turns.turn(cancel):
        had.append(number)


def _queue_up(
    threads: ThreadPoolExecutor, turns: Turns, cancels: list[Cancel], had: list[int]
) -> list[Future[None]]:
    waiting = []
    for number, cancel in enumerate(cancels):
        waiting.append(threads.submit(_take, turns, cancel, had, number))
        wait_until(lambda number=number: turns.waiting == number + 1)  # type: ignore[misc]
    return waiting


def test_turns_come_in_the_order_of_asking_and_whoever_gives_up_is_passed_over() -> None:
    turns, had = Turns(1), list[int]()
    cancels = [Cancel() for _number in range(5)]
    with ThreadPoolExecutor(5) as threads, turns.turn(Cancel()):
        waiting = _queue_up(threads, turns, cancels, had)
        cancels[2].cancel()
        with pytest.raises(GaveUp):
            waiting[2].result(SECONDS)
        assert turns.waiting == 4
    assert had == [0, 1, 3, 4]
    with turns.turn(Cancel()):
        assert turns.waiting == 0


def test_a_turn_that_was_given_is_not_taken_back() -> None:
    turns, cancel, goes_on = Turns(1), Cancel(), threading.Event()

    def hold() -> bool:
        with turns.turn(cancel):
            return goes_on.wait(SECONDS)

    with ThreadPoolExecutor(1) as threads:
        with turns.turn(Cancel()):
            holds = threads.submit(hold)
            wait_until(lambda: turns.waiting)
        wait_until(lambda: not turns.waiting)
        cancel.cancel()
        goes_on.set()
        assert holds.result(SECONDS)


def test_a_turn_is_given_back_after_an_error() -> None:
    turns, cancel = Turns(1), Cancel()
    late = threading.Timer(SECONDS, cancel.cancel)
    late.start()
    for _time in range(2):
        with pytest.raises(LookupError), turns.turn(cancel):
            raise LookupError
    late.cancel()


def test_closed_turns_are_given_to_nobody() -> None:
    turns, had = Turns(1), list[int]()
    with ThreadPoolExecutor(2) as threads:
        with turns.turn(Cancel()):
            waiting = _queue_up(threads, turns, [Cancel(), Cancel()], had)
            turns.close()
            for one in waiting:
                with pytest.raises(GaveUp):
                    one.result(SECONDS)
        with pytest.raises(GaveUp), turns.turn(Cancel()):
            pass
    assert not had


def test_a_cancel_that_was_used_takes_no_turn() -> None:
    cancel = Cancel()
    cancel.cancel()
    with pytest.raises(GaveUp), Turns(1).turn(cancel):
        pass
