"""The database lane: order, what is told, what is left out, and its end."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from pos_desktop.ui.threads.lane import DatabaseLane


def _lane(failed: Callable[[Exception], None] | None = None) -> DatabaseLane:
    def unexpected(error: Exception) -> None:
        raise AssertionError(error)

    return DatabaseLane(lambda act: act(), failed=failed or unexpected)


@dataclass
class Save:
    """A state of a cart on its way to disk."""

    cart: str
    state: int
    written: list[tuple[str, int]]

    @property
    def replaces(self) -> str:
        return self.cart

    def __call__(self) -> None:
        self.written.append((self.cart, self.state))


def test_work_is_done_in_the_order_of_asking() -> None:
    lane, done = _lane(), list[int]()
    for number in range(50):
        lane.submit(lambda number=number: number, done.append)  # type: ignore[misc]
    lane.start()
    assert lane.stop()
    assert done == list(range(50))


def test_of_many_states_of_a_cart_only_the_newest_is_written() -> None:
    lane, written = _lane(), list[tuple[str, int]]()
    for state in range(20):
        lane.keep(Save("a", state, written))
    lane.start()
    assert lane.stop()
    assert written == [("a", 19)]


def test_a_state_is_not_written_ahead_of_what_was_asked_before_it() -> None:
    lane, written = _lane(), list[tuple[str, int]]()
    lane.keep(Save("a", 1, written))
    lane.later(lambda: written.append(("note", 0)))
    lane.keep(Save("a", 2, written))
    lane.keep(Save("b", 3, written))
    lane.start()
    assert lane.stop()
    assert written == [("a", 1), ("note", 0), ("a", 2), ("b", 3)]


def test_idle_means_that_nothing_is_left_to_do() -> None:
    lane, written = _lane(), list[tuple[str, int]]()
    begun, gate = threading.Event(), threading.Event()

    def slow() -> None:
        begun.set()
        gate.wait(5)

    lane.start()
    assert lane.wait_until_idle(0)
    lane.later(slow)
    assert begun.wait(5)
    lane.keep(Save("a", 1, written))
    assert not lane.wait_until_idle(0.01)
    gate.set()
    assert lane.wait_until_idle(5)
    assert written == [("a", 1)]
    assert lane.stop()


def test_a_failure_is_told_and_the_lane_goes_on() -> None:
    told: list[str] = []
    lane, done = _lane(lambda error: told.append(f"later: {error}")), list[str]()

    def fail() -> str:
        raise OSError("full")

    lane.later(fail)  # type: ignore[arg-type]
    lane.submit(fail, done.append, lambda error: told.append(f"asked: {error}"))
    lane.submit(lambda: "fine", done.append)
    lane.start()
    assert lane.stop()
    assert told == ["later: full", "asked: full"]
    assert done == ["fine"]


def test_stopping_finishes_what_waits_and_takes_no_more() -> None:
    ended: list[str] = []
    gate, begun = threading.Event(), threading.Event()
    done: list[str] = []
    lane = DatabaseLane(
        lambda act: act(),
        failed=lambda error: None,
        at_end=lambda: ended.append(threading.current_thread().name),
    )
    lane.start()

    def slow() -> str:
        begun.set()
        gate.wait(5)
        return "first"

    lane.submit(slow, done.append)
    lane.submit(lambda: "second", done.append)
    assert begun.wait(5)
    assert not lane.stop(0.01)
    with pytest.raises(RuntimeError):
        lane.later(lambda: None)
    gate.set()
    assert lane.stop()
    assert done == ["first", "second"]
    assert ended == ["database lane"]


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_what_runs_last_runs_also_where_the_worker_is_ended_by_its_work() -> None:
    def leave() -> None:
        raise SystemExit

    ended: list[bool] = []
    lane = DatabaseLane(
        lambda act: act(), failed=lambda _error: None, at_end=lambda: ended.append(True)
    )
    lane.later(leave)
    lane.start()
    assert lane.stop()
    assert ended == [True]
