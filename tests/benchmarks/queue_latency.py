"""How soon a job is picked up, and what a long history costs; the disk's wait is left out.

Commits return before they are on the disk here: what a commit costs is the disk's matter, and its
noise would hide the rest. How long the idle runners were left alone is POS_BENCH_IDLE_SECONDS.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC
from pathlib import Path

from pos_queue.codec import Codec
from pos_queue.context import JobContext
from pos_queue.database import Database
from pos_queue.engine.claims import Claims
from pos_queue.engine.runner import Runner
from pos_queue.intake import Intake
from pos_queue.job import Job, Registry
from pos_queue.owners.wake import WakeSender
from pos_queue.premises import Premises, Terms
from pos_queue.testing.file_database import FileDatabase

from pos_desktop.cli.bench.figure import Figure, of_times
from pos_desktop.domain.clock import SystemClock
from tests.benchmarks import scene

TIMES = 500
LIMIT_MS = 5.0
HISTORY = 1_000_000
SCHEDULED = 100_000
CLAIMS = 2_000
IDLE_RUNNERS = 10
IDLE_SECONDS = float(os.environ.get("POS_BENCH_IDLE_SECONDS", "30"))


class _Arrivals:
    """A job that tells how long it was on its way."""

    def __init__(self) -> None:
        self.taken: list[float] = []
        self.arrived = threading.Event()

    def body(self, _context: JobContext, *, sent: float) -> None:
        self.taken.append(time.perf_counter() - sent)
        self.arrived.set()

    def registry(self) -> Registry:
        return Registry((Job(name="arrive", body=self.body),))


def _premises(folder: Path, registry: Registry) -> Premises:
    clock = SystemClock()
    return Premises(
        database=FileDatabase(folder / "queue.sqlite", clock, synchronous="OFF"),
        file=folder / "queue.sqlite",
        locks=folder / "locks" / "queue",
        registry=registry,
        codec=Codec(registry, seal_key=b"k" * 32),
        clock=clock,
        chance=random.random,
        new_id=lambda: uuid.uuid4().hex,
        zone=UTC,
    )


@contextmanager
def _working(premises: Premises) -> Iterator[Runner]:
    runner = Runner(premises, Terms(workers=4))
    thread = threading.Thread(target=runner.run)
    thread.start()
    time.sleep(0.5)
    try:
        yield runner
    finally:
        runner.stop()
        thread.join()


def _here(folder: Path) -> list[float]:
    """Enqueue in the worker's own process."""
    arrivals = _Arrivals()
    premises = _premises(folder, arrivals.registry())
    premises.database.make_tables()  # type: ignore[attr-defined]
    with _working(premises), WakeSender(premises.locks) as sender:
        intake = _intake(premises, sender)
        _send(intake, arrivals.arrived.wait, arrivals.arrived.clear)
    premises.database.close()
    return arrivals.taken


def _there(folder: Path) -> list[float]:
    """Enqueue in another process; the machine's clock is one for both."""
    arrivals = _Arrivals()
    premises = _premises(folder, arrivals.registry())
    premises.database.make_tables()  # type: ignore[attr-defined]
    with _working(premises):
        subprocess.run([sys.executable, "-m", __name__, str(folder)], check=True)
        arrivals.arrived.wait(10)
    premises.database.close()
    return arrivals.taken


def _idle(folder: Path) -> list[float]:
    """Let runners lie idle, then enqueue the first job of each."""
    taken: list[float] = []
    with ExitStack() as working:
        intakes = []
        for number in range(IDLE_RUNNERS):
            place, arrivals = folder / str(number), _Arrivals()
            place.mkdir()
            premises = _premises(place, arrivals.registry())
            premises.database.make_tables()  # type: ignore[attr-defined]
            working.callback(premises.database.close)
            sender = working.enter_context(WakeSender(premises.locks))
            working.enter_context(_working(premises))
            intakes.append((_intake(premises, sender), arrivals))
        time.sleep(IDLE_SECONDS)
        for intake, arrivals in intakes:
            intake.enqueue("arrive", {"sent": time.perf_counter()})
            arrivals.arrived.wait(10)
            taken += arrivals.taken
    return taken


def _intake(premises: Premises, sender: WakeSender) -> Intake:
    return Intake(
        premises.database,
        premises.registry,
        premises.codec,
        premises.clock,
        lambda _until: sender.wake_others(),
    )


def _send(intake: Intake, wait: Callable[[float], object], clear: Callable[[], object]) -> None:
    for _time in range(TIMES):
        clear()
        intake.enqueue("arrive", {"sent": time.perf_counter()})
        wait(10)
        time.sleep(0.003)


def _claims(folder: Path, *, history: int) -> list[float]:
    """Claim jobs one by one beside a history and what waits for a later moment."""
    premises = _premises(folder, _Arrivals().registry())
    database = premises.database
    database.make_tables()  # type: ignore[attr-defined]
    intake = _intake(premises, WakeSender(premises.locks))
    with database.write():
        for _job in range(CLAIMS):
            intake.enqueue("arrive", {"sent": 0.0})
        _fill(database, history)
    claims, taken = Claims(database, "bench"), []
    now = int(time.time() * 1000) + 1
    for _job in range(CLAIMS):
        with database.write():
            began = time.perf_counter()
            claims.take(now)
            taken.append(time.perf_counter() - began)
    database.close()
    return taken


_WAITING = "job, queue, priority, sensitive, created_at, payload"


def _fill(database: Database, history: int) -> None:
    columns = (
        "job, queue, priority, failures, sensitive, created_at, run_at, payload"
        if _has(database, "job_history", "run_at")
        else "job, queue, priority, failures, sensitive, created_at, payload"
    )
    database.execute_sql(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT ?) "
        f"INSERT INTO job_history (number, state, attempts, finished_at, {columns}) "
        f"SELECT 10000000 + i, 'done', 1, i, {columns} FROM n, "
        "(SELECT * FROM jobs LIMIT 1) WHERE ? > 0",
        (max(history, 1), history),
    )
    if history:
        database.execute_sql(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT ?) "
            f"INSERT INTO jobs ({_WAITING}, state, run_at) "
            f"SELECT {_WAITING}, 'scheduled', 9999999999999 + i "
            "FROM n, (SELECT * FROM jobs LIMIT 1)",
            (SCHEDULED,),
        )


def _has(database: Database, table: str, column: str) -> bool:
    rows = database.execute_sql(f"PRAGMA table_info({table})").fetchall()
    return column in {row[1] for row in rows}


def run() -> Iterator[Figure]:
    """Measure picking up in the same process and from another, and claims beside a history."""
    places = (
        ("same process", _here),
        ("another process", _there),
        (f"after {IDLE_SECONDS:g} s idle", _idle),
    )
    for name, measure in places:
        with scene.folder() as folder:
            yield of_times(f"enqueue to body running, {name}", measure(folder), below=LIMIT_MS)
    with scene.folder() as folder:
        empty = _claims(folder, history=0)
    with scene.folder() as folder:
        full = _claims(folder, history=HISTORY)
    found = of_times(
        f"claim beside {HISTORY:,} finished and {SCHEDULED:,} scheduled",
        full,
        reference=("beside none", empty),
    )
    assert found.ratio is not None
    yield Figure(
        what=found.what,
        p50=found.p50,
        p99=found.p99,
        reference=found.reference,
        reference_p50=found.reference_p50,
        reference_p99=found.reference_p99,
        ratio=found.ratio,
        limit="ratio <= 1.2",
        ok=found.ratio <= 1.2,
        samples=found.samples,
    )


if __name__ == "__main__":
    there = _premises(Path(sys.argv[1]), _Arrivals().registry())
    with WakeSender(there.locks) as waker:
        _send(_intake(there, waker), lambda _seconds: time.sleep(0.01), lambda: None)
    there.database.close()
