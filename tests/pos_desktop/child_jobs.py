"""Jobs that tests run in children of a shop: `declared` is what the child asks for them."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator

from pos_queue.context import JobContext
from pos_queue.job import Job, RunsIn, job

from pos_desktop.jobs.registry import JobServices

QUEUE = "heavy"


@job("tell", queue=QUEUE, runs_in=RunsIn.CHILD)
def tell(_context: JobContext) -> dict[str, object]:
    """Tell what a child is made of."""
    return {"pid": os.getpid(), "modules": sorted(sys.modules)}


def declared(services: JobServices) -> Iterator[Job]:
    """Yield a job that writes to the shop's file in chunks, and one that tells of its child."""

    @job("count", queue=QUEUE, runs_in=RunsIn.CHILD)
    def count(context: JobContext, *, days: int) -> int:
        for day in range(context.cursor or 0, days):
            context.checkpoint(day + 1)
        services.keeping.prune(context)
        return days

    yield count
    yield tell
