"""The job that makes a backup of the shop."""

from __future__ import annotations

from typing import Any

from pos_queue.context import JobContext
from pos_queue.job import Job, RunsIn, job

from pos_desktop.jobs.queues import BACKUPS
from pos_desktop.services.backup.backups import BACKUP_SHOP, Backups

_LIMIT_SECONDS = 2 * 3600.0
"""A shop of ten years on a slow stick is done in a fraction of it."""


def backup_shop(backups: Backups) -> Job:
    """Declare the job; where the backup lies and what it holds is its result."""

    @job(
        BACKUP_SHOP,
        queue=BACKUPS,
        attempts=3,
        limit=_LIMIT_SECONDS,
        unique=True,
        runs_in=RunsIn.CHILD,
    )
    def body(context: JobContext) -> dict[str, Any]:
        return backups.run(context)

    return body
