"""The rows of jobs, waiting or ended, turned into what people may see of them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from pos_queue.codec import SECRET, Codec
from pos_queue.database import Database
from pos_queue.errors import PayloadMismatch, UnknownJob, own_words
from pos_queue.job import Registry
from pos_queue.moments import from_ms
from pos_queue.views.masking import MASK, masked, raw_text, secrets_in, without
from pos_queue.views.shown import Attempt, JobDetail, JobView, Progress, ShownPayload, Trouble

COLUMNS = (
    "SELECT j.number, j.job, j.queue, j.state, j.attempts, j.failures, j.priority, j.endpoint, "
    "j.batch, j.started_by, j.sensitive, j.created_at, j.run_at, j.started_at, j.seal, j.payload, "
    "p.done, p.total, p.message, p.at, a.outcome, a.error, a.traceback"
)
_BESIDE = (
    "LEFT JOIN job_progress p ON p.number = j.number "
    "LEFT JOIN job_attempts a ON a.number = j.number AND a.attempt = (SELECT max(attempt) "
    "FROM job_attempts WHERE number = j.number)"
)
OF_JOBS = f", j.cancel_asked, NULL, NULL, NULL FROM jobs j {_BESIDE}"
OF_HISTORY = f", 0, j.finished_at, j.error, j.result FROM job_history j {_BESIDE}"


class _Row(NamedTuple):
    """One row of either table, with its progress and its last attempt that failed."""

    number: int
    job: str
    queue: str
    state: str
    attempts: int
    failures: int
    priority: float
    endpoint: str | None
    batch: int | None
    started_by: str | None
    sensitive: int
    created_at: int
    run_at: int
    started_at: int | None
    seal: bytes | None
    payload: bytes
    progress_done: int | None
    progress_total: int | None
    progress_message: str | None
    progress_at: int | None
    outcome: str | None
    attempt_error: str | None
    traceback: str | None
    cancel_asked: int
    finished_at: int | None
    error: str | None
    result: bytes | None

    @property
    def is_hidden(self) -> bool:
        """Whether it is a secret as a whole, also if somebody has changed the row."""
        return bool(self.sensitive) or self.payload.startswith(SECRET)


class JobRows:
    """Reads jobs with their payloads decoded and their secrets covered."""

    def __init__(self, database: Database, registry: Registry, codec: Codec) -> None:
        self._database = database
        self._registry = registry
        self._codec = codec

    def views(self, sql: str, values: Sequence[Any]) -> list[JobView]:
        """Return the jobs of a query over COLUMNS."""
        return [self._view(_Row(*row))[0] for row in self._all(sql, values)]

    def detail(self, number: int) -> JobDetail | None:
        """Return one job with all its attempts, None where there is none."""
        for table in (OF_JOBS, OF_HISTORY):
            for found in self._all(f"{COLUMNS} {table} WHERE j.number = ?", (number,)):
                row = _Row(*found)
                view, secrets = self._view(row)
                tried = (*self._tried(number, secrets), *_present(view))
                return JobDetail(view=view, tried=tried, result=self._result(row))
        return None

    def _view(self, row: _Row) -> tuple[JobView, Collection[str]]:
        payload, secrets = self._payload(row)
        error = row.error if row.finished_at is not None else row.attempt_error
        is_done = row.state == "done"
        view = JobView(
            number=row.number,
            job=row.job,
            queue=row.queue,
            state=row.state,
            attempts=row.attempts,
            failures=row.failures,
            priority=row.priority,
            endpoint=row.endpoint,
            batch=row.batch,
            started_by=row.started_by,
            is_sensitive=row.is_hidden,
            cancel_asked=bool(row.cancel_asked),
            created_at=from_ms(row.created_at),
            run_at=from_ms(row.run_at),
            started_at=_moment(row.started_at),
            finished_at=_moment(row.finished_at),
            outcome=None if is_done else row.outcome,
            error=without(error or "", secrets),
            traceback="" if is_done else without(row.traceback or "", secrets),
            payload=payload,
            progress=_progress(row),
        )
        return view, secrets

    def _payload(self, row: _Row) -> tuple[ShownPayload, Collection[str]]:
        """Return what may be seen of a payload, and the secrets to be covered elsewhere."""
        trouble = reason = None
        try:
            message = self._codec.read(row.job, row.payload, row.seal)
            declared = self._registry[row.job]
            declared.check(message.payload)
            if not row.is_hidden:
                value = masked(message.payload, declared.masked)
                then = tuple(after.job for after in message.then)
                return ShownPayload(value=value, then=then), [
                    *secrets_in(message.payload, declared.masked)
                ]
        except Exception as error:  # noqa: BLE001 - a payload may be wrong in any way
            trouble, reason = _trouble(error), own_words(error)
        raw = MASK if row.is_hidden else raw_text(row.payload, self._masked_names(row.job))
        return ShownPayload(value=raw, trouble=trouble, reason=reason or ""), ()

    def _masked_names(self, job: str) -> Collection[str]:
        return self._registry[job].masked if job in self._registry else ()

    def _result(self, row: _Row) -> Any:
        if row.result is None:
            return None
        if row.is_hidden or row.job not in self._registry:
            return MASK
        try:
            declared = self._registry[row.job]
            return masked(self._codec.load(declared, row.result), declared.masked)
        except Exception:  # noqa: BLE001 - a result may be wrong in any way
            return raw_text(row.result, self._masked_names(row.job))

    def _tried(self, number: int, secrets: Collection[str]) -> list[Attempt]:
        sql = (
            "SELECT attempt, outcome, started_at, ended_at, error, traceback FROM job_attempts "
            "WHERE number = ? ORDER BY attempt"
        )
        return [
            Attempt(
                attempt=attempt,
                outcome=outcome,
                started_at=_moment(started),
                ended_at=_moment(ended),
                error=without(error or "", secrets),
                traceback=without(trace or "", secrets),
            )
            for attempt, outcome, started, ended, error, trace in self._all(sql, (number,))
        ]

    def _all(self, sql: str, values: Sequence[Any]) -> list[Any]:
        return self._database.execute_sql(sql, values).fetchall()


def _present(view: JobView) -> list[Attempt]:
    """Return the attempt that has done the job, or runs it now: none is kept of those."""
    if view.state not in ("done", "running"):
        return []
    return [
        Attempt(
            attempt=view.attempts,
            outcome=view.state,
            started_at=view.started_at,
            ended_at=view.finished_at,
            error="",
            traceback="",
        )
    ]


def _progress(row: _Row) -> Progress | None:
    if row.progress_at is None:
        return None
    return Progress(
        done=row.progress_done or 0,
        total=row.progress_total,
        message=row.progress_message or "",
        at=from_ms(row.progress_at),
    )


def _trouble(error: Exception) -> Trouble:
    if isinstance(error, UnknownJob):
        return Trouble.UNKNOWN_JOB
    return Trouble.MISMATCH if isinstance(error, PayloadMismatch) else Trouble.UNREADABLE


def _moment(milliseconds: int | None) -> datetime | None:
    return None if milliseconds is None else from_ms(milliseconds)
