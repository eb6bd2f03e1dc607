"""Real processes that work on the queue of a folder, with the jobs of a test, and may be killed.

    place = Place(folder, jobs)
    with place.worker() as worker:
        place.intake.enqueue("work")
        worker.kill()

where `jobs` is a function of a module that takes a Place and returns the jobs: each process makes
its own, on its own connection. A worker stops when its standard input ends.
"""

from __future__ import annotations

import logging
import mmap
import random
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self
from zoneinfo import ZoneInfo

from pos_queue import job_in_child
from pos_queue.children.answer import resolve
from pos_queue.codec import Codec
from pos_queue.engine.runner import Runner
from pos_queue.intake import Intake
from pos_queue.job import Job, Registry
from pos_queue.job_in_child import Opened
from pos_queue.moments import from_ms, to_ms
from pos_queue.owners.wake import WakeSender
from pos_queue.premises import Premises, Terms
from pos_queue.rounds.round import FindRounds
from pos_queue.testing.file_database import FileDatabase

from pos_desktop.domain.clock import SystemClock
from tests.pos_queue.processes import Process, python, wait_until

SEAL_KEY = b"the seal of the tests' own jobs "
CLOCK = "clock"
ZONE = ZoneInfo("Africa/Nairobi")


class SharedClock(SystemClock):
    """A clock whose time stands in a file of the folder, until a test moves it for everybody."""

    def __init__(self, folder: Path) -> None:
        with (folder / CLOCK).open("r+b") as file:
            self._shared = mmap.mmap(file.fileno(), 8)

    def now(self) -> datetime:
        """Return the moment that it was put to, by whatever process."""
        return from_ms(int.from_bytes(self._shared[:8], "little"))

    def put(self, moment: datetime) -> None:
        """Put the clock to a moment, in all processes."""
        self._shared[:8] = to_ms(moment).to_bytes(8, "little")


def share_clock(folder: Path, moment: datetime) -> None:
    """Let the clock of a folder stand at a moment; before any place is made there."""
    (folder / CLOCK).write_bytes(to_ms(moment).to_bytes(8, "little"))


class Place:
    """The queue of a folder as one process has it."""

    def __init__(self, folder: Path, jobs: Callable[[Place], Iterable[Job]]) -> None:
        is_new = not (folder / "queue.sqlite").exists()
        is_shared = (folder / CLOCK).exists()
        self.folder, self._jobs = folder, jobs
        self.chance: Callable[[], float] = random.random
        self.clock = SharedClock(folder) if is_shared else SystemClock()
        self.rounds: FindRounds | None = None
        """What comes round by what stands in the file; set by `jobs`."""
        self.locks = folder / "locks" / "queue"
        # A kill is no power cut: what was written stays written.
        self.database = FileDatabase(folder / "queue.sqlite", self.clock, synchronous="OFF")
        if is_new:
            self.database.make_tables()
            self.database.execute_sql("CREATE TABLE effect (name TEXT, value, at INTEGER)")
        self.sender = WakeSender(self.locks)
        self.registry = Registry()
        self.codec = Codec(self.registry, seal_key=SEAL_KEY)
        self.intake = Intake(
            self.database, self.registry, self.codec, self.clock, lambda _until: self.wake()
        )
        for one in jobs(self):
            self.registry.add(one)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_raised: object) -> None:
        self.close()

    def close(self) -> None:
        self.sender.close()
        self.database.close()

    def wake(self) -> None:
        """Wake the workers."""
        self.sender.wake_others()

    def premises(self) -> Premises:
        """Return what a runner needs."""
        has_children = bool(self.registry.queues_of_children())
        return Premises(
            database=self.database,
            file=self.database.path,
            locks=self.locks,
            registry=self.registry,
            codec=self.codec,
            clock=self.clock,
            chance=self.chance,
            new_id=lambda: uuid.uuid4().hex,
            zone=ZONE,
            rounds=self.rounds,
            prepare=self._prepare() if has_children else None,
        )

    def _prepare(self) -> tuple[str, dict[str, str]]:
        """Return what makes this place in a child."""
        arguments = {"folder": str(self.folder), "jobs": _name(self._jobs)}
        return f"{__name__}:{prepare.__name__}", arguments

    def effect(self, name: str, value: Any = None) -> None:
        """Write something down in the present transaction."""
        sql = "INSERT INTO effect VALUES (?, ?, ?)"
        self.database.execute_sql(sql, (name, value, to_ms(self.clock.now())))

    def effects(self, name: str) -> list[Any]:
        """Return what was written down, in order."""
        return [row[0] for row in self.rows("SELECT value FROM effect WHERE name = ?", name)]

    def rows(self, sql: str, *values: Any) -> list[Any]:
        """Return the rows of a query."""
        return self.database.execute_sql(sql, values).fetchall()

    def unfinished(self) -> int:
        """Count the jobs that wait or run."""
        return int(self.rows("SELECT count(*) FROM jobs")[0][0])

    def process(self, task: Callable[..., None], *arguments: object) -> subprocess.Popen[str]:
        """Start a process that calls a function of a module with a place of its own."""
        words = [_name(task), _name(self._jobs), self.folder, *arguments]
        return python(f"import {__name__} as w; w.main()", *words)

    @contextmanager
    def worker(self, threads: int = 4) -> Iterator[Worker]:
        """Start a process that works on the queue, and end it."""
        worker = Worker(self.process(work, threads))
        try:
            yield worker
        finally:
            worker.close()

    def work_until_done(self, threads: int = 4) -> None:
        """Let a process work until nothing is left; fails the test where it comes to a stand."""
        with self.worker(threads):
            while self.unfinished():
                before = self._progress()
                wait_until(lambda before=before: self._progress() != before)  # type: ignore[misc]

    def _progress(self) -> tuple[int, int]:
        return self.unfinished(), int(self.rows("SELECT count(*) FROM effect")[0][0])


class Worker(Process):
    """A process that works on a queue."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        super().__init__(process)
        assert self.hear() == "working"


def work(place: Place, threads: str) -> None:
    """Work until the standard input ends."""
    runner = Runner(place.premises(), Terms(workers=int(threads)))
    threading.Thread(target=_stop_at_the_end, args=(runner,), daemon=True).start()
    print("working", flush=True)
    runner.run()


def _stop_at_the_end(runner: Runner) -> None:
    sys.stdin.read()
    runner.stop()


def kill_again_and_again(
    place: Place, times: int, pauses: Callable[[], float], threads: int = 4
) -> None:
    """Kill one worker after the other, each after a while; then let one finish the work."""
    for _kill in range(times):
        with place.worker(threads) as worker:
            time.sleep(pauses())
            worker.kill()
    place.work_until_done(threads)


def main(arguments: Sequence[str] = ()) -> None:
    """Call a function with a place of its own: what a process of a test does."""
    logging.disable()
    task, jobs, folder, *rest = arguments or sys.argv[1:]
    with Place(Path(folder), resolve(jobs)) as place:
        resolve(task)(place, *rest)


def prepare(folder: str, jobs: str) -> None:
    """Make the place in a child that runs its jobs."""
    place = Place(Path(folder), resolve(jobs))
    job_in_child.open_with(Opened(place.database, place.registry, place.codec, place.clock))


def _name(function: Callable[..., Any]) -> str:
    return f"{function.__module__}:{function.__qualname__}"


def at(text: str) -> datetime:
    """Return a moment, given as it stands on the wall in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
