"""What becomes of a claimed job: it ends, or it waits again. In the caller's transaction."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from pos_queue.claims import Claim
from pos_queue.database import Database
from pos_queue.failures import Failure


class Ended(StrEnum):
    """How a job has ended, as `job_history` tells it."""

    DONE = "done"
    FAILED = "failed"
    QUARANTINED = "quarantined"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    FORGOTTEN = "forgotten"


@dataclass(frozen=True, slots=True, kw_only=True)
class EndedJob:
    """What is told of a job that has ended."""

    number: int
    job: str
    queue: str
    state: Ended
    attempts: int
    seconds: float
    """How long its last attempt has taken."""
    error: str | None
    batch: int | None


MOVED = (
    "number, job, queue, priority, run_at, failures, endpoint, unique_key, batch, sensitive, "
    "started_by, created_at, seal, payload"
)
"""What a job keeps when it goes from the table of jobs into the history, and back."""
_END = (
    f"INSERT INTO job_history ({MOVED}, state, attempts, started_at, finished_at, error, result) "
    f"SELECT {MOVED}, ?, ?, ?, ?, ?, ? FROM jobs WHERE number = ?"
)
_END_MANY = (
    f"INSERT INTO job_history ({MOVED}, state, attempts, started_at, finished_at) "
    f"SELECT {MOVED}, 'done', attempts + 1, ?, ? FROM jobs "
    "WHERE number IN (SELECT value FROM json_each(?))"
)


class Settling:
    """Writes down what became of jobs."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.on_ended: Callable[[EndedJob], object] | None = None
        """Told of each job that has ended, after the commit and in the thread of that."""

    def end(
        self,
        claim: Claim,
        state: Ended,
        now: int,
        *,
        failure: Failure | None = None,
        result: bytes | None = None,
    ) -> None:
        """Move a job into the history; a failure counts and is kept with its attempt."""
        if failure is not None:
            self.keep_attempt(claim, failure, now)
        counts = state in (Ended.FAILED, Ended.QUARANTINED)
        error = failure.error if failure else None
        self._database.execute_sql(
            _END, (state, claim.attempts, claim.started_at, now, error, result, claim.number)
        )
        if counts:
            self._database.execute_sql(
                "UPDATE job_history SET failures = failures + 1 WHERE number = ?", (claim.number,)
            )
        elif claim.has_progress:
            self._forget_progress(claim)
        self._database.execute_sql("DELETE FROM jobs WHERE number = ?", (claim.number,))
        self._tell(claim, state, now, error)

    def end_many(self, claims: Sequence[Claim], now: int) -> None:
        """Move jobs into the history that are done, and whose rows were never marked as running."""
        numbers = json.dumps([claim.number for claim in claims])
        self._database.execute_sql(_END_MANY, (claims[0].started_at, now, numbers))
        self._database.execute_sql(
            "DELETE FROM jobs WHERE number IN (SELECT value FROM json_each(?))", (numbers,)
        )
        for claim in claims:
            self._tell(claim, Ended.DONE, now, None)

    def requeue(
        self,
        claim: Claim,
        *,
        run_at: int,
        state: str = "queued",
        failures: int = 0,
        deaths: int = 0,
    ) -> None:
        """Let a job wait again, from a moment on; so many failures more count against it.

        `deaths` is how many children in a row have died of it.
        """
        self._database.execute_sql(
            "UPDATE jobs SET state = ?, run_at = ?, owner = NULL, fence = fence + 1, "
            "attempts = ?, failures = failures + ?, deaths = ? WHERE number = ?",
            (state, run_at, claim.attempts, failures, deaths, claim.number),
        )

    def wait_for_network(self, claim: Claim, endpoint: str) -> None:
        """Let a job wait until an endpoint is in reach."""
        self._database.execute_sql(
            "UPDATE jobs SET state = 'waiting_for_network', owner = NULL, fence = fence + 1, "
            "attempts = ?, endpoint = ? WHERE number = ?",
            (claim.attempts, endpoint, claim.number),
        )

    def put_back(self, claim: Claim) -> None:
        """Let a job wait again as if nobody had claimed it; the attempt does not count."""
        self._database.execute_sql(
            "UPDATE jobs SET state = 'queued', owner = NULL, fence = fence + 1, "
            "attempts = attempts - 1 WHERE number = ?",
            (claim.number,),
        )

    def replace_payload(self, claim: Claim, payload: bytes, priority: float) -> None:
        """Give a job that waits again another payload."""
        self._database.execute_sql(
            "UPDATE jobs SET payload = ?, priority = ? WHERE number = ?",
            (payload, priority, claim.number),
        )

    def keep_attempt(self, claim: Claim, failure: Failure, now: int) -> None:
        """Keep how this attempt went."""
        self._database.execute_sql(
            "INSERT OR REPLACE INTO job_attempts (number, attempt, outcome, started_at, ended_at, "
            "error, traceback) VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                claim.number,
                claim.attempts,
                failure.outcome,
                claim.started_at,
                now,
                failure.error,
                failure.traceback,
            ),
        )

    def _tell(self, claim: Claim, state: Ended, now: int, error: str | None) -> None:
        if (tell := self.on_ended) is None:
            return
        ended = EndedJob(
            number=claim.number,
            job=claim.job,
            queue=claim.queue,
            state=state,
            attempts=claim.attempts,
            seconds=(now - claim.started_at) / 1000,
            error=error,
            batch=claim.batch,
        )
        self._database.after_commit(lambda: tell(ended))

    def _forget_progress(self, claim: Claim) -> None:
        self._database.execute_sql("DELETE FROM job_progress WHERE number = ?", (claim.number,))
