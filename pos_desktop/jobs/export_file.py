"""The job that makes the file of an export."""

from __future__ import annotations

from typing import Any

from pos_queue.context import JobContext
from pos_queue.job import Job, RunsIn, job

from pos_desktop.jobs.queues import PAPERS
from pos_desktop.services.exports.exporting import EXPORT_FILE, Exports

_LIMIT_SECONDS = 3600.0
"""A million rows on a slow machine."""


def export_file(exports: Exports) -> Job:
    """Declare the job; which export it was, and how many rows it has, is its result."""

    @job(EXPORT_FILE, queue=PAPERS, attempts=3, limit=_LIMIT_SECONDS, runs_in=RunsIn.CHILD)
    def body(context: JobContext, *, export: str) -> dict[str, Any]:
        return exports.make(context, export)

    return body
