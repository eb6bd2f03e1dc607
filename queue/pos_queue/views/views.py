"""Reading the queue for people: counts, lists, one job with its whole story, batches, hours.

Nothing is written, so a connection that cannot write is enough. Every query is bounded: by an
index, by the jobs that are not done yet, or by the number of rows that is asked for. Secrets are
covered, see `masking`; the whole payload of a sensitive job is.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from pos_queue.clock import Clock
from pos_queue.codec import Codec
from pos_queue.database import Database
from pos_queue.failures import AGAINST_IT
from pos_queue.job import Registry
from pos_queue.moments import from_ms, to_ms
from pos_queue.schema import LATE, LATE_MS, jobs_of
from pos_queue.views.job_rows import COLUMNS, OF_HISTORY, OF_JOBS, JobRows
from pos_queue.views.shown import BatchView, Counts, Hour, JobDetail, JobView, QueueView

HOUR_MS = 3_600_000
MOST_HOURS = 24 * 31

_UNFINISHED = (
    f"SELECT (SELECT count(*) FROM {jobs_of('queued')}), "
    "(SELECT count(*) FROM jobs WHERE state = 'scheduled'), "
    f"(SELECT count(*) FROM {jobs_of('running')}), "
    "(SELECT count(*) FROM jobs WHERE endpoint IS NOT NULL AND state = 'waiting_for_network'), "
    f"(SELECT min(j.run_at) FROM {jobs_of('queued')} WHERE j.run_at > 0)"
)
"""A job that was asked to end may run from 0 on, which is no moment: it waits for nobody."""
_ENDED = (
    "SELECT (SELECT count(*) FROM job_history WHERE state IN ('failed', 'quarantined')), "
    "(SELECT count(*) FROM job_history WHERE state IN ('failed', 'quarantined') "
    "AND state = 'quarantined'), "
    "(SELECT count(*) FROM job_history WHERE state IN ('cancelled', 'expired', 'forgotten'))"
)
_DONE = "SELECT count(*) FROM job_history WHERE state = 'done'"
_LAST_BEFORE = "SELECT number FROM job_history WHERE created_at < ? ORDER BY number DESC LIMIT 1"
_MOMENTS = "SELECT state, run_at, started_at, finished_at FROM job_history"
_WITHIN = "finished_at >= ?1 AND finished_at < ?2"
_HOURS = (
    f"WITH ended AS ({_MOMENTS} WHERE number > ?3 AND {_WITHIN} "
    f"UNION ALL {_MOMENTS} WHERE number <= ?3 AND {LATE} AND {_WITHIN}) "
    "SELECT finished_at / 3600000 * 3600000, total(state = 'done'), "
    "coalesce(avg(max(0, started_at - nullif(run_at, 0))), 0), "
    "coalesce(max(started_at - nullif(run_at, 0)), 0), "
    "coalesce(avg(finished_at - started_at), 0) FROM ended "
    "WHERE state IN ('done', 'failed', 'quarantined') GROUP BY 1 ORDER BY 1"
)
_MOST_OLDER = 1000
_FAILED = f"a.outcome IN ({', '.join(repr(str(one)) for one in AGAINST_IT)})"
_ATTEMPTED = f"{_FAILED} AND a.ended_at >= ?1 AND a.ended_at < ?2"
_HOURS_OF_FAILURES = (
    "WITH older AS (SELECT number FROM (SELECT number, attempts FROM jobs WHERE number <= ?3 "
    f"ORDER BY number DESC LIMIT {_MOST_OLDER}) WHERE attempts > 0 "
    f"UNION SELECT number FROM job_history WHERE {LATE} AND finished_at >= ?1 AND number <= ?3) "
    "SELECT ended_at / 3600000 * 3600000, count(*) FROM ("
    f"SELECT a.ended_at FROM job_attempts a WHERE a.number > ?3 AND {_ATTEMPTED} UNION ALL "
    "SELECT a.ended_at FROM older CROSS JOIN job_attempts a ON a.number = older.number "
    f"WHERE {_ATTEMPTED}) GROUP BY 1"
)
"""No index tells when attempts ended. Those of a stretch are of a job that came in it, or of an
older one that waits again, or has ended since the stretch began, so late that its index has it. Of
more than a thousand older jobs that wait those beyond are passed over until they have ended."""
_IN_TURN = "ORDER BY j.state <> 'running', j.state <> 'queued', j.priority DESC, j.run_at, j.number"
_LATEST_FIRST = "ORDER BY j.finished_at DESC, j.number DESC"
_SORTED = "ORDER BY +j.finished_at DESC, j.number DESC"
"""The few that were found, sorted: without the sign all rows are looked at in this order."""
_BATCHES = (
    "SELECT b.number, b.name, b.started_by, b.created_at, b.cancelled_at, b.ended_at, b.is_open, "
    "(SELECT count(*) FROM jobs WHERE batch = b.number AND state <> 'running'), "
    "(SELECT count(*) FROM jobs WHERE batch = b.number AND state = 'running'), "
    "(SELECT count(*) FROM job_history WHERE batch = b.number AND state = 'done'), "
    "(SELECT count(*) FROM job_history WHERE batch = b.number AND state IN "
    "('failed', 'quarantined')), "
    "(SELECT count(*) FROM job_history WHERE batch = b.number AND state IN "
    "('cancelled', 'expired', 'forgotten')) "
    "FROM job_batches b"
)


class Views:
    """The queue of one file, as people see it; from any thread."""

    def __init__(self, database: Database, registry: Registry, codec: Codec, clock: Clock) -> None:
        self._database = database
        self._rows = JobRows(database, registry, codec)
        self._clock = clock

    def counts(self) -> Counts:
        """Return how many jobs there are of each state, and how long the oldest waits."""
        queued, scheduled, running, waiting, since = self._row(_UNFINISHED)
        failed, quarantined, let_go = self._row(_ENDED)
        paused = "SELECT name FROM job_queues WHERE paused_at IS NOT NULL ORDER BY name"
        waits = 0 if since is None else max(0, to_ms(self._clock.now()) - since)
        return Counts(
            queued=queued,
            scheduled=scheduled,
            running=running,
            waiting_for_network=waiting,
            failed=failed - quarantined,
            quarantined=quarantined,
            let_go=let_go,
            oldest_wait_seconds=waits / 1000,
            paused=tuple(row[0] for row in self._all(paused)),
        )

    def done(self) -> int:
        """Return how many done jobs the history holds; looks at each, so nobody asks often."""
        return int(self._row(_DONE)[0])

    def failed(
        self, *, queue: str | None = None, batch: int | None = None, most: int = 100
    ) -> list[JobView]:
        """Return the failed and quarantined jobs, the latest first."""
        where, values = _where(queue=queue, batch=batch)
        first = (
            "SELECT j.number FROM job_history j INDEXED BY job_history_failed "
            f"WHERE j.state IN ('failed', 'quarantined'){where} {_LATEST_FIRST} LIMIT ?"
        )
        sql = f"{COLUMNS} {OF_HISTORY} WHERE j.number IN ({first}) {_SORTED}"
        return self._rows.views(sql, (*values, most))

    def unfinished(self, *, queue: str | None = None, most: int = 100) -> list[JobView]:
        """Return the jobs that run, then those that wait, in the order in which they may run."""
        where, values = _where(queue=queue)
        first = f"SELECT j.number FROM jobs j WHERE 1{where} {_IN_TURN} LIMIT ?"
        sql = f"{COLUMNS} {OF_JOBS} WHERE j.number IN ({first}) {_IN_TURN}"
        return self._rows.views(sql, (*values, most))

    def job(self, number: int) -> JobDetail | None:
        """Return one job with all its attempts, None where there is none of this number."""
        return self._rows.detail(number)

    def batches(self, *, most: int = 50) -> list[BatchView]:
        """Return the batches, the latest first, with their members counted now."""
        return [_batch(row) for row in self._all(f"{_BATCHES} ORDER BY 1 DESC LIMIT ?", (most,))]

    def batch(self, number: int) -> BatchView | None:
        """Return one batch, None where there is none of this number."""
        rows = self._all(f"{_BATCHES} WHERE b.number = ?", (number,))
        return _batch(rows[0]) if rows else None

    def hours(self, most: int = 24) -> list[Hour]:
        """Return what has ended in each of the last hours, the present one among them.

        Jobs that were done, and attempts that have failed, whatever has come of their jobs since.
        Hours in which nothing ended are there too. Costs a look or two at each job of that time,
        and one at each of at most a thousand older jobs that wait. Where the clock was set back
        meanwhile, jobs of that time may be left out.
        """
        present = to_ms(self._clock.now()) // HOUR_MS * HOUR_MS
        begins = [present - past * HOUR_MS for past in reversed(range(min(most, MOST_HOURS)))]
        before = self._all(_LAST_BEFORE, (begins[0] - LATE_MS,))
        last = before[0][0] if before else 0
        within = (begins[0], present + HOUR_MS, last)
        found = {row[0]: row[1:] for row in self._all(_HOURS, within)}
        failed = dict(self._all(_HOURS_OF_FAILURES, within))
        return [
            _hour(begin, found.get(begin, (0, 0, 0, 0)), failed.get(begin, 0)) for begin in begins
        ]

    def queues(self) -> list[QueueView]:
        """Return the queues that ever had a job, or were paused."""
        rows = self._all(
            "SELECT name, paused_at, (SELECT count(*) FROM jobs "
            "WHERE state = 'queued' AND queue = name) FROM job_queues ORDER BY name"
        )
        return [
            QueueView(name=name, paused_at=paused and from_ms(paused), queued=queued)
            for name, paused, queued in rows
        ]

    def _row(self, sql: str) -> Any:
        return self._database.execute_sql(sql).fetchone()

    def _all(self, sql: str, values: Sequence[Any] = ()) -> list[Any]:
        return self._database.execute_sql(sql, values).fetchall()


def _where(**wanted: Any) -> tuple[str, list[Any]]:
    given = {name: value for name, value in wanted.items() if value is not None}
    return "".join(f" AND j.{name} = ?" for name in given), list(given.values())


def _batch(row: Sequence[Any]) -> BatchView:
    number, name, started_by, created, cancelled, ended, is_open, *counts = row
    waiting, running, done, failed, let_go = counts
    return BatchView(
        number=number,
        name=name,
        started_by=started_by,
        created_at=from_ms(created),
        cancelled_at=cancelled and from_ms(cancelled),
        ended_at=ended and from_ms(ended),
        is_open=bool(is_open),
        waiting=waiting,
        running=running,
        done=done,
        failed=failed,
        let_go=let_go,
    )


def _hour(begin: int, row: Sequence[float], failed: int) -> Hour:
    done, wait, longest, run = row
    return Hour(
        begins=from_ms(0) + timedelta(milliseconds=begin),
        done=int(done),
        failed=failed,
        mean_wait_seconds=wait / 1000,
        longest_wait_seconds=longest / 1000,
        mean_run_seconds=run / 1000,
    )
