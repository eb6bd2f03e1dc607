"""Backups of the shop: made, copied to a second place, thinned out; by hand or by a job."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from pos_queue.context import JobContext
from pos_queue.errors import GiveUp

from pos_desktop import settings
from pos_desktop.domain.errors import AnotherRuns, PosError, Refused
from pos_desktop.domain.ids import Id
from pos_desktop.domain.keeping import KeepRule
from pos_desktop.domain.progress import Progress, tell_nobody
from pos_desktop.domain.staff import Permission
from pos_desktop.domain.text import _
from pos_desktop.services.background.as_job import as_job
from pos_desktop.services.background.enqueueing import Enqueues, JobName
from pos_desktop.services.backup.backup_faults import folder_gone_words, not_written, told
from pos_desktop.services.backup.backup_folder import BackupFolder, Kept, backup_name, backup_place
from pos_desktop.services.backup.backup_words import not_copied_sentence
from pos_desktop.services.backup.backup_writing import BackupSource, write_backup
from pos_desktop.services.backup.sticks import is_where_sticks_come
from pos_desktop.services.configuration import Configuration
from pos_desktop.services.people.acting import hand_of
from pos_desktop.services.people.sign_in import Person
from pos_desktop.storage.audit import Check
from pos_desktop.storage.books import Books
from pos_desktop.storage.database import ShopDatabase
from pos_desktop.storage.moments import from_stored
from pos_desktop.storage.node import till_codes
from pos_desktop.storage.snapshot import Counts

BACKUP_SHOP = JobName("backup_shop")
"""Makes a backup in the folder of backups, and lets old ones go."""
_AGAIN_SECONDS = 30.0
"""How long a backup waits for another one."""


class AnotherBackup(AnotherRuns):
    """Another backup of this shop is being made; wait until it has ended."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A backup that was made, read back and found to be what the shop was."""

    path: Path
    taken_at: datetime
    """The moment that it shows, aware, in UTC."""
    size: int
    """Bytes of the backup."""
    seconds: float
    counts: Counts
    findings: tuple[Check, ...]
    """What is wrong in the books, in the backup as in the shop itself."""
    copy: Path | None = None
    """The copy in the second folder."""
    copy_trouble: str = ""
    """Why there is no copy though one is wanted, in a sentence."""
    removed: tuple[Path, ...] = ()
    """Older backups that the rule let go."""


class Backups:
    """Makes backups of one shop; one at a time, from any thread or process."""

    def __init__(
        self,
        source: BackupSource,
        database: ShopDatabase,
        books: Books,
        configuration: Configuration,
        queue: Enqueues,
        *,
        own_folder: Callable[[], Path],
        one_at_a_time: Callable[[], AbstractContextManager[None]],
    ) -> None:
        """Take what makes the shop's own folder of backups, and what raises AnotherBackup."""
        self._source = source
        self._database = database
        self._books = books
        self._configuration = configuration
        self._queue = queue
        self._own_folder = own_folder
        self._one_at_a_time = one_at_a_time

    def make(
        self,
        file: Path | None = None,
        *,
        actor: Person | None,
        progress: Progress = tell_nobody,
    ) -> Made:
        """Make a backup and return it once it was read back.

        Into this file or folder; else into the folder of the settings, from there into the second
        folder, and what the rule does not keep is removed in both. Raises Refused where the file is
        there already, in a training shop and while another backup is made; what the disk says as a
        sentence; NeedsApproval.
        """
        actor_id = hand_of(actor, Permission.SETTINGS).actor_id
        return self._make(file, actor_id, progress, self._database.write)

    def leave(self, *, actor: Person | None) -> int:
        """Leave a backup by the settings to a job, and return its number; NeedsApproval."""
        actor_id = hand_of(actor, Permission.SETTINGS).actor_id
        self._check_is_real()
        return self._queue.enqueue(BACKUP_SHOP, started_by=actor_id)

    def run(self, context: JobContext) -> dict[str, Any]:
        """Make the backup of a job; its result says where it lies and what it holds."""
        with as_job(gives_up=(PosError,), again=_AGAIN_SECONDS):
            made = self._make(None, context.started_by, context.went, context.chunk)
        if made.copy_trouble:
            raise GiveUp(not_copied_sentence(made.path.parent, made.copy_trouble))
        return {
            "file": str(made.path),
            "size": made.size,
            "seconds": made.seconds,
            "journal": made.counts.journal,
            "sales": made.counts.sales,
            "refunds": made.counts.refunds,
            "findings": [check.check for check in made.findings],
        }

    def listed(self) -> list[Kept]:
        """Return the backups in the folders of the settings, the newest first."""
        found = [one for folder in self._folders() for one in folder.listed()]
        return sorted(found, key=lambda one: one.taken_at, reverse=True)

    def places(self) -> list[BackupFolder]:
        """Return the folder of the settings, and the second one where they name it.

        None of them is looked at: that needs no connection to the shop's file, and may take long.
        """
        self._configuration.refresh()
        return self._folders()

    def prune(self, *, actor: Person | None) -> list[Path]:
        """Remove the backups that the rule of the settings does not keep, and return them.

        Nothing is removed where no whole one is left; NeedsApproval.
        """
        hand_of(actor, Permission.SETTINGS)
        with self._one_at_a_time():
            return [path for folder in self._folders() for path in self._pruned(folder)]

    def _make(
        self,
        file: Path | None,
        actor_id: Id | None,
        progress: Progress,
        writing: Callable[[], AbstractContextManager[None]],
    ) -> Made:
        self._check_is_real()
        self._configuration.refresh()
        began = self._source.clock.monotonic()
        with self._one_at_a_time():
            target = self._target(file)
            self._folder(target.parent).sweep()
            written = write_backup(self._source, target, progress)
            made = Made(
                path=target,
                taken_at=from_stored(written.taken_at),
                size=written.size,
                seconds=0.0,
                counts=written.counts,
                findings=written.findings,
            )
            with writing():
                detail = {"file": target.name, "entries": written.counts.journal}
                self._books.note("backup made", actor_id=actor_id, detail=detail)
            if file is None:
                made = self._kept(made)
        return replace(made, seconds=round(self._source.clock.monotonic() - began, 3))

    def _kept(self, made: Made) -> Made:
        """Copy a backup to where the settings want it too, and let old ones go in both places."""
        first, *second = self._folders()
        removed = self._pruned(first, made.path)
        if not second:
            return replace(made, removed=tuple(removed))
        (other,) = second
        try:
            other.sweep()
            copy = other.take_copy(made.path, self._source.file_mode, self._source.rename)
        except OSError as error:
            why = str(not_written(other.path, error))
            return replace(made, copy_trouble=why, removed=tuple(removed))
        except PosError as error:
            return replace(made, copy_trouble=str(error), removed=tuple(removed))
        return replace(made, copy=copy, removed=(*removed, *self._pruned(other, copy)))

    def _pruned(self, folder: BackupFolder, made: Path | None = None) -> list[Path]:
        get = self._configuration.get
        rule = KeepRule(
            get(settings.BACKUP_KEEP_DAYS),
            get(settings.BACKUP_KEEP_WEEKS),
            get(settings.BACKUP_KEEP_MONTHS),
        )
        return folder.prune(rule, self._configuration.zone, made)

    def _target(self, file: Path | None) -> Path:
        if file is None:
            folder = self._first_folder()
            with told(folder):
                return self._free_name(folder)
        with told(file.parent):
            is_folder = file.is_dir()
        if is_folder:
            with told(file):
                return self._free_name(file)
        _check_may_be_made(file)
        return file

    def _free_name(self, folder: Path) -> Path:
        moment = self._source.clock.now().astimezone(self._configuration.zone)
        shop = self._configuration.get(settings.SHOP_NAME)
        path = folder / backup_name(shop, self._source.node().till_code, moment)
        names = (path.with_stem(f"{path.stem}-{number}") for number in itertools.count(2))
        return next(one for one in itertools.chain([path], names) if not one.exists())

    def _folders(self) -> list[BackupFolder]:
        """Return the folder of the settings, and the second one where they name it."""
        second = self._configuration.get(settings.BACKUP_COPY_FOLDER)
        places = [self._first_folder(), *([self._place(second)] if second else [])]
        return [self._folder(place) for place in places]

    def _first_folder(self) -> Path:
        named = self._configuration.get(settings.BACKUP_FOLDER)
        return self._place(named) if named else self._own_folder()

    def _place(self, named: str) -> Path:
        return backup_place(self._source.reader.path.parent, named)

    def _folder(self, path: Path) -> BackupFolder:
        shop_id = self._source.node().shop_id
        return BackupFolder(path, shop_id, till_codes(self._database), self._source.key)

    def _check_is_real(self) -> None:
        if self._configuration.get(settings.SHOP_TRAINING):
            raise Refused(
                _("This is a training shop, of which there is no backup: end the training first.")
            )


def _check_may_be_made(file: Path) -> None:
    """Raise Refused for what is there already, and for the name of a stick that is not in."""
    with told(file.parent):
        is_there = file.exists()
    if is_there:
        raise Refused(
            _("{file} is there already: name another file for the backup.").format(
                file=file.absolute()
            )
        )
    if not file.suffix and is_where_sticks_come(file.parent):
        raise Refused(folder_gone_words(file))
