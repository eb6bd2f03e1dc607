"""What the children of the tests do."""

from __future__ import annotations

import os
import re
import signal
import sys
import threading
from collections.abc import Iterator
from pathlib import Path


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
    from pos_queue.children import run_stream

    stream = run_stream(f"{__name__}:{name}", {})
    print(next(stream), flush=True)
    threading.Event().wait()


def hang_in_regex() -> None:
    re.match("(a+)+$", "a" * 60 + "b")


def say_and_hang_in_regex(text: str) -> None:
    print(text)
    hang_in_regex()
