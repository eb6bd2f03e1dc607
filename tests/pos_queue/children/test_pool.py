"""Children that serve many runs: what comes back, and which child serves."""

from __future__ import annotations

import re
import sys
import threading
import time
from collections.abc import Iterator
from queue import Queue
from typing import Any

import pytest
from pos_queue.children.errors import ChildCrashed, ChildNotReady, ChildRefused
from pos_queue.children.pool import ChildPool
from pos_queue.children.process import Prepare

from tests.pos_queue.processes import SECONDS, is_gone, open_files, wait_until

HERE = "tests.pos_queue.children.child_targets"


@pytest.fixture
def pool() -> Iterator[ChildPool]:
    pool = ChildPool(2, seconds=time.monotonic)
    yield pool
    assert pool.close(SECONDS)


def run(pool: ChildPool, name: str, **args: object) -> Any:
    return pool.run(f"{HERE}:{name}", args, limit=SECONDS)


def crash(pool: ChildPool, name: str, **args: object) -> ChildCrashed:
    with pytest.raises(ChildCrashed) as crashed:
        run(pool, name, **args)
    return crashed.value


def spares(pool: ChildPool) -> list[int | None]:
    return [child.pid for child in pool._idle._children]


def test_a_plain_function_gives_its_value(pool: ChildPool) -> None:
    value = {"a": [1, -(2**70), 2.5, None, True, "Müller\x00", b"\xff", ("x", ())]}
    assert run(pool, "echo", value=value) == value


def test_an_iterator_gives_items_meanwhile_and_a_result_at_its_end(pool: ChildPool) -> None:
    items: list[int] = []
    threads: set[threading.Thread] = set()

    def take(item: int) -> None:
        items.append(item)
        threads.add(threading.current_thread())

    for background in (False, True):
        result = pool.run(
            f"{HERE}:count_and_return", {"to": 3}, limit=9, on_item=take, background=background
        )
        assert (result, items) == ("3 in all", [0, 1, 2])
        items.clear()
    assert threads == {threading.current_thread()}


def test_what_is_large_crosses_both_ways(pool: ChildPool) -> None:
    value = bytes(20 << 20)
    assert run(pool, "echo", value=value) == value


def test_arguments_that_are_not_plain_start_no_child(pool: ChildPool) -> None:
    with pytest.raises(ValueError, match="unmarshallable"):
        run(pool, "echo", value=object())
    assert not pool._children


def test_a_child_is_used_again_so_many_times_then_replaced() -> None:
    pool = ChildPool(1, seconds=time.monotonic, runs_per_child=200)
    first = run(pool, "pid")
    wait_until(lambda: spares(pool)[:-1])
    (spare,) = spares(pool)[:-1]
    assert {run(pool, "pid") for _run in range(199)} == {first}
    assert is_gone(first)
    assert run(pool, "pid") == spare
    assert pool.close(SECONDS)


def test_an_expected_error_comes_back_as_its_sentence_and_the_child_stays(pool: ChildPool) -> None:
    first = run(pool, "pid")
    with pytest.raises(ChildRefused, match="not today") as refused:
        pool.run(f"{HERE}:refuse", {}, limit=SECONDS, expected=[f"{HERE}:Expected"])
    assert (refused.value.kind, refused.value.data) == (f"{HERE}:MoreExpected", {"key": "value"})
    assert run(pool, "pid") == first


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("fail", "KeyError: 'gone'"),
        ("nothing", "AttributeError"),
        ("need_too_much_memory", "MemoryError"),
        ("give_what_is_not_plain", "unmarshallable"),
        ("unmarshallable", "unmarshallable"),
        ("give_too_much", "more than a frame holds"),
        ("raise_unprintable", "exception str() failed"),
        ("leave_politely", "SystemExit: bye"),
    ],
)
def test_an_error_of_the_function_leaves_the_child_as_it_is(
    pool: ChildPool, name: str, told: str
) -> None:
    first = run(pool, "pid")
    crashed = crash(pool, name)
    assert told in str(crashed)
    assert f"in {name}" in crashed.traceback or name in ("nothing", *_ENDS_LATER)
    assert (crashed.died, crashed.exit_code) == (False, None)
    assert run(pool, "pid") == first


_ENDS_LATER = ("give_what_is_not_plain", "unmarshallable", "give_too_much")
"""Those whose function is over when its result turns out to be none."""


def test_an_expected_error_that_cannot_be_told_is_one_like_any_other(pool: ChildPool) -> None:
    expected = [f"{HERE}:Unplain", f"{HERE}:Unprintable"]
    for name in ("refuse_with_what_is_not_plain", "raise_unprintable"):
        with pytest.raises(ChildCrashed) as crashed:
            pool.run(f"{HERE}:{name}", {}, limit=SECONDS, expected=expected)
        assert not crashed.value.died
        assert f"in {name}" in crashed.value.traceback


@pytest.mark.skipif(sys.platform == "win32", reason="processes die otherwise there")
@pytest.mark.parametrize(
    ("name", "args", "code", "told"),
    [
        ("segfault", {}, -11, "in segfault"),
        ("exit_with", {"code": 7}, 7, ""),
        ("exit_with", {"code": 0}, 0, ""),
        ("kill_itself", {}, -9, ""),
        ("close_all_files", {}, 1, "Bad file descriptor"),
    ],
)
def test_the_death_of_a_child_is_told_from_an_error(
    pool: ChildPool, name: str, args: dict[str, object], code: int, told: str
) -> None:
    first = run(pool, "pid")
    crashed = crash(pool, name, **args)
    assert (crashed.died, crashed.exit_code, crashed.traceback) == (True, code, "")
    assert told in crashed.stderr
    assert is_gone(first)
    assert run(pool, "pid") != first


def test_the_output_is_that_of_the_run_and_bounded(pool: ChildPool) -> None:
    first = run(pool, "pid")
    run(pool, "talk", text="of another run")
    assert crash(pool, "say_and_fail", text="mine").stderr in ("mine\nmine", "minemine\n")
    run(pool, "chatter")
    assert crash(pool, "say_and_fail", text="mine").stderr == "mine\nmine"
    assert run(pool, "pid") == first
    run(pool, "talk", text="of another run")
    assert crash(pool, "leave", code=7).stderr == "leaving"
    assert "y" not in crash(pool, "say_and_fail", text="x" * (100 << 10)).stderr


def test_after_a_death_the_spare_child_works_at_once_and_another_gets_ready(
    pool: ChildPool,
) -> None:
    pool.start()
    pool.start()
    wait_until(lambda: spares(pool))
    (first,) = spares(pool)
    assert run(pool, "pid") == first
    wait_until(lambda: len(spares(pool)) == 2)
    spare = spares(pool)[0]
    crash(pool, "exit_with", code=1)
    assert run(pool, "pid") == spare
    wait_until(lambda: len(spares(pool)) == 2)


def test_a_spare_child_that_died_harms_no_run(pool: ChildPool) -> None:
    run(pool, "pid")
    wait_until(lambda: len(spares(pool)) == 2)
    for child in pool._idle._children:
        assert child._process is not None
        child._process.kill()
        child._process.wait(SECONDS)
    assert run(pool, "pid")
    assert run(pool, "pid")


def test_no_more_children_run_than_allowed_and_one_is_ahead(pool: ChildPool) -> None:
    running: list[int] = []
    seen: Queue[tuple[int, int]] = Queue()

    def came(pid: int) -> None:
        running.append(pid)
        alive = [child for child in tuple(pool._children) if not child._is_doomed]
        seen.put((len(running), len(alive)))

    def work(number: int) -> None:
        for _run in range(5):
            target, args = f"{HERE}:nap_between", {"seconds": 0.02}
            pool.run(target, args, limit=SECONDS, on_item=came_and_went, background=number % 2 == 0)

    def came_and_went(pid: int) -> None:
        running.remove(pid) if pid in running else came(pid)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(SECONDS)
    at_work, children = zip(*(seen.get_nowait() for _run in range(40)), strict=True)
    assert max(at_work) == 2
    assert max(children) <= 3


def test_a_spare_is_not_started_where_one_came_back_while_it_was_due() -> None:
    pool = ChildPool(1, seconds=time.monotonic)
    run(pool, "pid")
    wait_until(lambda: len(spares(pool)) == 2)
    before = spares(pool)
    pool._start_spare()
    assert spares(pool) == before
    assert pool.close(SECONDS)


def test_idle_children_that_nobody_needs_are_ended_but_for_one() -> None:
    pool = ChildPool(3, seconds=time.monotonic, idle_seconds=0.05)
    args = {"seconds": 0.2}
    threads = [
        threading.Thread(
            target=pool.run,
            args=(f"{HERE}:sleep", args),
            kwargs={"limit": SECONDS, "background": number == 0},
        )
        for number in range(3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(SECONDS)
    wait_until(lambda: len(pool._children) == 1 and spares(pool))
    (left,) = spares(pool)
    assert run(pool, "pid") == left
    assert pool.close(SECONDS)


@pytest.mark.skipif(sys.platform == "win32", reason="there is no priority for the background")
def test_a_child_of_the_background_never_works_in_the_foreground(pool: ChildPool) -> None:
    def goes_last(*, background: bool) -> tuple[bool, int | None]:
        last = pool.run(f"{HERE}:goes_last", {}, limit=SECONDS, background=background)
        pid = pool.run(f"{HERE}:pid", {}, limit=SECONDS, background=background)
        return last, pid

    before = goes_last(background=False)
    behind = goes_last(background=True)
    assert (before[0], behind[0]) == (False, True)
    again = goes_last(background=False)
    assert again[0] is False
    assert again[1] != behind[1]
    assert goes_last(background=True) == behind


def test_a_run_leaves_nothing_to_the_next_one(pool: ChildPool) -> None:
    first = run(pool, "leave_a_mess")
    run(pool, "sleep", seconds=0.5)
    assert crash(pool, "say_and_fail", text="mine").stderr.startswith("mine")
    assert run(pool, "pid") == first


@pytest.mark.parametrize("name", ["leave_a_thread", "close_standard_output"])
def test_a_child_that_cannot_be_cleared_up_serves_no_more(pool: ChildPool, name: str) -> None:
    first = run(pool, name)
    assert is_gone(first)
    assert run(pool, "pid") != first


def test_what_the_caller_raises_ends_the_child_and_reaches_the_caller(pool: ChildPool) -> None:
    first = run(pool, "pid")

    def refuse(_item: object) -> None:
        raise LookupError("no such job")

    with pytest.raises(LookupError):
        pool.run(f"{HERE}:count", {"to": 9}, limit=SECONDS, on_item=refuse)
    assert is_gone(first)
    assert run(pool, "pid") != first


def test_a_child_is_prepared_once_and_tells_nobody_how() -> None:
    prepare = (f"{HERE}:remember", {"what": "the secret"})
    pool = ChildPool(1, seconds=time.monotonic, preload=["decimal"], prepare=prepare)
    assert not pool._children
    assert [run(pool, "recall") for _run in range(2)] == [["the secret"]] * 2
    assert "decimal" in run(pool, "modules")
    if sys.platform == "linux":
        assert "secret" not in run(pool, "command_line")
    assert pool.close(SECONDS)


@pytest.mark.parametrize("preload", [["no_such_module"], []])
def test_a_child_that_cannot_get_ready_is_not_the_fault_of_the_function(
    preload: list[str],
) -> None:
    prepare: Prepare = (f"{HERE}:refuse_to_get_ready", {})
    pool = ChildPool(1, seconds=time.monotonic, preload=preload, prepare=prepare)
    told = "no_such_module" if preload else "the shop is shut"
    for _run in range(2):
        with pytest.raises(ChildNotReady, match=told) as unready:
            run(pool, "pid")
        assert "Traceback" in unready.value.stderr
    assert pool.close(SECONDS)


def test_a_child_that_takes_too_long_to_get_ready_is_given_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("pos_queue.children.run.START_SECONDS", 0.2)
    prepare: Prepare = (f"{HERE}:hang_in_regex", {})
    pool = ChildPool(1, seconds=time.monotonic, prepare=prepare)
    with pytest.raises(ChildNotReady):
        run(pool, "pid")
    assert pool.close(SECONDS)


@pytest.mark.parametrize(
    ("where", "error"),
    [
        ("subprocess.Popen", BlockingIOError(11, "Resource temporarily unavailable")),
        ("pos_queue.children.process.Output", RuntimeError("can't start new thread")),
    ],
)
def test_a_system_that_gives_no_process_or_thread_is_told(
    pool: ChildPool, monkeypatch: pytest.MonkeyPatch, where: str, error: Exception
) -> None:
    def refuse(*_args: object, **_options: object) -> None:
        raise error

    files = open_files()
    with monkeypatch.context() as patch:
        patch.setattr(where, refuse)
        with pytest.raises(ChildNotReady, match=re.escape(str(error))):
            run(pool, "pid")
        wait_until(lambda: not pool._spare_is_due)
    assert not pool._children
    assert open_files() == files
    assert run(pool, "pid")


def test_a_child_imports_no_window_toolkit_and_nothing_else_of_the_program(
    pool: ChildPool,
) -> None:
    modules = {name.partition(".")[0] for name in run(pool, "modules")}
    assert not {"PySide6", "huey", "peewee", "pytest", "pos_desktop"} & modules
    assert ChildPool.__module__ not in run(pool, "modules")
