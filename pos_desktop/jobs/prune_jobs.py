"""The job that removes what is old; when it comes stands among what comes round by itself."""

from __future__ import annotations

from pos_queue.context import JobContext
from pos_queue.job import Job, job

from pos_desktop.jobs.queues import UPKEEP
from pos_desktop.services.job_keeping import PRUNE_JOBS, JobKeeping

_LIMIT_SECONDS = 3600.0


def prune_jobs(keeping: JobKeeping) -> Job:
    """Declare the job; what it removed is its result."""

    @job(PRUNE_JOBS, queue=UPKEEP, attempts=3, limit=_LIMIT_SECONDS, unique=True)
    def body(context: JobContext) -> int:
        return keeping.prune(context)

    return body
