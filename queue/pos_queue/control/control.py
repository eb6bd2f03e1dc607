"""What people do with jobs: retry, forget, clear, pause, cancel, restart.

An act on one job or queue is one transaction. An act on many is done in lots, each of which holds
the file for a moment only, so that no sale waits for it (`lots`); it can be done again where a
program died halfway. Jobs are known by the numbers that people type.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from pos_queue.arrivals import know_queue
from pos_queue.clock import Clock
from pos_queue.control import restarts
from pos_queue.control.lots import in_lots
from pos_queue.control.pruning import prune
from pos_queue.database import Database
from pos_queue.departures import MOVED, Departures, Dropped
from pos_queue.errors import NotPossible, WhyNot
from pos_queue.moments import to_ms

_BACK = (
    f"INSERT INTO jobs ({MOVED}, state, attempts, fence) SELECT number, job, queue, priority, ?, "
    "endpoint, unique_key, batch, sensitive, started_by, created_at, seal, payload, 'queued', "
    "attempts, ? FROM job_history WHERE number = ? "
    "ON CONFLICT (unique_key) WHERE unique_key IS NOT NULL DO NOTHING"
)
"""The fence is a moment, so that none of the attempts before was ever given as high a one."""


@dataclass(frozen=True, slots=True)
class Retried:
    """What came of retrying many jobs."""

    numbers: tuple[int, ...]
    """Those that wait again."""
    refused: tuple[NotPossible, ...]


class Cancelling(StrEnum):
    """What came of cancelling a job."""

    CANCELLED = "cancelled"
    ASKED = "asked"
    """It runs, and was asked to end."""


class Control:
    """The acts on the queue of one file; from any thread."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        wake: Callable[[], object] = lambda: None,
        *,
        dropped: Dropped | None = None,
    ) -> None:
        """Take `wake`, called after a commit that gives runners work or news.

        `dropped` is told of each job that is cancelled while it waits, in that transaction.
        """
        self._database = database
        self._clock = clock
        self._wake = wake
        self._departures = Departures(database, lambda: database.after_commit(wake))
        self._departures.dropped = dropped

    def retry(self, number: int, *, from_start: bool = False) -> None:
        """Let an ended job wait again, under its number, with no failure against it.

        It goes on from its cursor unless it is to start over. Raises NotPossible.
        """
        with self._database.write_bulk():
            self._retry(number)
            if from_start:
                self._forget_progress(number)
            self._database.after_commit(self._wake)

    def retry_failed(self, *, queue: str | None = None, batch: int | None = None) -> Retried:
        """Let all failed and quarantined jobs wait again, of a queue or a batch where named."""
        done: list[int] = []
        refused: list[NotPossible] = []

        def act(number: int) -> None:
            try:
                self._retry(number)
                done.append(number)
            except NotPossible as error:
                refused.append(error)

        in_lots(self._database, self._clock, self._failed(queue=queue, batch=batch), act)
        self._database.after_commit(self._wake)
        return Retried(tuple(done), tuple(refused))

    def forget(self, number: int) -> None:
        """Take a failed job off the list of those that somebody must look at.

        It stays in the history until that is pruned. Raises NotPossible.
        """
        with self._database.write_bulk():
            if not self._forget(number):
                raise NotPossible(number, self._why_not(number, WhyNot.NOT_FAILED))

    def flush(self, *, before: datetime | None = None) -> int:
        """Forget all failed jobs, those that failed before a moment; return how many."""
        done: list[int] = []

        def act(number: int) -> None:
            if self._forget(number):
                done.append(number)

        in_lots(self._database, self._clock, self._failed(before=before), act)
        return len(done)

    def clear(self, queue: str) -> int:
        """Cancel what waits in a queue, never what runs; return how many jobs."""
        sql = "SELECT number FROM jobs WHERE queue = ? AND state <> 'running'"
        numbers = [row[0] for row in self._database.execute_sql(sql, (queue,)).fetchall()]
        done: list[int] = []

        def act(number: int) -> None:
            if self._cancel_waiting(number):
                done.append(number)

        in_lots(self._database, self._clock, numbers, act)
        return len(done)

    def cancel(self, number: int) -> Cancelling:
        """Cancel a job that waits, or ask one that runs to end; raises NotPossible."""
        with self._database.write_bulk():
            if self._cancel_waiting(number):
                return Cancelling.CANCELLED
            asked = self._database.execute_sql(
                "UPDATE jobs SET cancel_asked = 1 WHERE number = ?", (number,)
            ).rowcount
            if not asked:
                raise NotPossible(number, self._why_not(number, WhyNot.OVER))
        return Cancelling.ASKED

    def pause(self, queue: str) -> bool:
        """Let no job of a queue begin; tell whether it was not paused before.

        One that runs halts where it can go on later, see `JobContext.check`; else it comes to its
        end.
        """
        return self._set_paused(queue, to_ms(self._clock.now()))

    def resume(self, queue: str) -> bool:
        """Let the jobs of a queue begin again; tell whether it was paused."""
        with self._database.write_bulk():
            self._database.after_commit(self._wake)
            return self._set_paused(queue, None)

    def restart(self) -> None:
        """Ask the runners of all programs to end their jobs, and then themselves."""
        with self._database.write_bulk():
            restarts.ask(self._database)
            self._database.after_commit(self._wake)

    def prune(self, before: datetime) -> int:
        """Remove what ended before a moment, see `pruning`; return how many jobs."""
        return sum(prune(self._database, self._clock, to_ms(before)))

    def _retry(self, number: int) -> None:
        found = self._database.execute_sql(
            "SELECT queue, state, unique_key, batch FROM job_history WHERE number = ?", (number,)
        ).fetchone()
        if found is None:
            raise NotPossible(number, self._why_not(number, WhyNot.UNKNOWN))
        queue, state, unique_key, batch = found
        if state == "done":
            raise NotPossible(number, WhyNot.DONE)
        if batch is not None and self._departures.batches.is_cancelled(batch):
            raise NotPossible(number, WhyNot.BATCH_CANCELLED, batch)
        now = to_ms(self._clock.now())
        if not self._database.execute_sql(_BACK, (now, now, number)).rowcount:
            raise NotPossible(number, WhyNot.KEY_TAKEN, self._holder(unique_key))
        know_queue(self._database, queue)
        self._database.execute_sql("DELETE FROM job_history WHERE number = ?", (number,))

    def _holder(self, unique_key: str) -> int:
        sql = "SELECT number FROM jobs WHERE unique_key = ?"
        return int(self._database.execute_sql(sql, (unique_key,)).fetchone()[0])

    def _forget(self, number: int) -> bool:
        gone = self._database.execute_sql(
            "UPDATE job_history SET state = 'forgotten' WHERE number = ? "
            "AND state IN ('failed', 'quarantined')",
            (number,),
        ).rowcount
        return bool(gone)

    def _cancel_waiting(self, number: int) -> bool:
        now = to_ms(self._clock.now())
        return bool(self._departures.end_waiting("number = ?", (number,), now))

    def _forget_progress(self, number: int) -> None:
        self._database.execute_sql("DELETE FROM job_progress WHERE number = ?", (number,))

    def _set_paused(self, queue: str, moment: int | None) -> bool:
        with self._database.write_bulk():
            know_queue(self._database, queue)
            changed = self._database.execute_sql(
                "UPDATE job_queues SET paused_at = ? WHERE name = ? AND (paused_at IS NULL) = ?",
                (moment, queue, moment is not None),
            ).rowcount
        return bool(changed)

    def _failed(
        self,
        *,
        queue: str | None = None,
        batch: int | None = None,
        before: datetime | None = None,
    ) -> Sequence[int]:
        """Return the numbers of failed jobs, the oldest first."""
        conditions = {"queue = ?": queue, "batch = ?": batch}
        conditions["finished_at < ?"] = None if before is None else to_ms(before)
        given = {text: value for text, value in conditions.items() if value is not None}
        where = " AND ".join(["state IN ('failed', 'quarantined')", *given])
        sql = (
            "SELECT number FROM job_history INDEXED BY job_history_failed "
            f"WHERE {where} ORDER BY finished_at, number"
        )
        return [row[0] for row in self._database.execute_sql(sql, [*given.values()]).fetchall()]

    def _why_not(self, number: int, otherwise: WhyNot) -> WhyNot:
        """Return why nothing was found to act on, or `otherwise` where the job is there."""
        jobs = "SELECT 1 FROM jobs WHERE number = ?"
        if self._database.execute_sql(jobs, (number,)).fetchone():
            return WhyNot.NOT_OVER
        ended = "SELECT 1 FROM job_history WHERE number = ?"
        if self._database.execute_sql(ended, (number,)).fetchone():
            return otherwise
        return WhyNot.UNKNOWN
