"""A backup is read to its end as another machine would, and says what is in it.

It lies open in the shop's folder meanwhile, as while a backup is made: one of both at a time.
"""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from typing import Any

from pos_queue.context import JobContext

from pos_desktop import settings
from pos_desktop.domain.errors import PosError
from pos_desktop.domain.progress import Progress
from pos_desktop.domain.staff import Permission
from pos_desktop.security.recovery import WrongKey
from pos_desktop.security.sealed_file import (
    BackupDamaged,
    BackupTooNew,
    Opening,
    wrong_for_backup,
)
from pos_desktop.services.background.as_job import as_job
from pos_desktop.services.background.enqueueing import Enqueues, JobName
from pos_desktop.services.backup.backup_content import unpack
from pos_desktop.services.backup.backup_faults import not_written, readable
from pos_desktop.services.backup.backup_writing import CHECKED, BackupSource, checked
from pos_desktop.services.people.acting import hand_of
from pos_desktop.services.people.sign_in import Person
from pos_desktop.storage.database import ShopDatabase
from pos_desktop.storage.migrations import LATEST, migrate
from pos_desktop.storage.room import has_room
from pos_desktop.storage.settings_table import peeked
from pos_desktop.storage.shifts import last_z

CHECK_BACKUP = JobName("check_backup")
"""Reads a backup to its end and says what is in it."""
_AGAIN_SECONDS = 10.0
"""How long a check waits for a backup that is being made."""


class BackupChecking:
    """Checks backups of one shop, one at a time, from any thread or process."""

    def __init__(
        self,
        source: BackupSource,
        queue: Enqueues,
        *,
        one_at_a_time: Callable[[], AbstractContextManager[None]],
    ) -> None:
        """Take what raises AnotherBackup while a backup is made."""
        self._source = source
        self._queue = queue
        self._one_at_a_time = one_at_a_time

    def leave(self, file: Path, *, actor: Person | None) -> int:
        """Leave the check of a backup to a job, and return its number; NeedsApproval."""
        actor_id = hand_of(actor, Permission.SETTINGS).actor_id
        return self._queue.enqueue(CHECK_BACKUP, {"file": str(file)}, started_by=actor_id)

    def run(self, context: JobContext, file: str) -> dict[str, Any]:
        """Check a backup in a job; its result says what is in it."""
        with as_job(gives_up=(PosError,), again=_AGAIN_SECONDS), self._one_at_a_time():
            return self._checked(Path(file), context.went)

    def _checked(self, file: Path, progress: Progress) -> dict[str, Any]:
        source = self._source
        with readable(file) as content:
            opening = Opening(content)
            if opening.description.schema > LATEST:
                raise BackupTooNew
            if not opening.is_of(source.key):
                raise WrongKey(wrong_for_backup())
            with self._work_folder(opening.description.size) as work:
                database = work / CHECKED
                beside, _digest = unpack(
                    opening,
                    source.key,
                    database,
                    lambda done, size: progress(4 * done, 5 * size),  # the books are the rest
                )
                with closing(ShopDatabase(database, source.clock)) as opened:
                    migrate(opened, source.clock)
                    z = last_z(opened)
                checks = checked(source, beside, work)
                if checks is None:
                    raise BackupDamaged
                shop = peeked(database, settings.SHOP_NAME.key)
        progress(1, 1)
        return {
            "file": str(file),
            "shop": str(shop or ""),
            "till": opening.description.till_code,
            "taken_at": opening.description.taken_at,
            "program": opening.description.program,
            "z": z,
            "sales": beside.counts.sales,
            "refunds": beside.counts.refunds,
            "findings": [check.check for check in checks if not check.ok],
        }

    @contextmanager
    def _work_folder(self, size: int) -> Iterator[Path]:
        """Make the folder for what lies open; what a killed check left there goes first."""
        work = self._source.work
        shutil.rmtree(work, ignore_errors=True)
        try:
            if not has_room(work.parent, size, self._source.free):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            work.mkdir(mode=0o700)
            yield work
        except OSError as error:
            raise not_written(work.parent, error) from error
        finally:
            shutil.rmtree(work, ignore_errors=True)
