"""The job that imports a statement of M-Pesa."""

from __future__ import annotations

from typing import Any

from pos_queue.context import JobContext
from pos_queue.job import Job, RunsIn, job

from pos_desktop.jobs.queues import IMPORTS
from pos_desktop.services.mpesa.statements.statement_import import (
    IMPORT_MPESA_STATEMENT,
    StatementImport,
)

_ATTEMPTS = 3
_LIMIT_SECONDS = 3_600.0
"""Far above what a year of a busy shop takes beside a till."""


def import_mpesa_statement(statements: StatementImport) -> Job:
    """Declare the job; the counts of the import are its result."""

    @job(
        IMPORT_MPESA_STATEMENT,
        queue=IMPORTS,
        attempts=_ATTEMPTS,
        limit=_LIMIT_SECONDS,
        runs_in=RunsIn.CHILD,
    )
    def body(context: JobContext, *, file: str, since: str | None) -> dict[str, Any]:
        return statements.run_job(context, file, since)

    return body
