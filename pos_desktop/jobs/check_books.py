"""The job that checks all books after a Z that could not."""

from __future__ import annotations

from pos_queue.context import JobContext
from pos_queue.job import Job, RunsIn, job

from pos_desktop.jobs.queues import BOOKS
from pos_desktop.services.closing.book_checks import CHECK_BOOKS, BookChecks

_LIMIT_SECONDS = 3600.0
"""Ten years of books on a slow disk are checked in a fraction of it."""


def check_books(checks: BookChecks) -> Job:
    """Declare the job; how many checks it made, and how many found something, is its result."""

    @job(
        CHECK_BOOKS,
        queue=BOOKS,
        attempts=3,
        limit=_LIMIT_SECONDS,
        unique=True,
        runs_in=RunsIn.CHILD,
    )
    def body(context: JobContext) -> dict[str, int]:
        return checks.run(context)

    return body
