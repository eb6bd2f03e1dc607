"""The job that brings the prices back that a change has set."""

from __future__ import annotations

from typing import Any

from pos_queue.context import JobContext
from pos_queue.job import Job, RunsIn, job

from pos_desktop.jobs.change_prices import LIMIT_SECONDS
from pos_desktop.jobs.queues import IMPORTS
from pos_desktop.services.products.price_jobs import TAKE_PRICES_BACK, PriceJobs


def take_prices_back(prices: PriceJobs) -> Job:
    """Declare the job; how many prices are as they were is its result."""

    @job(
        TAKE_PRICES_BACK,
        queue=IMPORTS,
        attempts=3,
        limit=LIMIT_SECONDS,
        unique=True,
        runs_in=RunsIn.CHILD,
    )
    def body(context: JobContext, *, run: int) -> dict[str, Any]:
        return prices.run_undo(context, run)

    return body
