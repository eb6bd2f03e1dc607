"""Jobs that belong together, and what runs when they have come to an end.

Nothing is counted on the way: what a batch is, its rows say, and a job that ends asks no more than
whether another one is there. What is to run at a moment of the batch lies in the file until then,
packed; the transaction that brings the moment about moves it among the jobs, so it comes once.

    catch     at the first member that has failed for good
    then      when no member waits or runs and all have succeeded; also later, after a retry
    finally   when no member waits or runs for the first time, also after a cancel

A batch that was cancelled has no `then`. Everything here stands in the caller's transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum

from pos_queue.arrivals import Arrival, know_queue
from pos_queue.database import Database
from pos_queue.errors import BatchCancelled, BatchEnded


class Moment(StrEnum):
    """A moment of a batch at which a job may run."""

    THEN = "then"
    CATCH = "catch"
    FINALLY = "finally"


_MEMBER = "EXISTS (SELECT 1 FROM jobs WHERE batch = b.number)"
_FAILURE = (
    "EXISTS (SELECT 1 FROM job_history WHERE batch = b.number AND state < 'done') "
    "OR EXISTS (SELECT 1 FROM job_history WHERE batch = b.number AND state > 'done')"
)
_FIRE = (
    "INSERT INTO jobs (job, queue, priority, endpoint, unique_key, sensitive, seal, payload, "
    "state, run_at, created_at, started_by) "
    "SELECT c.job, c.queue, c.priority, c.endpoint, c.unique_key, c.sensitive, c.seal, c.payload, "
    "'queued', ?, ?, b.started_by FROM job_callbacks c JOIN job_batches b ON b.number = c.batch "
    "WHERE c.batch = ? AND c.moment = ? "
    "ON CONFLICT (unique_key) WHERE unique_key IS NOT NULL DO NOTHING"
)


class Batches:
    """The batches of one file."""

    def __init__(self, database: Database, arrived: Callable[[], object]) -> None:
        """Take `arrived`, called within a transaction that has let a job in."""
        self._database = database
        self._arrived = arrived
        self.over: Callable[[int], object] | None = None
        """Told of each batch of which nothing waits or runs for the first time, in the transaction
        that makes that true; of none that was cancelled."""

    def make(self, name: str, started_by: str | None, now: int) -> int:
        """Enter a batch that stays open, and return its number."""
        cursor = self._database.execute_sql(
            "INSERT INTO job_batches (name, is_open, started_by, created_at) VALUES (?, 1, ?, ?)",
            (name, started_by, now),
        )
        assert cursor.lastrowid is not None
        return cursor.lastrowid

    def keep(self, batch: int, callbacks: Mapping[Moment, Arrival]) -> None:
        """Keep what is to run at the moments of a batch."""
        for moment, job in callbacks.items():
            know_queue(self._database, job.queue)
            self._database.execute_sql(
                "INSERT INTO job_callbacks (batch, moment, job, queue, priority, endpoint, "
                "unique_key, sensitive, seal, payload) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    batch,
                    moment,
                    job.job,
                    job.queue,
                    job.priority,
                    job.endpoint,
                    job.unique_key,
                    job.sensitive,
                    job.seal,
                    job.payload,
                ),
            )

    def check_takes(self, batch: int) -> None:
        """Raise BatchEnded unless the batch is open, or one of its members waits or runs."""
        row = self._database.execute_sql(
            "SELECT cancelled_at IS NOT NULL, is_open OR ended_at IS NULL OR "
            f"{_MEMBER} FROM job_batches b WHERE number = ?",
            (batch,),
        ).fetchone()
        if row and row[0]:
            raise BatchCancelled(batch)
        if not row or not row[1]:
            raise BatchEnded(batch)

    def close(self, batch: int, now: int) -> None:
        """Let a batch end, at once where nothing of it waits or runs."""
        self._database.execute_sql("UPDATE job_batches SET is_open = 0 WHERE number = ?", (batch,))
        self._settle(batch, now)

    def mark_cancelled(self, batch: int, now: int) -> bool:
        """Let no member begin any more and ask those that run to end; False where it is over."""
        marked = self._database.execute_sql(
            "UPDATE job_batches AS b SET cancelled_at = ?, is_open = 0 WHERE number = ? "
            f"AND cancelled_at IS NULL AND (is_open OR ended_at IS NULL OR {_MEMBER})",
            (now, batch),
        ).rowcount
        if marked:
            self._database.execute_sql(
                "UPDATE jobs SET cancel_asked = 1 WHERE batch = ? AND state = 'running'", (batch,)
            )
            self._settle(batch, now)
        return bool(marked)

    def is_cancelled(self, batch: int) -> bool:
        """Tell whether a batch was cancelled: its members need not begin."""
        sql = "SELECT 1 FROM job_batches WHERE number = ? AND cancelled_at IS NOT NULL"
        return self._database.execute_sql(sql, (batch,)).fetchone() is not None

    def left(self, batch: int, now: int, *, failed: bool) -> None:
        """Hear that members have left the table of jobs; the cost knows nothing of their number."""
        if failed:
            self._mark(batch, "caught_at", now, Moment.CATCH)
        self._settle(batch, now)

    def _settle(self, batch: int, now: int) -> None:
        """Bring about what has become true of a batch of which nothing waits or runs."""
        if self._has_members(batch):
            return
        row = self._database.execute_sql(
            f"SELECT cancelled_at IS NOT NULL, {_FAILURE} FROM job_batches b "
            "WHERE number = ? AND NOT is_open",
            (batch,),
        ).fetchone()
        if row is None:
            return
        is_cancelled, has_failures = row
        if not is_cancelled and not has_failures:
            self._mark(batch, "succeeded_at", now, Moment.THEN)
        is_over = self._mark(batch, "ended_at", now, Moment.FINALLY)
        if is_over and not is_cancelled and self.over is not None:
            self.over(batch)

    def _has_members(self, batch: int) -> bool:
        found = self._database.execute_sql("SELECT 1 FROM jobs WHERE batch = ? LIMIT 1", (batch,))
        return found.fetchone() is not None

    def _mark(self, batch: int, column: str, now: int, moment: Moment) -> bool:
        """Note that a moment has come, and let its job in; False where it had come before."""
        marked = self._database.execute_sql(
            f"UPDATE job_batches SET {column} = ? WHERE number = ? AND {column} IS NULL",
            (now, batch),
        ).rowcount
        if marked and self._database.execute_sql(_FIRE, (now, now, batch, moment)).rowcount:
            self._arrived()
        if marked:
            self._database.execute_sql(
                "DELETE FROM job_callbacks WHERE batch = ? AND moment = ?", (batch, moment)
            )
        return bool(marked)
