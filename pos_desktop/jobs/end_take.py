"""The job that ends a stock take of very many products."""

from __future__ import annotations

from typing import Any

from pos_queue.context import JobContext
from pos_queue.job import Job, RunsIn, job

from pos_desktop.jobs.change_prices import LIMIT_SECONDS
from pos_desktop.jobs.queues import IMPORTS
from pos_desktop.services.stock.take_jobs import END_TAKE, TakeJobs


def end_take(takes: TakeJobs) -> Job:
    """Declare the job; how many products it has corrected is its result."""

    @job(END_TAKE, queue=IMPORTS, attempts=3, limit=LIMIT_SECONDS, runs_in=RunsIn.CHILD)
    def body(context: JobContext, *, take: str, uncounted: str) -> dict[str, Any]:
        return takes.run(context, take, uncounted)

    return body
