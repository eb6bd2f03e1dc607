"""What becomes of a claimed job: it ends, or it waits again. In the caller's transaction.

Each way names the fence of the claim, and raises ClaimLost where the job has passed into other
hands: the caller's transaction is then undone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pos_queue.database import Database
from pos_queue.departures import Departures, Ended
from pos_queue.engine.claims import Claim, lost
from pos_queue.failures import Failure, Outcome

_WAITS = (Outcome.LATER, Outcome.UNREADY)


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


class Settling:
    """Writes down what became of jobs."""

    def __init__(self, database: Database, departures: Departures) -> None:
        self._database = database
        self._departures = departures
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
        error = failure.error if failure else None
        self._departures.end(claim, state, now, error=error, result=result)
        self._tell(claim, state, now, error)

    def end_many(self, claims: Sequence[Claim], now: int) -> None:
        """Move jobs into the history that are done, and whose rows were never marked as running."""
        self._departures.end_done(claims, now)
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

        `deaths` is how many children in a row have died of it. One that was asked to end waits for
        nothing: the worker that takes it next ends it.
        """
        self._change(
            claim,
            "state = iif(cancel_asked, 'queued', ?), run_at = iif(cancel_asked, 0, ?), "
            "attempts = ?, failures = failures + ?, deaths = ?",
            (state, run_at, claim.attempts, failures, deaths),
        )

    def wait_for_network(self, claim: Claim, endpoint: str) -> None:
        """Let a job wait until an endpoint is in reach."""
        self._change(
            claim,
            "state = iif(cancel_asked, 'queued', 'waiting_for_network'), attempts = ?, "
            "endpoint = ?",
            (claim.attempts, endpoint),
        )

    def put_back(self, claim: Claim) -> None:
        """Let a job wait again as if nobody had claimed it; the attempt does not count."""
        self._change(claim, "state = 'queued', attempts = attempts - 1", ())

    def replace_payload(self, claim: Claim, payload: bytes, priority: float) -> None:
        """Give a job that waits again another payload."""
        self._database.execute_sql(
            "UPDATE jobs SET payload = ?, priority = ? WHERE number = ?",
            (payload, priority, claim.number),
        )

    def keep_attempt(self, claim: Claim, failure: Failure, now: int) -> None:
        """Keep how this attempt went.

        Of attempts in a row that only waited the last one stands for all, from the first one's
        beginning.
        """
        began = claim.started_at
        if failure.outcome in _WAITS and (first := self.waits_since(claim, failure.outcome)):
            began = first
            self._database.execute_sql(
                "DELETE FROM job_attempts WHERE number = ? AND attempt = ?",
                (claim.number, claim.attempts - 1),
            )
        self._database.execute_sql(
            "INSERT OR REPLACE INTO job_attempts (number, attempt, outcome, started_at, ended_at, "
            "error, traceback) VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                claim.number,
                claim.attempts,
                failure.outcome,
                began,
                now,
                failure.error,
                failure.traceback,
            ),
        )

    def waits_since(self, claim: Claim, outcome: Outcome) -> int | None:
        """Return when the attempts before this one began that have ended so, None for none."""
        found = self._database.execute_sql(
            "SELECT started_at FROM job_attempts WHERE number = ? AND attempt = ? AND outcome = ?",
            (claim.number, claim.attempts - 1, outcome),
        ).fetchone()
        return found[0] if found else None

    def _change(self, claim: Claim, values: str, parameters: tuple[object, ...]) -> None:
        changed = self._database.execute_sql(
            f"UPDATE jobs SET {values}, owner = NULL, fence = fence + 1 "
            "WHERE number = ? AND fence = ?",
            (*parameters, claim.number, claim.fence),
        )
        if not changed.rowcount:
            raise lost(claim)

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
