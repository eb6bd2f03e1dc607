"""The job that imports the products of a file."""

from __future__ import annotations

from typing import Any

from pos_queue.context import JobContext
from pos_queue.job import Job, RunsIn, job

from pos_desktop.jobs.queues import IMPORTS
from pos_desktop.services.imports.import_jobs import IMPORT_PRODUCTS, ImportJobs

_LIMIT_SECONDS = 6 * 3600.0
"""A day's work of a slow machine; no import of a shop comes near it."""


def import_products(imports: ImportJobs) -> Job:
    """Declare the job; the counts of the import are its result."""

    @job(IMPORT_PRODUCTS, queue=IMPORTS, attempts=3, limit=_LIMIT_SECONDS, runs_in=RunsIn.CHILD)
    def body(
        context: JobContext, *, file: str, sheet: str | None, mapping: dict[str, str]
    ) -> dict[str, Any]:
        return imports.run(context, file, sheet, mapping)

    return body
