"""Keeping what jobs leave behind as long as the shop wants it: history, messages, mails, files."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from pos_queue.context import JobContext
from pos_queue.control.pruning import prune
from pos_queue.moments import to_ms

from pos_desktop import settings
from pos_desktop.domain.clock import Clock
from pos_desktop.domain.ids import Id
from pos_desktop.services.background.enqueueing import JobName
from pos_desktop.services.configuration import Configuration
from pos_desktop.services.mail.mail_files import MailFiles
from pos_desktop.services.mail.mail_stops import Transaction
from pos_desktop.settings import Setting
from pos_desktop.storage import mails, notifications
from pos_desktop.storage.database import ShopDatabase
from pos_desktop.storage.moments import to_stored

PRUNE_JOBS = JobName("prune_jobs")
"""Removes what is older than the settings say."""
KEEP_READ = timedelta(days=30)
"""How long a message is kept after it was read."""
_LOT = 500
"""How many messages are removed in one hold of the file."""
_LOT_OF_FILES = 20
"""How many mails or exports: each may have a file."""


class JobKeeping:
    """Prunes the history of jobs, their messages, and the mails and exports that they made."""

    def __init__(
        self,
        database: ShopDatabase,
        configuration: Configuration,
        clock: Clock,
        sweep: Callable[[], object],
        *,
        files: MailFiles,
        finish_stops: Callable[[Transaction], object],
        prune_exports: Callable[[int, int], int],
        forget_payers: Callable[[JobContext], object],
    ) -> None:
        """Take the machine's `clock`, by which jobs run, and what removes files of no job.

        `prune_exports` removes exports of before a moment, so many at most, in the present
        transaction; it returns how many. `finish_stops` leaves out who waits for stopped mails,
        `forget_payers` takes out who has paid by M-Pesa.
        """
        self._finish_stops = finish_stops
        self._forget_payers = forget_payers
        self._sweep = sweep
        self._files = files
        self._prune_exports = prune_exports
        self._database = database
        self._configuration = configuration
        self._clock = clock

    def prune(self, context: JobContext) -> int:
        """Remove what is older than the settings say, in chunks of a job; return how many jobs."""
        self._configuration.refresh()
        keep = timedelta(days=self._configuration.get(settings.QUEUE_KEEP_DAYS))
        before = to_ms(self._clock.now() - keep)
        removed = 0
        for number in prune(self._database, self._clock, before, context.chunk):
            removed += number
            context.went(removed)
        self._prune_messages(context)
        self._prune_mails(context)
        self._prune_files(context)
        self._forget_payers(context)
        self._sweep()
        return removed

    def _prune_messages(self, context: JobContext) -> None:
        before = to_stored(self._clock.now() - KEEP_READ)
        removed = _LOT
        while removed == _LOT and not context.cancelled:
            with context.chunk():
                removed = notifications.prune_read(self._database, before, _LOT)

    def _prune_mails(self, context: JobContext) -> None:
        """Remove old mails, then their files; those that a kill left over go the next night."""
        self._finish_stops(context.chunk)
        before = self._days_ago(settings.MAIL_KEEP_DAYS)
        gone: list[Id] = []
        while not context.cancelled:
            with context.chunk():
                gone = mails.prune(self._database, before, _LOT_OF_FILES)
            for mail_id in gone:
                self._files.drop(mail_id)
            if len(gone) < _LOT_OF_FILES:
                break
        self._files.sweep(
            to_stored(self._clock.now()),
            lambda mail_id: mails.is_kept(self._database, mail_id),
        )

    def _prune_files(self, context: JobContext) -> None:
        before = self._days_ago(settings.EXPORTS_KEEP_DAYS)
        removed = _LOT_OF_FILES
        while removed == _LOT_OF_FILES and not context.cancelled:
            with context.chunk():
                removed = self._prune_exports(before, _LOT_OF_FILES)

    def _days_ago(self, setting: Setting[int]) -> int:
        keep = timedelta(days=self._configuration.get(setting))
        return to_stored(self._clock.now() - keep)
