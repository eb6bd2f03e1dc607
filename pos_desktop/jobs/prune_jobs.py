"""The job that keeps the history of jobs short."""

from __future__ import annotations

from pos_queue.context import JobContext
from pos_queue.job import Job, job
from pos_queue.rounds.cron import Cron, Missed

from pos_desktop.services.job_keeping import PRUNE_JOBS, JobKeeping

QUEUE = "upkeep"
NIGHTLY = Cron("30 3 * * *", Missed.ONCE)
"""On the wall of the shop; a till that was off at night does it once when it is on again."""
_LIMIT_SECONDS = 3600.0


def prune_jobs(keeping: JobKeeping) -> Job:
    """Declare the job; what it removed is its result."""

    @job(PRUNE_JOBS, queue=QUEUE, attempts=3, limit=_LIMIT_SECONDS, unique=True, cron=NIGHTLY)
    def body(context: JobContext) -> int:
        return keeping.prune(context)

    return body
