"""Keeping the history of jobs, and what they told people, as long as the shop wants it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from pos_queue.context import JobContext
from pos_queue.control.pruning import prune
from pos_queue.errors import JobCancelled
from pos_queue.moments import to_ms

from pos_desktop import settings
from pos_desktop.domain.clock import Clock
from pos_desktop.services.configuration import Configuration
from pos_desktop.services.enqueueing import JobName
from pos_desktop.storage import notifications
from pos_desktop.storage.database import ShopDatabase
from pos_desktop.storage.moments import to_stored

PRUNE_JOBS = JobName("prune_jobs")
"""Removes what ended more than `queue.keep_days` ago."""
KEEP_READ = timedelta(days=30)
"""How long a message is kept after it was read."""
_LOT = 500
"""How many messages are removed in one hold of the file."""


class JobKeeping:
    """Prunes the history of jobs and their messages."""

    def __init__(
        self,
        database: ShopDatabase,
        configuration: Configuration,
        clock: Clock,
        sweep: Callable[[], object],
    ) -> None:
        """Take the machine's `clock`, by which jobs run, and what removes files of no job."""
        self._sweep = sweep
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
            context.progress(removed)
            if context.cancelled:
                raise JobCancelled
        self._prune_messages(context)
        self._sweep()
        return removed

    def _prune_messages(self, context: JobContext) -> None:
        before = to_stored(self._clock.now() - KEEP_READ)
        removed = _LOT
        while removed == _LOT and not context.cancelled:
            with context.chunk():
                removed = notifications.prune_read(self._database, before, _LOT)
