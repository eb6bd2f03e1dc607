"""Jobs of all kinds: quick and slow, shaky and stuck, in threads and in children."""

from __future__ import annotations

import ctypes
import os
import socket
import threading
import time
from collections.abc import Iterator
from typing import Any

from pos_queue.backoff import Backoff
from pos_queue.context import JobContext
from pos_queue.errors import JobCancelled
from pos_queue.job import Job, RunsIn

from tests.pos_queue.workers import Place

SOON = Backoff(first=0.02, factor=1.0, cap=0.02)
RELEASED = threading.Event()
"""Lets threads go that are stuck."""


def jobs(place: Place) -> Iterator[Job]:
    """Yield the jobs of all kinds."""
    kinds = _Kinds(place)
    heavy: dict[str, Any] = {"queue": "heavy", "runs_in": RunsIn.CHILD}
    yield Job(name="plain", body=kinds.plain, backoff=SOON)
    yield Job(name="slow", body=kinds.slow, backoff=SOON)
    yield Job(name="shaky", body=kinds.shaky, backoff=SOON, attempts=1000)
    yield Job(name="grouped", body=kinds.grouped, backoff=SOON, grouped=True)
    yield Job(name="first", body=kinds.first, backoff=SOON)
    yield Job(name="second", body=kinds.second, backoff=SOON)
    yield Job(name="sealed", body=kinds.sealed, backoff=SOON)
    yield Job(name="failing", body=failing, backoff=SOON, attempts=3)
    yield Job(name="stuck", body=stuck, limit=0.5, attempts=1)
    yield Job(name="rows", body=kinds.rows, backoff=SOON, **heavy)
    yield Job(name="number", body=number, backoff=SOON, attempts=3, **heavy)
    yield Job(name="hang", body=hang, limit=0.5, attempts=1, **heavy)
    yield Job(name="long", body=long, limit=60.0, **heavy)


class _Kinds:
    """The bodies that write into the file."""

    def __init__(self, place: Place) -> None:
        self._place = place

    def _leave(self, context: JobContext, name: str, key: int) -> None:
        context.at_completion(lambda: self._place.effect(name, key))

    def plain(self, context: JobContext, *, key: int) -> None:
        """Leave one effect for the completion."""
        self._leave(context, "plain", key)

    def slow(self, context: JobContext, *, key: int, seconds: float = 0.01) -> None:
        """Wait a little, as for a socket."""
        time.sleep(seconds)
        self._leave(context, "slow", key)

    def shaky(self, context: JobContext, *, key: int) -> None:
        """Fail every other time."""
        if context.attempt % 2:
            raise OSError("not yet")
        self._leave(context, "shaky", key)

    def grouped(self, _context: JobContext, *, key: int) -> None:
        """Only write to the file."""
        self._place.effect("grouped", key)

    def first(self, context: JobContext, *, key: int) -> int:
        """Begin a chain."""
        self._leave(context, "first", key)
        return key

    def second(self, context: JobContext, *, previous: int) -> None:
        """End a chain."""
        self._leave(context, "second", previous)

    def sealed(self, context: JobContext, *, batch: int) -> None:
        """End a batch."""
        self._leave(context, "sealed", batch)

    def rows(self, context: JobContext, *, key: int, count: int = 50) -> int:
        """Write rows in chunks, and go on after a kill."""
        for row in range(context.cursor or 0, count):
            with context.chunk():
                self._place.effect(f"rows {key}", row)
                context.checkpoint(row + 1)
            context.progress(row + 1, count, "rows")
        return count


def failing(_context: JobContext, *, key: int) -> None:
    """Fail each time."""
    raise ValueError(f"never {key}")


def stuck(_context: JobContext, *, key: int) -> None:
    """Hold a thread far past its limit."""
    RELEASED.wait(60 + key)


def number(_context: JobContext, *, how: str, value: Any = None) -> Any:
    """Do one thing or another in a child."""
    if how == "segfault":
        ctypes.string_at(0)
    elif how == "exit":
        os._exit(7)
    elif how == "raise":
        raise ValueError(value)
    return {"value": value, "pid": os.getpid()}


def hang(_context: JobContext, *, how: str, seconds: float = 30.0) -> None:
    """Never come back."""
    _hang_in(how, seconds)


def _hang_in(how: str, seconds: float) -> None:
    if how == "loop":
        while True:
            pass
    elif how == "gil":
        ctypes.PyDLL(None).usleep(int(seconds * 1e6))
    elif how == "socket":
        here, there = socket.socketpair()
        with here, there:
            here.recv(1)
    elif how == "lock":
        lock = threading.Lock()
        lock.acquire()
        lock.acquire()
    else:
        time.sleep(seconds)


def long(context: JobContext, *, polite: bool) -> None:
    """Run until it is asked to end, or for good."""
    context.progress(1)
    while True:
        time.sleep(0.05)
        if polite and context.cancelled:
            raise JobCancelled("asked")
