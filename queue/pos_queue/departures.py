"""How a job leaves the table: into the history, and out of its batch. There is no other way out.

Everything here stands in the caller's transaction.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from enum import StrEnum

from pos_queue.batches import Batches
from pos_queue.database import Database
from pos_queue.engine.claims import Claim, lost


class Ended(StrEnum):
    """How a job has ended, as `job_history` tells it."""

    DONE = "done"
    FAILED = "failed"
    QUARANTINED = "quarantined"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    FORGOTTEN = "forgotten"

    @property
    def has_failed(self) -> bool:
        """Whether a person must look at the job."""
        return self in (Ended.FAILED, Ended.QUARANTINED)


LOT = 200
"""How many jobs leave in one transaction where that need not be all at once: 2 ms of it."""

MOVED = (
    "number, job, queue, priority, run_at, endpoint, unique_key, batch, sensitive, "
    "started_by, created_at, seal, payload"
)
"""What a job keeps when it goes from the table of jobs into the history, and back."""
_HISTORY = (
    f"INSERT INTO job_history ({MOVED}, failures, state, attempts, started_at, finished_at, "
    f"error, result) SELECT {MOVED}, failures"
)
_END = f"{_HISTORY} + ?, ?, ?, ?, ?, ?, ? FROM jobs WHERE number = ? AND fence = ?"
_LISTED = "WHERE number IN (SELECT value FROM json_each(?))"
_END_DONE = f"{_HISTORY}, 'done', attempts + 1, ?, ?, NULL, NULL FROM jobs {_LISTED}"
_END_WAITING = f"{_HISTORY}, ?, attempts, started_at, ?, NULL, NULL FROM jobs {_LISTED}"


Leaving = Callable[[Claim, Ended, str | None, bytes | None], object]
"""Takes a job that ends, how, with what error, and its result as the file keeps it."""

Dropped = Callable[[int, str, Ended], object]
"""Takes the number and the name of a job that ends without a run, and how."""


class Departures:
    """The way out of the table of one file."""

    def __init__(self, database: Database, arrived: Callable[[], object]) -> None:
        """Take `arrived`, called within a transaction that has let another job in."""
        self._database = database
        self.batches = Batches(database, arrived)
        self.leaving: Leaving | None = None
        """Told of each claimed job that ends, in the transaction that ends it."""
        self.dropped: Dropped | None = None
        """Told of each job that ends while it waits, in the transaction that ends it."""

    def end(
        self, claim: Claim, state: Ended, now: int, *, error: str | None, result: bytes | None
    ) -> None:
        """Move a claimed job into the history; a failure counts. Raises ClaimLost."""
        attempt = (claim.attempts, claim.started_at, now)
        # SQLite's module takes plain values in half the time of words and truths of other types.
        how = (int(state.has_failed), state.value)
        values = (*how, *attempt, error, result, claim.number, claim.fence)
        if not self._database.execute_sql(_END, values).rowcount:
            raise lost(claim)
        self._database.execute_sql("DELETE FROM jobs WHERE number = ?", (claim.number,))
        if claim.has_progress and not state.has_failed:
            self._database.execute_sql("DELETE FROM job_progress WHERE number = ?", (claim.number,))
        if claim.batch is not None:
            self.batches.left(claim.batch, now, failed=state.has_failed)
        self._tell(claim, state, error, result)

    def _tell(self, claim: Claim, state: Ended, error: str | None, result: bytes | None) -> None:
        if self.leaving is not None:
            self.leaving(claim, state, error, result)

    def end_done(self, claims: Sequence[Claim], now: int) -> None:
        """Move jobs into the history that are done, and whose rows were never marked as running."""
        numbers = json.dumps([claim.number for claim in claims])
        self._database.execute_sql(_END_DONE, (claims[0].started_at, now, numbers))
        self._database.execute_sql(f"DELETE FROM jobs {_LISTED}", (numbers,))
        for batch in {claim.batch for claim in claims if claim.batch is not None}:
            self.batches.left(batch, now, failed=False)
        for claim in claims:
            self._tell(claim, Ended.DONE, None, None)

    def end_waiting(
        self,
        condition: str,
        values: Sequence[object],
        now: int,
        *,
        state: Ended = Ended.CANCELLED,
        most: int = LOT,
    ) -> int:
        """Move jobs that wait, and of which the condition is true, into the history.

        The condition is SQL over the columns of `jobs`. Returns how many there were, at most one
        lot: where it is a whole one, there may be more.
        """
        found = self._database.execute_sql(
            "SELECT number, batch, job FROM jobs "
            f"WHERE state <> 'running' AND ({condition}) LIMIT ?",
            (*values, most),
        ).fetchall()
        numbers = json.dumps([row[0] for row in found])
        self._database.execute_sql(_END_WAITING, (state, now, numbers))
        self._database.execute_sql(f"DELETE FROM jobs {_LISTED}", (numbers,))
        if not state.has_failed:
            self._database.execute_sql(f"DELETE FROM job_progress {_LISTED}", (numbers,))
        for batch in {row[1] for row in found if row[1] is not None}:
            self.batches.left(batch, now, failed=state.has_failed)
        if self.dropped is not None:
            for number, _batch, job in found:
                self.dropped(number, job, state)
        return len(found)
