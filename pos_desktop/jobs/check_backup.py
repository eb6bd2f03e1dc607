"""The job that reads a backup to its end."""

from __future__ import annotations

from typing import Any

from pos_queue.context import JobContext
from pos_queue.job import Job, RunsIn, job

from pos_desktop.jobs.queues import BACKUPS
from pos_desktop.services.backup.backup_checking import CHECK_BACKUP, BackupChecking

_LIMIT_SECONDS = 2 * 3600.0
"""A shop of ten years on a slow stick is read in a fraction of it."""


def check_backup(checking: BackupChecking) -> Job:
    """Declare the job; what is in the backup is its result."""

    @job(
        CHECK_BACKUP,
        queue=BACKUPS,
        attempts=3,
        limit=_LIMIT_SECONDS,
        unique=True,
        runs_in=RunsIn.CHILD,
    )
    def body(context: JobContext, *, file: str) -> dict[str, Any]:
        return checking.run(context, file)

    return body
