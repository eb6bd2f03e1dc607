"""A queue for tests of jobs: jobs run in the test's own thread, when it says so.

queue = PracticeQueue(tmp_path, [send_receipt])
queue.enqueue("send_receipt", {"sale_id": "..."})
queue.assert_enqueued("send_receipt", sale_id="...")
queue.drain()

A job whose service needs the door of the queue is declared afterwards: `queue.registry.add(job)`.
A job for a child runs in the test's process too, by the rules of a child. Nothing comes round by
itself: `cron.slots` answers when it would, and the job is enqueued by hand. A job that writes into
more than the tables of the queue is handed a `database` that has both.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pos_queue.codec import Cipher, Codec
from pos_queue.database import Database
from pos_queue.engine.job_engine import JobEngine
from pos_queue.intake import Intake
from pos_queue.job import Job, Payload, Registry
from pos_queue.job_in_child import Opened
from pos_queue.network.network import Network, Probe
from pos_queue.testing.clock import StandingClock
from pos_queue.testing.file_database import FileDatabase
from pos_queue.testing.practice_children import PracticeChildren

SEAL_KEY = b"the seal of a practice queue 0 1"
MOST_RUNS = 10_000


@dataclass(frozen=True, slots=True)
class Waiting:
    """A job that is not done yet."""

    number: int
    job: str
    state: str
    payload: Payload
    run_at: int


@dataclass(frozen=True, slots=True)
class Ended:
    """A job that has ended."""

    number: int
    job: str
    state: str
    attempts: int
    error: str | None
    result: Any


class PracticeQueue:
    """Jobs in a file of their own, a clock that stands, and no worker but `drain`."""

    def __init__(
        self,
        folder: Path,
        jobs: Iterable[Job],
        *,
        clock: StandingClock | None = None,
        database: Database | None = None,
        cipher: Cipher | None = None,
        chance: Callable[[], float] = lambda: 0.5,
        probes: Mapping[str, Probe] | None = None,
    ) -> None:
        """Make the queue's tables in a new file, unless a database that has them is handed over."""
        self.clock = clock or StandingClock()
        self.registry = Registry(tuple(jobs))
        self.codec = Codec(self.registry, seal_key=SEAL_KEY, cipher=cipher)
        self.database = database or _new_file(folder / "queue.sqlite", self.clock)
        self.intake = Intake(self.database, self.registry, self.codec, self.clock)
        self.enqueue = self.intake.enqueue
        self._chance = chance
        self._probes = probes
        self._children = PracticeChildren(
            Opened(self.database, self.registry, self.codec, self.clock)
        )
        self.engine = self.new_engine("practice")

    def new_engine(self, owner: str) -> JobEngine:
        """Return a further engine on the file, as another program would have one."""
        engine = JobEngine(
            "practice",
            registry=self.registry,
            codec=self.codec,
            chance=self._chance,
            database=self.database,
            owner=owner,
            clock=self.clock,
            pool=self._children,
        )
        engine.network = Network(
            self.database,
            now=engine.now,
            chance=self._chance,
            ring=engine.ring,
            note=engine.due.note,
            probes=self._probes,
            aside=lambda work: work(),
        )
        return engine

    def run_next(self) -> bool:
        """Run the job whose turn it is; tell whether there was one."""
        self.engine.look_again()
        self.engine.release_due(self.engine.now())
        assert self.engine.network is not None
        self.engine.network()
        task = self.engine.dequeue()
        if task is None:
            return False
        self.engine.execute(task)
        return True

    def drain(self) -> int:
        """Run what is due, and what comes of it, until nothing is; return how many runs that was.

        Raises AssertionError where that would go on for ever.
        """
        for runs in range(MOST_RUNS):
            if not self.run_next():
                return runs
        raise AssertionError(f"still not done after {MOST_RUNS} runs")

    def waiting(self, job: str | None = None) -> list[Waiting]:
        """Return the jobs that are not done yet, in the order of their numbers."""
        rows = self.database.execute_sql(
            "SELECT number, job, state, payload, seal, run_at FROM jobs ORDER BY number"
        ).fetchall()
        found = [
            Waiting(number, name, state, self.codec.read(name, payload, seal).payload, run_at)
            for number, name, state, payload, seal, run_at in rows
        ]
        return [one for one in found if job in (None, one.job)]

    def ended(self, number: int) -> Ended:
        """Return how a job has ended; raises KeyError, with what became of it, where it has not."""
        row = self.database.execute_sql(
            "SELECT number, job, state, attempts, error, result FROM job_history WHERE number = ?",
            (number,),
        ).fetchone()
        if row is None:
            raise KeyError(f"job {number} has not ended: {self._unended(number)}")
        number, job, state, attempts, error, kept = row
        result = self.codec.load(self.registry[job], kept)
        return Ended(number, job, state, attempts, error, result)

    def _unended(self, number: int) -> str:
        row = self.database.execute_sql(
            "SELECT state, (SELECT error FROM job_attempts a WHERE a.number = j.number "
            "ORDER BY attempt DESC LIMIT 1) FROM jobs j WHERE number = ?",
            (number,),
        ).fetchone()
        return ", ".join(filter(None, row)) if row else "there is no such job"

    def assert_enqueued(self, job: str, **payload: Any) -> None:
        """Raise AssertionError unless a job waits whose payload has these values."""
        found = self.waiting(job)
        if not any(payload.items() <= one.payload.items() for one in found):
            raise AssertionError(f"no {job} with {payload} waits, but {found}")

    def assert_not_enqueued(self, job: str) -> None:
        """Raise AssertionError if such a job waits."""
        if found := self.waiting(job):
            raise AssertionError(f"{job} waits: {found}")


def _new_file(path: Path, clock: StandingClock) -> FileDatabase:
    database = FileDatabase(path, clock)
    database.make_tables()
    return database
