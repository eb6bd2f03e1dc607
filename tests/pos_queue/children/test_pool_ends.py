"""Runs of a pool that are ended: at their limit, on request, with the pool, with the parent."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from queue import Queue
from typing import Any

import pytest
from pos_queue.children import process
from pos_queue.children.cancel import Cancel
from pos_queue.children.errors import ChildCancelled, ChildTimedOut
from pos_queue.children.pool import ChildPool

from tests.pos_queue.processes import SECONDS, is_gone, open_files, wait_until

HERE = "tests.pos_queue.children.child_targets"
HANGS = (
    "hang_in_python",
    "hang_in_sleep",
    "hang_in_recv",
    "hang_in_regex",
    "hang_in_c_with_the_lock",
    "hang_in_a_lock",
)
HOLD_NO_LOCK = ("hang_in_a_lock", "hang_in_python", "hang_in_recv")
HOLD_THE_LOCK = ("hang_in_regex", "hang_in_c_with_the_lock", "hang_in_regex")

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="processes end otherwise there")


@pytest.fixture
def pool() -> Iterator[ChildPool]:
    pool = ChildPool(2, seconds=time.monotonic, preload=[HERE])
    yield pool
    assert pool.close(SECONDS)


@pytest.fixture
def threads() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(9) as threads:
        yield threads


def hang(
    threads: ThreadPoolExecutor,
    pool: ChildPool,
    name: str = "hang_in_a_lock",
    cancel: Cancel | None = None,
) -> tuple[Future[Any], int]:
    """Begin a run that hangs; return it and its child's process id once it is under way."""
    pids: Queue[int] = Queue()
    target, args = f"{HERE}:tell_and", {"name": name}
    run = threads.submit(pool.run, target, args, limit=None, on_item=pids.put, cancel=cancel)
    return run, pids.get(timeout=SECONDS)


def run_to_its_limit(pool: ChildPool, name: str, limit: float = 0.3) -> tuple[int, ChildTimedOut]:
    pids: list[int] = []
    target, args = f"{HERE}:tell_and", {"name": name}
    with pytest.raises(ChildTimedOut) as passed:
        pool.run(target, args, limit=limit, on_item=pids.append)
    return pids[0], passed.value


@pytest.mark.parametrize("name", HANGS)
def test_at_its_limit_a_hanging_child_shows_where_and_is_ended(pool: ChildPool, name: str) -> None:
    pid, passed = run_to_its_limit(pool, name)
    assert passed.seconds == 0.3
    assert passed.stderr.count(f"in {name}") == 1
    assert is_gone(pid)
    assert pool.run(f"{HERE}:pid", {}, limit=SECONDS) != pid


@pytest.mark.parametrize("name", HANGS)
def test_without_signals_a_child_shows_its_stack_shortly_before_its_limit(
    pool: ChildPool, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process, "STACK_BY_SIGNAL", False)
    pid, passed = run_to_its_limit(pool, name)
    assert passed.stderr.count(f"in {name}") == 1
    assert is_gone(pid)


def test_without_signals_a_run_within_its_limit_shows_no_stack(
    pool: ChildPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process, "STACK_BY_SIGNAL", False)
    pool.run(f"{HERE}:pid", {}, limit=0.5)
    _pid, passed = run_to_its_limit(pool, "hang_in_sleep", limit=1.0)
    assert passed.stderr.count("Timeout") == 1


def test_a_limit_takes_what_was_said_before_it_along(pool: ChildPool) -> None:
    with pytest.raises(ChildTimedOut) as passed:
        pool.run(f"{HERE}:talk_and_hang", {"text": "last words"}, limit=0.3)
    assert passed.value.stderr.startswith("last words\n")


def test_signals_that_the_caller_holds_back_reach_a_child_all_the_same(pool: ChildPool) -> None:
    held = {signal.SIGUSR1, signal.SIGIO}
    before = signal.pthread_sigmask(signal.SIG_BLOCK, held)
    try:
        _pid, passed = run_to_its_limit(pool, "hang_in_sleep")
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
    assert "in hang_in_sleep" in passed.stderr


def test_a_limit_counts_from_when_the_child_is_ready() -> None:
    prepare = (f"{HERE}:sleep", {"seconds": 1.0})
    pool = ChildPool(1, seconds=time.monotonic, prepare=prepare)
    assert pool.run(f"{HERE}:pid", {}, limit=0.9)
    assert pool.close(SECONDS)


def test_a_child_that_writes_no_stack_is_ended_too(pool: ChildPool) -> None:
    with pytest.raises(ChildTimedOut) as passed:
        pool.run(f"{HERE}:stand_still", {}, limit=0.2)
    assert passed.value.stderr == ""


def test_a_child_that_never_ends_its_results_is_ended_and_shows_where(pool: ChildPool) -> None:
    with pytest.raises(ChildTimedOut) as passed:
        pool.run(f"{HERE}:yield_for_ever", {}, limit=0.3)
    assert "inside.py" in passed.value.stderr


def test_what_a_child_started_ends_with_it(pool: ChildPool) -> None:
    pids, cancel = list[int](), Cancel()

    def take(pid: int) -> None:
        pids.append(pid)
        cancel.cancel()

    with pytest.raises(ChildCancelled):
        pool.run(f"{HERE}:start_a_process_and_hang", {}, limit=SECONDS, cancel=cancel, on_item=take)
    wait_until(lambda: is_gone(pids[0]))


def test_a_run_is_cancelled_from_another_thread(
    pool: ChildPool, threads: ThreadPoolExecutor
) -> None:
    for name in HANGS:
        cancel = Cancel()
        run, pid = hang(threads, pool, name, cancel)
        cancel.cancel()
        cancel.cancel()
        with pytest.raises(ChildCancelled):
            run.result(SECONDS)
        assert is_gone(pid)


def test_a_cancel_that_was_used_ends_later_runs_before_they_begin(pool: ChildPool) -> None:
    pid = pool.run(f"{HERE}:pid", {}, limit=SECONDS)
    cancel = Cancel()
    cancel.cancel()
    with pytest.raises(ChildCancelled):
        pool.run(f"{HERE}:pid", {}, limit=SECONDS, cancel=cancel)
    assert pool.run(f"{HERE}:pid", {}, limit=SECONDS, cancel=Cancel()) == pid


def test_a_cancel_comes_too_late_for_the_next_run(
    pool: ChildPool, threads: ThreadPoolExecutor
) -> None:
    pid = pool.run(f"{HERE}:pid", {}, limit=SECONDS)
    for _run in range(30):
        cancel = Cancel()
        threads.submit(cancel.cancel)
        try:
            pool.run(f"{HERE}:pid", {}, limit=SECONDS, cancel=cancel)
        except ChildCancelled:
            pid = None
        assert pool.run(f"{HERE}:echo", {"value": 1}, limit=SECONDS) == 1
    assert pid is None or pool.run(f"{HERE}:pid", {}, limit=SECONDS) == pid


def test_whoever_waits_for_a_turn_may_give_up(threads: ThreadPoolExecutor) -> None:
    pool = ChildPool(1, seconds=time.monotonic)
    ends = Cancel()
    running, _pid = hang(threads, pool, cancel=ends)
    cancel = Cancel()
    target = f"{HERE}:pid"
    gives_up = threads.submit(pool.run, target, {}, limit=SECONDS, cancel=cancel)
    waits = threads.submit(pool.run, target, {}, limit=SECONDS)
    wait_until(lambda: pool._turns.waiting == 2)
    cancel.cancel()
    with pytest.raises(ChildCancelled):
        gives_up.result(SECONDS)
    assert not running.done()
    ends.cancel()
    assert waits.result(SECONDS)
    assert pool.close(SECONDS)


def test_a_closed_pool_has_ended_everything(threads: ThreadPoolExecutor) -> None:
    files, before = open_files(), set(threading.enumerate())
    pool = ChildPool(3, seconds=time.monotonic)
    begun = [hang(threads, pool, name) for name in HOLD_THE_LOCK]
    waits = threads.submit(pool.run, f"{HERE}:pid", {}, limit=None)
    wait_until(
        lambda: pool._turns.waiting == 1 and len([one for one in pool._children if one.pid]) == 4
    )
    pids = [child.pid for child in pool._children]
    assert pool.close(SECONDS)
    for run in (waits, *(run for run, _pid in begun)):
        with pytest.raises(ChildCancelled):
            run.result(SECONDS)
    with pytest.raises(ChildCancelled):
        pool.run(f"{HERE}:pid", {}, limit=None)
    pool.start()
    assert pool.close(0)
    assert all(is_gone(pid) for pid in pids)
    assert not [child for child in pids if _is_ours(child)]
    threads.shutdown()
    assert (open_files(), set(threading.enumerate())) == (files, before)


def _is_ours(pid: int | None) -> bool:
    """Tell whether a process is still a child of this one, if only to be buried."""
    try:
        os.waitpid(pid or 0, os.WNOHANG)
    except ChildProcessError:
        return False
    return True


def test_a_pool_that_was_never_used_is_closed_at_once() -> None:
    before = set(threading.enumerate())
    pool = ChildPool(2, seconds=time.monotonic)
    assert pool.close(0)
    assert set(threading.enumerate()) == before


def test_a_pool_may_be_closed_while_its_first_child_gets_ready(
    threads: ThreadPoolExecutor,
) -> None:
    pool = ChildPool(1, seconds=time.monotonic, prepare=(f"{HERE}:sleep", {"seconds": 1_000}))
    run = threads.submit(pool.run, f"{HERE}:pid", {}, limit=None)
    wait_until(lambda: pool._children)
    assert pool.close(SECONDS)
    with pytest.raises(ChildCancelled):
        run.result(SECONDS)


@pytest.mark.parametrize("names", [HOLD_THE_LOCK, HOLD_NO_LOCK])
def test_all_children_end_with_their_parent(names: tuple[str, ...]) -> None:
    code = f"from {HERE} import parent_of_a_pool as start; start({list(names)!r})"
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        children = [int(pid) for pid in parent.stdout.readline().split()]
        assert len(children) == 4
        assert not any(is_gone(pid) for pid in children)
        parent.kill()
        parent.wait(SECONDS)
        for pid in children:
            wait_until(lambda pid=pid: is_gone(pid))  # type: ignore[misc]
