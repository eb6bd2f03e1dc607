"""Functions called after a while."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from queue import Queue

import pytest
from pos_queue.children.alarms import Alarms

from tests.pos_queue.processes import SECONDS, wait_until


@pytest.fixture
def alarms() -> Iterator[Alarms]:
    alarms = Alarms(time.monotonic)
    yield alarms
    assert alarms.close(SECONDS)


def test_alarms_ring_in_their_order_whenever_they_were_set(alarms: Alarms) -> None:
    rung: Queue[str] = Queue()
    alarms.after(0.2, lambda: rung.put("last"))
    alarms.after(0.1, lambda: rung.put("second"))
    alarms.after(0, lambda: rung.put("first"))
    assert [rung.get(timeout=SECONDS) for _alarm in range(3)] == ["first", "second", "last"]


def test_an_alarm_may_be_taken_back(alarms: Alarms) -> None:
    rung: Queue[str] = Queue()
    alarms.off(alarms.after(0.05, lambda: rung.put("wrong")))
    with alarms.within(0.05, lambda: rung.put("wrong")):
        pass
    with alarms.within(None, lambda: rung.put("wrong")):
        pass
    alarms.after(0.1, lambda: rung.put("right"))
    assert rung.get(timeout=SECONDS) == "right"


def test_a_block_that_takes_too_long_is_told(alarms: Alarms) -> None:
    rung = threading.Event()
    with alarms.within(0.01, rung.set):
        assert rung.wait(SECONDS)


def test_an_alarm_may_set_another(alarms: Alarms) -> None:
    rung = threading.Event()
    alarms.after(0, lambda: alarms.after(0, rung.set))
    assert rung.wait(SECONDS)


def test_time_is_the_time_of_the_clock_it_was_given() -> None:
    now = [0.0]
    alarms = Alarms(lambda: now[0])
    rung: Queue[str] = Queue()
    alarms.after(1_000, lambda: rung.put("late"))
    wait_until(lambda: alarms._looks_at == 1_000)
    now[0] = 2_000
    alarms.after(-1_500, lambda: rung.put("earlier"))
    assert [rung.get(timeout=SECONDS) for _alarm in range(2)] == ["earlier", "late"]
    assert alarms.close(SECONDS)


def test_closed_alarms_ring_no_more_and_leave_no_thread() -> None:
    before = set(threading.enumerate())
    alarms = Alarms(time.monotonic)
    assert alarms.close(0)
    alarms = Alarms(time.monotonic)
    rung: Queue[str] = Queue()
    alarms.after(0.01, lambda: rung.put("wrong"))
    wait_until(lambda: set(threading.enumerate()) != before)
    assert alarms.close(SECONDS)
    alarms.after(0, lambda: rung.put("wrong"))
    assert set(threading.enumerate()) == before


def test_an_alarm_that_fails_is_logged_and_holds_up_no_other(
    alarms: Alarms, caplog: pytest.LogCaptureFixture
) -> None:
    def fail() -> None:
        raise LookupError("nobody there")

    rung = threading.Event()
    alarms.after(0, fail)
    alarms.after(0, rung.set)
    assert rung.wait(SECONDS)
    assert "nobody there" in caplog.text


def test_alarms_that_hang_are_told(alarms: Alarms) -> None:
    begun, goes_on = threading.Event(), threading.Event()

    def hang() -> None:
        begun.set()
        goes_on.wait(SECONDS)

    alarms.after(0, hang)
    assert begun.wait(SECONDS)
    assert not alarms.close(0)
    goes_on.set()
