"""How many jobs a second: ours beside the least that SQLite needs, Huey's own storage, and a peer.

All with every commit on the disk. Five rounds, each of all in turn; the median counts.
"""

from __future__ import annotations

import random
import sqlite3
import statistics
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import persistqueue
from huey import SqliteHuey
from pos_queue import schema
from pos_queue.codec import Codec
from pos_queue.engine.job_engine import JobEngine
from pos_queue.intake import Intake
from pos_queue.job import Job, Registry

from pos_desktop.cli.bench.figure import Figure
from pos_desktop.domain.clock import SystemClock
from pos_desktop.storage.database import ShopDatabase
from tests.benchmarks import scene

ROUNDS = 5
JOBS = 2_000
PAYLOAD = {"text": "x" * 80}
Seconds = float
"""For one job."""


def _raw(folder: Path) -> Seconds:
    """Claim and complete each row in two transactions: what one job by one costs at least."""
    file = sqlite3.connect(folder / "raw.sqlite", isolation_level=None)
    file.execute("PRAGMA journal_mode = WAL")
    file.execute("PRAGMA synchronous = FULL")
    file.execute("CREATE TABLE job (id INTEGER PRIMARY KEY, state TEXT, payload BLOB, at INTEGER)")
    file.execute("CREATE INDEX ready ON job (id) WHERE state = 'ready'")
    file.execute("BEGIN")
    rows = [(b"x" * 120,)] * JOBS
    file.executemany("INSERT INTO job (state, payload) VALUES ('ready', ?)", rows)
    file.execute("COMMIT")
    began = time.perf_counter()
    while row := _claim_raw(file):
        file.execute("BEGIN IMMEDIATE")
        file.execute("UPDATE job SET state = 'done', at = 1 WHERE id = ?", row)
        file.execute("COMMIT")
    taken = time.perf_counter() - began
    file.close()
    return taken / JOBS


def _claim_raw(file: sqlite3.Connection) -> Any:
    file.execute("BEGIN IMMEDIATE")
    row = file.execute(
        "UPDATE job SET state = 'running' WHERE id = (SELECT id FROM job WHERE state = 'ready' "
        "ORDER BY id LIMIT 1) RETURNING id"
    ).fetchone()
    file.execute("COMMIT")
    return row


class _Countdown:
    """Says when the last job was run; none of them says more than that."""

    def __init__(self) -> None:
        self._left = JOBS
        self.done = threading.Event()

    def __call__(self, *_arguments: Any, **_named: Any) -> None:
        self._left -= 1
        if not self._left:
            self.done.set()


def _ours(folder: Path, *, grouped: bool) -> Seconds:
    """Run our jobs by one worker, in a shop's file, with all that is kept of each."""
    clock, countdown = SystemClock(), _Countdown()
    database = ShopDatabase(folder / f"ours {grouped}.sqlite", clock)
    with database.write():
        for statement in schema.statements():
            database.execute_sql(statement)
        database.execute_sql("CREATE TABLE effect (n INTEGER)")

    def write(_context: Any, *, text: str) -> None:
        database.execute_sql("INSERT INTO effect VALUES (?)", (len(text),))
        countdown()

    def body(_context: Any, *, text: str) -> None:
        countdown(text)

    registry = Registry((Job(name="job", body=write if grouped else body, grouped=grouped),))
    codec = Codec(registry, seal_key=b"k" * 32)
    intake = Intake(database, registry, codec, clock)
    with database.write():
        for _job in range(JOBS):
            intake.enqueue("job", PAYLOAD)
    engine = JobEngine(
        "bench",
        registry=registry,
        codec=codec,
        chance=random.random,
        database=database,
        owner="bench",
        clock=clock,
    )
    consumer = engine.create_consumer(workers=1, periodic=False)
    consumer.handles_signals = False
    taken = _timed(consumer, countdown)
    done = "SELECT count(*) FROM job_history WHERE state = 'done'"
    assert database.value(done) == JOBS
    database.close()
    return taken


def _huey(folder: Path) -> Seconds:
    """Run jobs by Huey's own storage, which deletes each before it runs and keeps nothing."""
    huey = SqliteHuey(filename=str(folder / "huey.db"), results=False, fsync=True)
    countdown = _Countdown()
    task = huey.task()(countdown.__call__)
    for _job in range(JOBS):
        task(**PAYLOAD)
    consumer = huey.create_consumer(workers=1, periodic=False, initial_delay=0.001, max_delay=0.001)
    consumer._set_signal_handlers = lambda: None
    taken = _timed(consumer, countdown)
    huey.storage.close()
    return taken


def _timed(consumer: Any, countdown: _Countdown) -> Seconds:
    began = time.perf_counter()
    consumer.start()
    countdown.done.wait()
    taken = time.perf_counter() - began
    consumer.stop(graceful=True)
    return taken / JOBS


def _peer(folder: Path) -> Seconds:
    """Get and acknowledge items of a queue from PyPI, without running anything."""
    queue = persistqueue.SQLiteAckQueue(str(folder / "peer"), multithreading=True)
    for _job in range(JOBS):
        queue.put(PAYLOAD)
    began = time.perf_counter()
    for _job in range(JOBS):
        queue.ack(queue.get())
    taken = time.perf_counter() - began
    queue.close()
    return taken / JOBS


def run() -> Iterator[Figure]:
    """Measure all in turn; ratios are of speeds: above 1 is faster than the raw loop."""
    measured: dict[str, Callable[[Path], Seconds]] = {
        "raw": _raw,
        "a job, one by one": lambda folder: _ours(folder, grouped=False),
        "a job, grouped": lambda folder: _ours(folder, grouped=True),
        "a job of SqliteHuey": _huey,
        "an item of persist-queue": _peer,
    }
    times: dict[str, list[Seconds]] = {name: [] for name in measured}
    for _round in range(ROUNDS):
        for name, measure in measured.items():
            with scene.folder() as folder:
                times[name].append(measure(folder))
    least = {"a job, one by one": 1.0, "a job, grouped": 5.0}
    raw = times.pop("raw")
    for name, taken in times.items():
        yield _figure(name, taken, raw, least.get(name))


def _figure(name: str, taken: list[Seconds], raw: list[Seconds], least: float | None) -> Figure:
    ratio = statistics.median(raw) / statistics.median(taken)
    return Figure(
        what=name,
        p50=1e3 * statistics.median(taken),
        p99=1e3 * max(taken),
        reference="raw loop",
        reference_p50=1e3 * statistics.median(raw),
        reference_p99=1e3 * max(raw),
        ratio=ratio,
        limit="" if least is None else f"ratio >= {least:g}",
        ok=None if least is None else ratio >= least,
        samples=len(taken),
    )
