"""Functions streamed from a child process of their own, and every way in which those fail."""

from __future__ import annotations

import subprocess
import sys
import threading
from array import array
from pathlib import Path
from queue import Queue
from typing import IO, Any

import pytest
from pos_queue.children import command
from pos_queue.children.errors import (
    ChildCancelled,
    ChildCrashed,
    ChildRefused,
    ChildTimedOut,
)
from pos_queue.children.process import PIPE_BYTES
from pos_queue.children.stream import Stream, run_stream
from pos_queue.children.watch import WATCH_TICKS

from tests.pos_queue.processes import SECONDS, is_gone, wait_until

HERE = "tests.pos_queue.children.child_targets"
EXPECTED = (f"{HERE}:Expected",)


def _stream(name: str, **args: object) -> Stream:
    return run_stream(f"{HERE}:{name}", args, expected=EXPECTED, limit=SECONDS)


def _only(name: str, **args: object) -> Any:
    with _stream(name, **args) as stream:
        (found,) = stream
    return found


def test_results_stream_in_order_and_the_child_ends() -> None:
    with _stream("count", to=1_000) as stream:
        pid = stream.pid
        assert list(stream) == list(range(1_000))
        assert list(stream) == []
    assert is_gone(pid)


def test_plain_values_cross_unchanged() -> None:
    value = {"a": [1, -(2**70), 2.5, None, True, "Müller\x00", b"\xff", ("x", ())]}
    assert _only("echo", value=value) == value


def test_an_expected_error_comes_back_as_its_sentence() -> None:
    with _stream("refuse") as stream:
        assert next(stream) == 1
        with pytest.raises(ChildRefused, match="not today") as refused:
            next(stream)
    assert refused.value.kind == f"{HERE}:MoreExpected"
    assert refused.value.data == {"key": "value"}


def test_any_other_error_comes_back_with_its_traceback() -> None:
    with _stream("fail") as stream:
        assert next(stream) == 1
        with pytest.raises(ChildCrashed, match="KeyError: 'gone'") as crashed:
            next(stream)
    assert "child_targets.py" in crashed.value.traceback
    assert "before the end" in crashed.value.stderr


def test_what_is_not_plain_is_an_error_of_the_function() -> None:
    with pytest.raises(ChildCrashed, match="unmarshallable"):
        list(_stream("unmarshallable"))


def test_a_function_that_is_not_there_is_an_error() -> None:
    with pytest.raises(ChildCrashed, match="AttributeError"):
        list(_stream("nothing"))


def test_a_child_that_leaves_is_noticed() -> None:
    with _stream("leave", code=7) as stream:
        assert next(stream) == 1
        with pytest.raises(ChildCrashed) as crashed:
            next(stream)
    assert (crashed.value.exit_code, crashed.value.stderr) == (7, "leaving")
    assert not crashed.value.traceback


@pytest.mark.skipif(sys.platform == "win32", reason="there are no signals")
def test_a_child_that_is_killed_is_noticed() -> None:
    with pytest.raises(ChildCrashed) as crashed:
        list(_stream("die"))
    assert crashed.value.exit_code == -9


@pytest.mark.parametrize("name", ["hang", "spin", "backtrack"])
def test_a_child_that_hangs_is_ended_at_its_limit_and_shows_where(name: str) -> None:
    with run_stream(f"{HERE}:{name}", {}, limit=0.5) as stream:
        next(stream)
        pid = stream.pid
        with pytest.raises(ChildTimedOut) as passed:
            next(stream)
    assert passed.value.seconds == 0.5
    if sys.platform != "win32":
        assert f"in {name}" in passed.value.stderr
    assert is_gone(pid)


def test_silence_has_a_limit_of_its_own() -> None:
    with run_stream(f"{HERE}:hang", {}, silence=0.3) as stream:
        next(stream)
        with pytest.raises(ChildTimedOut) as passed:
            next(stream)
    assert passed.value.seconds == 0.3


class Looks(threading.Event):
    """What a watch waits on between two looks; tells of each."""

    def __init__(self) -> None:
        super().__init__()
        self.told: Queue[None] = Queue()

    def wait(self, timeout: float | None = None) -> bool:
        over = super().wait(timeout)
        self.told.put(None)
        return over


def test_the_time_that_a_reader_takes_is_no_silence() -> None:
    with run_stream(f"{HERE}:count", {"to": 100_000}, silence=0.5) as stream:
        next(stream)
        looks = stream._watch._done = Looks()
        for _look in range(2 * WATCH_TICKS):
            looks.told.get(timeout=SECONDS)
        assert sum(1 for _number in stream) == 99_999


def test_a_child_is_cancelled_from_another_thread() -> None:
    with _stream("hang") as stream:
        next(stream)
        threading.Timer(0.05, stream.cancel).start()
        with pytest.raises(ChildCancelled):
            next(stream)


def test_leaving_early_ends_the_child() -> None:
    with _stream("spin") as stream:
        next(stream)
        pid = stream.pid
    assert is_gone(pid)


@pytest.mark.skipif(sys.platform == "win32", reason="what a pipe holds is told otherwise there")
def test_a_child_stands_still_while_its_reader_does(tmp_path: Path) -> None:
    progress = tmp_path / "progress"
    with _stream("tell_progress", path=str(progress), size=1 << 16) as stream:
        for _item in range(5):
            next(stream)
        assert stream._child._process is not None
        assert stream._child._process.stdout is not None
        _wait_until_full(stream._child._process.stdout)
        assert 4 <= int(progress.read_text()) < 12 + PIPE_BYTES // (1 << 16)
        assert sum(1 for _item in stream) == 995


def _wait_until_full(pipe: IO[bytes]) -> None:
    """Return when no further result fits into a pipe."""
    import fcntl
    import termios

    held = array("i", [0])
    for _look in range(100 * SECONDS):
        fcntl.ioctl(pipe, termios.FIONREAD, held)
        if held[0] > PIPE_BYTES - (1 << 16):
            return
        threading.Event().wait(0.01)
    pytest.fail(f"only {held[0]} bytes wait in the pipe")


def test_what_a_child_prints_is_bounded_and_spoils_nothing() -> None:
    with _stream("chatter") as stream:
        assert list(stream) == [1]
        assert 50_000 < len(stream._child.stderr_of_last_run()) <= 64 << 10


@pytest.mark.skipif(sys.platform == "win32", reason="processes are killed otherwise there")
@pytest.mark.parametrize("name", ["hang", "backtrack"])
def test_a_child_ends_with_its_parent(name: str) -> None:
    code = f"from {HERE} import parent_of_a_child as start; start({name!r})"
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        assert not is_gone(child)
        parent.kill()
        parent.wait(SECONDS)
        wait_until(lambda: is_gone(child))


def test_a_child_imports_no_window_toolkit_and_nothing_else_of_the_program() -> None:
    modules = _only("modules")
    assert not [name for name in modules if name.startswith(("PySide6", "pytest", "pos_desktop"))]
    assert "pos_queue.children.stream" not in modules
    assert "__main__" in modules


def test_the_catalogue_reader_starts_light() -> None:
    preload = ["pos_desktop.documents.product_rows"]
    with run_stream(f"{HERE}:modules", {}, limit=SECONDS, preload=preload) as stream:
        (modules,) = stream
    heavy = {"PySide6", "openpyxl", "xlsxwriter", "python_calamine", "zipfile", "peewee"}
    assert not heavy & {name.partition(".")[0] for name in modules}


def test_a_child_has_no_input_speaks_utf8_and_may_yield_to_the_till() -> None:
    with run_stream(f"{HERE}:environment", {}, background=True, limit=SECONDS) as stream:
        (found,) = stream
    assert found["flags"] == 1
    assert found["stdin"] == ""
    assert sys.platform == "win32" or found["last"]


def test_a_child_in_the_foreground_keeps_its_place() -> None:
    with run_stream(f"{HERE}:goes_last", {}, limit=SECONDS) as stream:
        assert list(stream) == [False]


def test_a_child_that_died_before_it_was_asked_is_a_crash() -> None:
    with pytest.raises(ChildCrashed, match="child ended with 1") as crashed:
        list(run_stream(f"{HERE}:count", {"to": 2}, preload=["no_such_module"]))
    assert "no_such_module" in crashed.value.stderr


def test_a_frozen_program_calls_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    line = command.child_command(17)
    assert line == [sys.executable, command.FROZEN_ARGUMENT, "17"]
    assert not command.frozen_child(["pos-desktop", "--demo", "x"])
