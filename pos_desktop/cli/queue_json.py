"""The queue in the words that scripts rely on."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pos_queue.engine.settling import EndedJob
from pos_queue.views.shown import Attempt, BatchView, Counts, JobDetail, JobView


def counts_json(counts: Counts, done: int) -> dict[str, Any]:
    """Return the counts."""
    names = ("queued", "scheduled", "running", "waiting_for_network", "failed", "quarantined")
    return {
        **{name: getattr(counts, name) for name in names},
        "done": done,
        "oldest_wait_seconds": counts.oldest_wait_seconds,
        "paused": list(counts.paused),
    }


def failed_json(job: JobView) -> dict[str, Any]:
    """Return one failed job of the list."""
    return {
        "id": job.number,
        "job": job.job,
        "queue": job.queue,
        "attempts": job.attempts,
        "error": job.error,
        "traceback": job.traceback,
        "payload": job.payload.value,
        "failed_at": _moment(job.finished_at),
        "state": job.state,
        "unreadable": job.payload.reason or None,
    }


def unfinished_json(job: JobView) -> dict[str, Any]:
    """Return one job of the list of those that run or wait."""
    return {
        "id": job.number,
        "job": job.job,
        "queue": job.queue,
        "state": job.state,
        "attempts": job.attempts,
        "payload": job.payload.value,
        "batch": job.batch,
        "created_at": _moment(job.created_at),
        "run_at": _moment(job.run_at),
        "started_at": _moment(job.started_at),
        "progress": _progress_json(job),
    }


def _progress_json(job: JobView) -> dict[str, Any] | None:
    far = job.progress
    if far is None:
        return None
    return {"done": far.done, "total": far.total, "message": far.message}


def detail_json(detail: JobDetail) -> dict[str, Any]:
    """Return one job with all that is known of it."""
    job = detail.view
    return {
        **failed_json(job),
        "failed_at": _moment(job.finished_at if job.has_failed else None),
        "priority": job.priority,
        "endpoint": job.endpoint,
        "batch": job.batch,
        "started_by": job.started_by,
        "cancel_asked": job.cancel_asked,
        "then": list(job.payload.then),
        "created_at": _moment(job.created_at),
        "run_at": _moment(job.run_at),
        "started_at": _moment(job.started_at),
        "ended_at": _moment(job.finished_at),
        "progress": _progress_json(job),
        "result": detail.result,
        "tried": [_attempt_json(attempt) for attempt in detail.tried],
    }


def _attempt_json(attempt: Attempt) -> dict[str, Any]:
    return {
        "attempt": attempt.attempt,
        "outcome": attempt.outcome,
        "started_at": _moment(attempt.started_at),
        "ended_at": _moment(attempt.ended_at),
        "error": attempt.error,
        "traceback": attempt.traceback,
    }


def batch_json(batch: BatchView) -> dict[str, Any]:
    """Return one batch of the list."""
    names = ("name", "total", "waiting", "running", "done", "failed", "percent", "started_by")
    return {
        "id": batch.number,
        **{name: getattr(batch, name) for name in names},
        "cancelled": batch.let_go,
        "created_at": _moment(batch.created_at),
        "cancelled_at": _moment(batch.cancelled_at),
        "ended_at": _moment(batch.ended_at),
    }


def ended_json(job: EndedJob) -> dict[str, Any]:
    """Return a job that a worker has just ended."""
    return {
        "id": job.number,
        "job": job.job,
        "queue": job.queue,
        "state": job.state.value,
        "attempts": job.attempts,
        "seconds": job.seconds,
        "error": job.error,
        "batch": job.batch,
    }


def _moment(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
