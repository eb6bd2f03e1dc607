"""Sets off what no clock does, and keeps what has come of all that comes round by itself.

Both are called in the transaction of what they hear of, a Z or the end of a job: what they leave
stands exactly once, and a fault of theirs spoils neither.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from pos_queue.departures import Ended

from pos_desktop.domain.clock import Clock
from pos_desktop.domain.errors import Refused, Unavailable
from pos_desktop.domain.ids import Id
from pos_desktop.domain.mail import Fate
from pos_desktop.domain.schedule import KINDS, Beat, ScheduleName
from pos_desktop.domain.text import _, ngettext
from pos_desktop.services.background.enqueueing import Enqueues
from pos_desktop.services.background.queue_words import cause
from pos_desktop.services.job_keeping import PRUNE_JOBS
from pos_desktop.services.mail.mail_post import SENDERS
from pos_desktop.services.schedules.schedule_book import JOBS, MAIL_FAILURES, OF_JOB, ScheduleBook
from pos_desktop.storage import schedules
from pos_desktop.storage.database import ShopDatabase
from pos_desktop.storage.moments import from_stored, to_stored
from pos_desktop.storage.schedules import LastRun

if TYPE_CHECKING:
    from pos_queue.engine.claims import Claim
    from pos_queue.views.views import Views

GATHERING = timedelta(minutes=1)
"""How long failures are gathered for one mail."""
APART = timedelta(hours=1)
"""How far apart two mails about failures are at least."""
MAILED_AT = "mailed_at"
"""When the last of them was left, in milliseconds UTC: a word of the schedule's memory."""
_TELL_THEMSELVES = frozenset(job for name, job in JOBS.items() if KINDS[name].mails)
"""They keep themselves what has come of them, where they are done."""

log = logging.getLogger(__name__)


class ScheduleWatch:
    """Hears of each Z and of each job that ends."""

    def __init__(
        self,
        database: ShopDatabase,
        book: ScheduleBook,
        queue: Enqueues,
        clock: Clock,
        views: Callable[[], Views],
        result_of: Callable[[str, bytes | None], Any],
    ) -> None:
        """Take the machine's clock, the queue as this transaction sees it, and what reads results.

        `result_of` returns what a job has left as its result, from how the file keeps it.
        """
        self._database = database
        self._book = book
        self._queue = queue
        self._clock = clock
        self._views = views
        self._result_of = result_of

    def day_closed(self, z: str, paper: Id) -> None:
        """Hear that a day was closed: its Z by its number, and the job that prints it."""
        try:
            with self._database.write():
                for schedule in self._book.that_come(Beat.AT_Z):
                    own = {"z": z, "paper": paper}
                    payload = own if schedule.name is ScheduleName.DAILY_Z else {}
                    self._queue.enqueue(JOBS[schedule.name], payload)
        except Unavailable:
            raise
        except Exception:  # a Z never refuses
            log.exception("what comes with %s could not be set off", z)

    def job_ended(self, claim: Claim, state: Ended, result: bytes | None) -> None:
        """Hear that a job has ended."""
        name = OF_JOB.get(claim.job)
        is_news = claim.job != MAIL_FAILURES and self._is_news(claim, state, result)
        if name is None and not is_news:
            return
        try:
            with self._database.write():
                if name is not None:
                    self._keep(name, claim, state, result)
                if is_news:
                    self._set_off_alert()
        except Unavailable:
            raise
        except Exception:  # the job's end must not hang on it
            log.exception("what comes of job %s (%s) could not be kept", claim.number, claim.job)

    # what has come of it

    def _keep(self, name: ScheduleName, claim: Claim, state: Ended, result: bytes | None) -> None:
        if state is Ended.DONE and claim.job in _TELL_THEMSELVES:
            return
        run = LastRun(
            at=to_stored(self._clock.now()),
            is_good=state is Ended.DONE,
            words=self._words(claim, state, result),
            job=claim.number,
        )
        schedules.set_run(self._database, name, run)

    def _words(self, claim: Claim, state: Ended, result: bytes | None) -> str:
        if state.has_failed:
            detail = self._views().job(claim.number)
            return cause(detail.view) if detail else ""
        if state is not Ended.DONE:
            return _("It was cancelled.")
        if claim.job != PRUNE_JOBS:
            return _("Done.")
        removed = int(self._result_of(claim.job, result) or 0)
        words = ngettext(
            "{count:,} ended job was removed.", "{count:,} ended jobs were removed.", removed
        )
        return words.format(count=removed)

    # failures

    def _is_news(self, claim: Claim, state: Ended, result: bytes | None) -> bool:
        """Tell whether a person should hear of how a job has ended."""
        if state.has_failed:
            return True
        if claim.job not in SENDERS or state is not Ended.DONE:
            return False
        with suppress(Exception):  # what cannot be read is no news
            return bool((self._result_of(claim.job, result) or {}).get(Fate.UNKNOWN))
        return False

    def _set_off_alert(self) -> None:
        """Let failures be mailed soon, and not sooner than an hour after the last time."""
        with suppress(Refused):
            schedule = self._book.find(ScheduleName.FAILED_JOBS)
            if schedule not in self._book.that_come(Beat.AS_IT_HAPPENS):
                return
            now = self._clock.now()
            memory = schedules.memory(self._database, schedule.name)
            last = from_stored(memory.get(MAILED_AT, 0))
            at = now + GATHERING if last > now else max(now + GATHERING, last + APART)
            self._queue.enqueue(MAIL_FAILURES, at=at, unique_key=MAIL_FAILURES)
