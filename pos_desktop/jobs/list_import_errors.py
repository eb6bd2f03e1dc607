"""The job that lists what an import of a file would reject."""

from __future__ import annotations

from typing import Any

from pos_queue.context import JobContext
from pos_queue.job import Job, RunsIn, job

from pos_desktop.jobs.change_prices import LIMIT_SECONDS
from pos_desktop.jobs.queues import PAPERS
from pos_desktop.services.imports.import_jobs import LIST_IMPORT_ERRORS, ImportJobs


def list_import_errors(imports: ImportJobs) -> Job:
    """Declare the job; how many rows it has listed, and where, is its result."""

    @job(LIST_IMPORT_ERRORS, queue=PAPERS, attempts=3, limit=LIMIT_SECONDS, runs_in=RunsIn.CHILD)
    def body(
        context: JobContext, *, file: str, path: str, sheet: str | None, mapping: dict[str, str]
    ) -> dict[str, Any]:
        del file  # what people know it by
        return imports.run_list(context, path, sheet, mapping)

    return body
