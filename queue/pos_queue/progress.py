"""How far running jobs are: kept beside the table of jobs, so that no payload is written anew."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from pos_queue.clock import Clock
from pos_queue.codec import Codec
from pos_queue.context import JobContext
from pos_queue.database import Database
from pos_queue.engine.claims import Claim, check_held, lost
from pos_queue.job import Job
from pos_queue.moments import to_ms

SHOWN_SECONDS = 0.5
"""How often progress is written at most: a person looks, no program."""
ASKED_SECONDS = 0.2
"""How often a running job looks whether somebody wants it to end, or has paused its queue."""
WRITES_PER_CHECKPOINT = 50
"""After how many transactions a job brings the log into the file, so that no sale need do so."""


class FileReports:
    """Where the words of a job's context go: into the file, under the fence of its claim."""

    def __init__(
        self, database: Database, job: Job, claim: Claim, codec: Codec, clock: Clock
    ) -> None:
        self._database = database
        self._job = job
        self._claim = claim
        self._codec = codec
        self._clock = clock
        self._ends = None if job.limit is None else clock.monotonic() + job.limit
        self._shown = self._asked = float("-inf")
        self._cancelled = self._paused = False
        self._writes = 0

    def first_cursor(self) -> Any:
        """Return what an earlier attempt has kept."""
        if not self._claim.has_progress:
            return None
        body = cursor_of(self._database, self._claim.number)
        return self._codec.load(self._job, body)

    def progress(self, done: int, total: int | None, message: str) -> None:
        """Show how far the job is, unless that was done a moment ago."""
        now = self._clock.monotonic()
        if now < self._shown + SHOWN_SECONDS and done != total:
            return
        self._shown = now
        said = None if self._claim.sensitive else message
        with self.write():
            show(self._database, self._claim.number, done, total, said, to_ms(self._clock.now()))

    @contextmanager
    def write(self) -> Iterator[None]:
        """Run a transaction that begins by checking that the job is still this run's."""
        if self._database.in_transaction():
            yield
            return
        with self._database.write_bulk():
            check_held(self._database, self._claim)
            self._claim.has_progress = True
            yield
        self._writes += 1
        if self._writes % WRITES_PER_CHECKPOINT == 0:
            self._database.checkpoint()

    def keep_cursor(self, cursor: Any) -> None:
        """Keep a cursor in the present transaction."""
        body = self._codec.dump(self._job, cursor)
        keep_cursor(self._database, self._claim.number, body, to_ms(self._clock.now()))

    def is_cancelled(self) -> bool:
        """Tell whether somebody asked the job to end; raises ClaimLost where it was taken away."""
        self._look()
        return self._cancelled

    def is_paused(self) -> bool:
        """Tell whether somebody has paused the job's queue; raises ClaimLost as well."""
        self._look()
        return self._paused

    def left(self) -> float | None:
        """Return the seconds until the time limit, None where there is none."""
        return None if self._ends is None else max(0.0, self._ends - self._clock.monotonic())

    def _look(self) -> None:
        now = self._clock.monotonic()
        if not self._cancelled and now >= self._asked + ASKED_SECONDS:
            self._asked = now
            self._cancelled, self._paused = asked_of(self._database, self._claim)


def show(
    database: Database, number: int, done: int, total: int | None, message: str | None, now: int
) -> None:
    """Keep how far a job is."""
    database.execute_sql(
        "INSERT INTO job_progress (number, done, total, message, at) VALUES (?, ?, ?, ?, ?) "
        "ON CONFLICT (number) DO UPDATE SET done = excluded.done, total = excluded.total, "
        "message = excluded.message, at = excluded.at",
        (number, done, total, message, now),
    )


def keep_cursor(database: Database, number: int, cursor: bytes | None, now: int) -> None:
    """Keep where a job goes on."""
    database.execute_sql(
        "INSERT INTO job_progress (number, cursor, at) VALUES (?, ?, ?) "
        "ON CONFLICT (number) DO UPDATE SET cursor = excluded.cursor, at = excluded.at",
        (number, cursor, now),
    )


def context_of(claim: Claim, reports: FileReports, *, completes: bool = True) -> JobContext:
    """Return what the body of a claimed job is handed; `completes` as `JobContext` takes it."""
    return JobContext(
        number=claim.number,
        attempt=claim.attempts,
        started_by=claim.started_by,
        batch=claim.batch,
        cursor=reports.first_cursor(),
        reports=reports,
        completes=completes,
    )


def cursor_of(database: Database, number: int) -> bytes | None:
    """Return where a job goes on, None at its beginning."""
    sql = "SELECT cursor FROM job_progress WHERE number = ?"
    found = database.execute_sql(sql, (number,)).fetchone()
    return found[0] if found else None


def asked_of(database: Database, claim: Claim) -> tuple[bool, bool]:
    """Tell whether a running job is wanted to end, and whether its queue is paused.

    Raises ClaimLost.
    """
    found = database.execute_sql(
        "SELECT j.cancel_asked, q.paused_at IS NOT NULL FROM jobs j "
        "LEFT JOIN job_queues q ON q.name = j.queue WHERE j.number = ? AND j.fence = ?",
        (claim.number, claim.fence),
    ).fetchone()
    if found is None:
        raise lost(claim)
    return bool(found[0]), bool(found[1])
