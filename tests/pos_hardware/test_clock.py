"""Time limits end when they should, and sooner when the program closes."""

from __future__ import annotations

import threading

import pytest
from pos_hardware.bounded import TookTooLong, bounded
from pos_hardware.clock import Deadline, SystemClock


class Hands:
    """A clock that is moved by hand; waiting moves it."""

    def __init__(self) -> None:
        self.now = 100.0

    def monotonic(self) -> float:
        return self.now

    def wait(self, event: threading.Event, seconds: float | None) -> bool:
        self.now += seconds or 0
        return event.is_set()


def test_a_deadline_passes() -> None:
    clock = Hands()
    deadline = Deadline(clock, 2.0)
    assert (deadline.left(), deadline.step()) == (2.0, 0.1)
    clock.now += 1.95
    assert deadline.step() == pytest.approx(0.05)
    clock.now += 1
    assert (deadline.left(), deadline.step()) == (0, 0)


def test_a_stop_leaves_only_the_grace() -> None:
    clock, stop = Hands(), threading.Event()
    graceful, sharp = Deadline(clock, 60, stop, grace=0.5), Deadline(clock, 60, stop)
    short = Deadline(clock, 0.2, stop, grace=0.5)
    stop.set()
    assert (graceful.left(), sharp.left()) == (0.5, 0)
    assert short.left() == pytest.approx(0.2)
    clock.now += 0.4
    assert graceful.left() == pytest.approx(0.1)
    assert graceful.within(5).left() == pytest.approx(0.1)


def test_being_overdue_is_told_once() -> None:
    clock = Hands()
    told: list[float] = []
    deadline = Deadline(clock, 3, overdue=lambda: told.append(clock.now), overdue_after=1.5)
    for _ in range(4):
        deadline.left()
        clock.now += 0.6
    deadline.left()
    assert told == [pytest.approx(101.8)]


def test_a_pause_ends_with_the_deadline() -> None:
    clock = Hands()
    Deadline(clock, 1).pause(5)
    assert clock.now == 101


def test_a_call_that_returns_or_raises() -> None:
    deadline = Deadline(SystemClock(), 5)
    assert bounded(lambda: 7, deadline) == 7
    assert bounded(lambda: None, deadline) is None
    with pytest.raises(ZeroDivisionError):
        bounded(lambda: 1 // 0, deadline)


def test_a_call_that_hangs_is_left_and_its_late_result_given_back() -> None:
    go, late = threading.Event(), threading.Event()
    got: list[str] = []

    def hang() -> str:
        go.wait(10)
        return "opened"

    def give_back(result: str) -> None:
        got.append(result)
        late.set()

    with pytest.raises(TookTooLong):
        bounded(hang, Deadline(SystemClock(), 0.05), late=give_back)
    go.set()
    assert late.wait(5)
    assert got == ["opened"]
