"""The job that takes an import back."""

from __future__ import annotations

from typing import Any

from pos_queue.context import JobContext
from pos_queue.job import Job, RunsIn, job

from pos_desktop.jobs.change_prices import LIMIT_SECONDS
from pos_desktop.jobs.queues import IMPORTS
from pos_desktop.services.imports.import_jobs import UNDO_IMPORT, ImportJobs


def undo_import(imports: ImportJobs) -> Job:
    """Declare the job; how many products it has brought back or left is its result."""

    @job(
        UNDO_IMPORT,
        queue=IMPORTS,
        attempts=3,
        limit=LIMIT_SECONDS,
        unique=True,
        runs_in=RunsIn.CHILD,
    )
    def body(context: JobContext, *, number: int) -> dict[str, Any]:
        return imports.run_undo(context, number)

    return body
