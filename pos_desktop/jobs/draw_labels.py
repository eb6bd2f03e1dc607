"""The job that draws labels on sheets."""

from __future__ import annotations

from typing import Any

from pos_queue.context import JobContext
from pos_queue.job import Job, RunsIn, job

from pos_desktop.jobs.queues import PAPERS
from pos_desktop.services.products.label_jobs import DRAW_LABELS, LabelJobs

_LIMIT_SECONDS = 600.0


def draw_labels(drawing: LabelJobs) -> Job:
    """Declare the job; how many sheets it has drawn, and where, is its result."""

    @job(DRAW_LABELS, queue=PAPERS, attempts=3, limit=_LIMIT_SECONDS, runs_in=RunsIn.CHILD)
    def body(
        context: JobContext, *, labels: list[list[Any]], path: str, sheet: str, first: int
    ) -> dict[str, Any]:
        return drawing.run(context, labels, path, sheet, first)

    return body
