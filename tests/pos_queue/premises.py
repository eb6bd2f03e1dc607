"""A queue on a file of its own, with jobs of all kinds: for tests that start real processes.

`python premises.py FOLDER [SECONDS]` works on the queue of a folder until it is told to end by a
line on standard input, by the time, or by a kill.
"""

from __future__ import annotations

import ctypes
import os
import random
import socket
import sys
import threading
import time
import uuid
from datetime import UTC
from pathlib import Path
from typing import Any

from pos_queue import job_in_child
from pos_queue.backoff import Backoff
from pos_queue.codec import Codec
from pos_queue.context import JobContext
from pos_queue.intake import Intake
from pos_queue.job import Registry, RunsIn, job
from pos_queue.job_in_child import Opened
from pos_queue.premises import Premises, Terms
from pos_queue.runner import Runner
from pos_queue.testing.file_database import FileDatabase
from pos_queue.wake import WakeSender

from pos_desktop.domain.clock import SystemClock

SEAL_KEY = b"the seal of the tests' own jobs "
SOON = Backoff(first=0.02, factor=1.0, cap=0.02)
FILE = "queue.sqlite"

RELEASED = threading.Event()
"""Lets threads go that are stuck."""

_databases: dict[str, FileDatabase] = {}


def database_of(folder: Path) -> FileDatabase:
    """Return this process's one database of a folder, its tables made."""
    key = str(folder)
    if key not in _databases:
        is_new = not (folder / FILE).exists()
        _databases[key] = database = FileDatabase(folder / FILE, SystemClock())
        if is_new:
            database.make_tables()
            database.execute_sql("CREATE TABLE effect (job TEXT, key INTEGER, at REAL)")
            database.execute_sql("CREATE TABLE begun (job TEXT, key INTEGER, at REAL)")
    return _databases[key]


def _effect(context: JobContext, name: str, key: int) -> None:
    database = next(iter(_databases.values()))
    sql = "INSERT INTO effect VALUES (?, ?, ?)"
    context.at_completion(lambda: database.execute_sql(sql, (name, key, time.time())))


@job("plain", backoff=SOON)
def plain(context: JobContext, *, key: int) -> None:
    """Leave one effect for the completion."""
    _effect(context, "plain", key)


@job("slow", backoff=SOON)
def slow(context: JobContext, *, key: int, seconds: float = 0.01) -> None:
    """Wait a little, as for a socket."""
    time.sleep(seconds)
    _effect(context, "slow", key)


@job("shaky", backoff=SOON, attempts=1000)
def shaky(context: JobContext, *, key: int) -> None:
    """Fail every other time."""
    if context.attempt % 2:
        raise OSError("not yet")
    _effect(context, "shaky", key)


@job("grouped", grouped=True, backoff=SOON)
def grouped(_context: JobContext, *, key: int) -> None:
    """Only write to the file."""
    database = next(iter(_databases.values()))
    database.execute_sql("INSERT INTO effect VALUES ('grouped', ?, ?)", (key, time.time()))


@job("first", backoff=SOON)
def first(context: JobContext, *, key: int) -> int:
    """Begin a chain."""
    _effect(context, "first", key)
    return key


@job("second", backoff=SOON)
def second(context: JobContext, *, previous: int) -> None:
    """End a chain."""
    _effect(context, "second", previous)


@job("sealed", backoff=SOON)
def sealed(context: JobContext, *, batch: int) -> None:
    """End a batch."""
    _effect(context, "sealed", batch)


@job("failing", backoff=SOON, attempts=3)
def failing(_context: JobContext, *, key: int) -> None:
    """Fail each time."""
    raise ValueError(f"never {key}")


@job("stuck", limit=0.5, attempts=1)
def stuck(_context: JobContext, *, key: int) -> None:
    """Hold a thread far past its limit."""
    RELEASED.wait(60 + key)


@job("rows", queue="heavy", runs_in=RunsIn.CHILD, backoff=SOON)
def rows(context: JobContext, *, key: int, count: int = 50) -> int:
    """Write rows in chunks, and go on after a kill."""
    database = next(iter(_databases.values()))
    for row in range(context.cursor or 0, count):
        with context.chunk():
            database.execute_sql("INSERT INTO effect VALUES ('rows', ?, ?)", (key, row))
            context.checkpoint(row + 1)
        context.progress(row + 1, count, "rows")
    return count


@job("number", queue="heavy", runs_in=RunsIn.CHILD, backoff=SOON, attempts=3)
def number(_context: JobContext, *, how: str, value: Any = None) -> Any:
    """Do one thing or another in a child."""
    if how == "segfault":
        ctypes.string_at(0)
    elif how == "exit":
        os._exit(7)
    elif how == "raise":
        raise ValueError(value)
    return {"value": value, "pid": os.getpid()}


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


@job("hang", queue="heavy", runs_in=RunsIn.CHILD, limit=0.5, attempts=1)
def hang(_context: JobContext, *, how: str, seconds: float = 30.0) -> None:
    """Never come back."""
    _hang_in(how, seconds)


@job("long", queue="heavy", runs_in=RunsIn.CHILD, limit=60.0)
def long(context: JobContext, *, polite: bool) -> None:
    """Run until it is asked to end, or for good."""
    from pos_queue.errors import JobCancelled

    context.progress(1)
    while True:
        time.sleep(0.05)
        if polite and context.cancelled:
            raise JobCancelled("asked")


REGISTRY = Registry(
    (plain, slow, shaky, grouped, first, second, sealed, failing, stuck, rows, number, hang, long)
)
CODEC = Codec(REGISTRY, seal_key=SEAL_KEY)


def prepare(folder: str) -> None:
    """Open the folder in a child."""
    job_in_child.open_with(Opened(database_of(Path(folder)), REGISTRY, CODEC, SystemClock()))


def premises_of(folder: Path) -> Premises:
    """Return what a runner on the queue of a folder needs."""
    return Premises(
        database=database_of(folder),
        file=folder / FILE,
        locks=folder / "locks" / "queue",
        registry=REGISTRY,
        codec=CODEC,
        clock=SystemClock(),
        chance=random.random,
        new_id=lambda: uuid.uuid4().hex,
        zone=UTC,
        prepare=("tests.pos_queue.premises:prepare", {"folder": str(folder)}),
        preload=("tests.pos_queue.premises",),
    )


def sender_of(folder: Path) -> WakeSender:
    """Return what wakes whoever works in a folder."""
    return WakeSender(folder / "locks" / "queue")


def intake_of(folder: Path, sender: WakeSender) -> Intake:
    """Return the door of a folder's queue; it wakes whoever works there."""
    return Intake(
        database_of(folder), REGISTRY, CODEC, SystemClock(), lambda _until: sender.wake_others()
    )


def main(folder: Path, seconds: float | None, workers: int) -> None:
    """Work until told to end."""
    runner = Runner(premises_of(folder), Terms(workers=workers, children=1))
    done = threading.Thread(target=_stop_at_end_of_input, args=(runner, seconds), daemon=True)
    done.start()
    print("working", flush=True)
    runner.run()


def _stop_at_end_of_input(runner: Runner, seconds: float | None) -> None:
    if seconds is not None:
        time.sleep(seconds)
    else:
        sys.stdin.readline()
    runner.stop()


if __name__ == "__main__":
    arguments = sys.argv[1:]
    main(
        Path(arguments[0]),
        float(arguments[1]) if len(arguments) > 1 and arguments[1] != "-" else None,
        int(arguments[2]) if len(arguments) > 2 else 2,
    )
