"""Work that takes seconds: in turn, told in the end, and stopped between two steps."""

from __future__ import annotations

import threading

from pos_desktop.domain.errors import Cancelled
from pos_desktop.ui.threads.long_work import LongWork


def _long_work(ended: list[str]) -> LongWork:
    return LongWork(lambda act: act(), lambda: ended.append(threading.current_thread().name))


def test_work_is_done_one_after_another_and_told() -> None:
    ended, told, first_may_end = list[str](), list[int](), threading.Event()
    work = _long_work(ended)

    def first() -> int:
        first_may_end.wait(10)
        return 1

    work.run(first, told.append, lambda error: None)
    work.run(lambda: 2, told.append, lambda error: None)
    assert not told
    first_may_end.set()
    assert work.stop(10)
    assert sorted(told) == [1, 2]
    assert ended == ["long work"] * 2


def test_a_failure_is_told() -> None:
    failures, work = list[Exception](), _long_work([])

    def fail() -> None:
        raise ValueError

    work.run(fail, lambda _done: None, failures.append)
    assert work.stop(10)
    assert [type(one) for one in failures] == [ValueError]


def test_work_ends_at_its_next_step_when_told_to_stop() -> None:
    failures, began, steps = list[Exception](), threading.Event(), list[int]()
    work = _long_work([])

    def endless() -> None:
        while True:
            work.tell(lambda: steps.append(1))
            began.set()

    work.run(endless, lambda _done: None, failures.append)
    assert began.wait(10)
    assert work.stop(10)
    assert [type(one) for one in failures] == [Cancelled]


def test_what_only_waits_may_do_so_together() -> None:
    both, told = threading.Barrier(2, timeout=10), list[int]()
    work = LongWork(lambda act: act(), lambda: None, most_at_once=2)
    for _customer in range(2):
        work.run(both.wait, told.append, lambda error: None)
    assert work.stop(10)
    assert sorted(told) == [0, 1]
