"""What the children of the tests do."""

from __future__ import annotations

import ctypes
import faulthandler
import io
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from queue import Queue
from typing import TYPE_CHECKING

from pos_queue.children import frames

if TYPE_CHECKING:
    from pos_queue.children.pool import ChildPool


class Expected(Exception):
    """An error that the parent expects."""

    data = {"key": "value"}  # noqa: RUF012


class MoreExpected(Expected):
    """One of its kind."""


def count(to: int) -> Iterator[int]:
    yield from range(to)


def echo(value: object) -> object:
    return value


def refuse() -> Iterator[int]:
    yield 1
    raise MoreExpected("not today")


def fail() -> Iterator[int]:
    yield 1
    print("before the end")
    raise KeyError("gone")


def leave(code: int) -> Iterator[int]:
    yield 1
    sys.stderr.write("leaving")
    sys.stderr.flush()
    os._exit(code)


def die() -> Iterator[int]:
    yield 1
    os.kill(os.getpid(), signal.SIGKILL)


def hang() -> Iterator[int]:
    yield os.getpid()
    threading.Event().wait()


def spin() -> Iterator[int]:
    yield 1
    while True:
        pass


def backtrack() -> Iterator[int]:
    """Hang in C code that keeps the interpreter's lock."""
    yield os.getpid()
    re.match("(a+)+$", "a" * 60 + "b")


def chatter() -> Iterator[int]:
    for _line in range(5_000):
        print("x" * 99)
        sys.stderr.write("y" * 99 + "\n")
    yield 1


def unmarshallable() -> Iterator[object]:
    yield object()


def tell_progress(path: str, size: int) -> Iterator[bytes]:
    """Write down how many results were given away."""
    for number in range(1_000):
        Path(path + ".new").write_text(str(number))
        Path(path + ".new").replace(path)
        yield bytes(size)


def modules() -> list[str]:
    return sorted(sys.modules)


def environment() -> dict[str, object]:
    return {"flags": sys.flags.utf8_mode, "last": goes_last(), "stdin": sys.stdin.read()}


def goes_last() -> bool:
    """Tell whether everything else of the machine goes before this process."""
    if sys.platform == "linux":
        found = os.sched_getscheduler(0) == os.SCHED_IDLE
    elif sys.platform == "win32":
        found = False
    else:
        found = os.nice(0) >= 10
    return found


def parent_of_a_child(name: str) -> None:
    """Start a child, tell its process id, and wait: what a test kills."""
    from pos_queue.children.stream import run_stream

    stream = run_stream(f"{__name__}:{name}", {})
    print(next(stream), flush=True)
    threading.Event().wait()


def parent_of_a_pool(names: list[str]) -> None:
    """Start a child for each name and a spare one, and tell their process ids in a line."""
    from pos_queue.children.pool import ChildPool

    pool = ChildPool(len(names), seconds=time.monotonic)
    pids: Queue[int] = Queue()
    for name in names:
        args = (pool, f"{__name__}:tell_and", {"name": name})
        threading.Thread(target=_run_in, args=(*args, pids.put), daemon=True).start()
    running = [pids.get() for _name in names]
    while len(pool._children) <= len(running) or any(not child.pid for child in pool._children):
        time.sleep(0.01)
    print(*(child.pid for child in pool._children), flush=True)
    threading.Event().wait()


def _run_in(
    pool: ChildPool, target: str, args: dict[str, object], told: Callable[[int], None]
) -> None:
    pool.run(target, args, limit=None, on_item=told)


def tell_and(name: str) -> Iterator[int]:
    """Tell the process id, then call a function of this module."""
    yield os.getpid()
    globals()[name]()


def pid() -> int:
    return os.getpid()


def count_and_return(to: int) -> Generator[int, None, str]:
    yield from range(to)
    return f"{to} in all"


def hang_in_python() -> None:
    while True:
        pass


def hang_in_sleep() -> None:
    time.sleep(1_000)


def hang_in_recv() -> None:
    one, _other = socket.socketpair()
    one.recv(1)


def hang_in_regex() -> None:
    re.match("(a+)+$", "a" * 60 + "b")


def say_and_hang_in_regex(text: str) -> None:
    print(text)
    hang_in_regex()


def hang_in_c_with_the_lock() -> None:
    ctypes.PyDLL(None).sleep(1_000)


def hang_in_a_lock() -> None:
    lock = threading.Lock()
    with lock, lock:
        pass


def stand_still() -> None:
    """Hang so that no handler of a signal is run any more."""
    os.kill(os.getpid(), signal.SIGSTOP)


def yield_for_ever() -> Iterator[int]:
    while True:
        yield 1


def talk_and_hang(text: str) -> None:
    print(text)
    time.sleep(1_000)


def nap_between(seconds: float) -> Iterator[int]:
    """Tell the process id before and after some sleep."""
    yield os.getpid()
    time.sleep(seconds)
    yield os.getpid()


def sleep(seconds: float) -> None:
    time.sleep(seconds)


def segfault() -> None:
    ctypes.string_at(0)


def exit_with(code: int) -> None:
    os._exit(code)


def kill_itself() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def close_all_files() -> None:
    os.closerange(3, 100)


def need_too_much_memory() -> None:
    bytearray(1 << 62)


def give_what_is_not_plain() -> object:
    return object()


def give_too_much() -> bytes:
    return bytes(frames.LONGEST_FRAME)


class Unprintable(Exception):
    """An error whose text is an error."""

    def __str__(self) -> str:
        raise ValueError("no text")


def raise_unprintable() -> None:
    raise Unprintable


def leave_politely() -> None:
    sys.exit("bye")


class Unplain(Exception):
    """An error with more than plain values."""

    data = object()


def refuse_with_what_is_not_plain() -> None:
    raise Unplain("refused")


def say_and_fail(text: str) -> None:
    print(text)
    os.write(2, text.encode())
    raise KeyError(text)


def talk(text: str) -> None:
    print(text)
    os.write(2, text.encode())


def leave_a_thread() -> int:
    threading.Thread(target=threading.Event().wait, daemon=True).start()
    return os.getpid()


def leave_a_mess() -> int:
    """Leave a timer that would end the process, a closed and a replaced standard stream."""
    faulthandler.dump_traceback_later(0.4, exit=True)
    sys.stdout = io.StringIO()
    return os.getpid()


def close_standard_output() -> int:
    sys.stdout.close()
    return os.getpid()


def start_a_process_and_hang() -> Iterator[int]:
    with subprocess.Popen(["sleep", "1000"]) as process:
        yield process.pid


def remember(what: str) -> None:
    remembered.append(what)


def recall() -> list[str]:
    return remembered


remembered: list[str] = []


def refuse_to_get_ready() -> None:
    raise RuntimeError("the shop is shut")


def command_line() -> str:
    return Path("/proc/self/cmdline").read_text()
