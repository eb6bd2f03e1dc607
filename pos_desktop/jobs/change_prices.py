"""The job that sets the prices of a preview."""

from __future__ import annotations

from typing import Any

from pos_queue.context import JobContext
from pos_queue.job import Job, RunsIn, job

from pos_desktop.jobs.queues import IMPORTS
from pos_desktop.services.products.price_jobs import CHANGE_PRICES, PriceJobs

LIMIT_SECONDS = 3600.0
"""A million prices beside a till that sells all the time."""


def change_prices(prices: PriceJobs) -> Job:
    """Declare the job; how many prices it has set and left alone is its result."""

    @job(CHANGE_PRICES, queue=IMPORTS, attempts=3, limit=LIMIT_SECONDS, runs_in=RunsIn.CHILD)
    def body(context: JobContext, *, wish: dict[str, Any]) -> dict[str, Any]:
        return prices.run(context, wish)

    return body
