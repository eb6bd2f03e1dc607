"""Mails what has failed: jobs that a person must look at, and mails of which nobody knows.

Everything is read in the transaction that makes the job done: a failure before it stands in this
mail, and one after it sets off the next.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pos_queue.context import JobContext
from pos_queue.moments import to_ms

from pos_desktop.domain.clock import Clock
from pos_desktop.domain.mail import MailKind
from pos_desktop.domain.mail_template import literal
from pos_desktop.domain.schedule import Schedule, ScheduleName
from pos_desktop.domain.text import _, ngettext, speaking
from pos_desktop.services.background.queue_words import cause, job_title
from pos_desktop.services.mail.mail_post import PREPARE_MAIL, SENDERS
from pos_desktop.services.schedules.schedule_book import MAIL_FAILURES
from pos_desktop.services.schedules.schedule_post import ScheduledLetter, SchedulePost
from pos_desktop.services.schedules.schedule_watch import MAILED_AT
from pos_desktop.storage import mail_recipients, mails, schedules
from pos_desktop.storage.database import ShopDatabase
from pos_desktop.storage.errors import RowDamaged
from pos_desktop.storage.moments import to_stored

if TYPE_CHECKING:
    from pos_queue.views.shown import JobView
    from pos_queue.views.views import Views

_MOST_READ = 200
"""So many of the latest failures are looked at, and kept as told."""
_MOST_NAMED = 20
_JOBS, _MAILS = "jobs", "mails"
"""What was told: words of the schedule's memory."""
_OF_MAIL = SENDERS | {PREPARE_MAIL}


@dataclass(frozen=True, slots=True)
class Failures:
    """What is wrong: failed jobs, and how many do not know of each mail by its number."""

    jobs: list[JobView]
    mails: dict[int, int]

    def as_memory(self) -> dict[str, Any]:
        """Return by what it is known again; a job that fails once more is another failure."""
        jobs = [[one.number, to_ms(one.finished_at)] for one in self.jobs if one.finished_at]
        return {_JOBS: jobs, _MAILS: [[number, count] for number, count in self.mails.items()]}

    def without(self, told: dict[str, Any]) -> Failures:
        """Return what of it was not told."""
        jobs = {tuple(one) for one in told.get(_JOBS, ())}
        unknown = {tuple(one) for one in told.get(_MAILS, ())}
        return Failures(
            [
                one
                for one in self.jobs
                if one.finished_at and (one.number, to_ms(one.finished_at)) not in jobs
            ],
            {
                number: count
                for number, count in self.mails.items()
                if (number, count) not in unknown
            },
        )


class ScheduleAlerts:
    """What the job of alerts does."""

    def __init__(
        self,
        database: ShopDatabase,
        post: SchedulePost,
        clock: Clock,
        views: Callable[[], Views],
    ) -> None:
        """Take the machine's clock, and the queue as the present transaction sees it."""
        self._database = database
        self._post = post
        self._clock = clock
        self._views = views

    def tell(self, context: JobContext, *, by_hand: bool) -> None:
        """Leave what has newly failed; by hand all that is wrong."""
        schedule = self._post.wanted(ScheduleName.FAILED_JOBS, by_hand=by_hand)
        if schedule is not None:
            context.at_completion(lambda: self._tell(context, schedule, by_hand=by_hand))

    def _tell(self, context: JobContext, schedule: Schedule, *, by_hand: bool) -> None:
        found = self._found()
        memory = schedules.memory(self._database, schedule.name)
        news = found if by_hand else found.without(memory)
        mailed_at = memory.get(MAILED_AT, 0)
        if not (news.jobs or news.mails):
            words = _("Nothing new has failed: no mail was needed.")
            self._post.keep(context, schedule.name, words)
        else:
            mailed_at = to_stored(self._clock.now())
            with speaking(schedule.form.language):
                letter = _letter(news, context.number)
            self._post.leave_now(context, schedule, letter, by_hand=by_hand)
        kept = {**found.as_memory(), MAILED_AT: mailed_at}
        schedules.remember(self._database, schedule.name, kept)

    def _found(self) -> Failures:
        jobs = self._views().failed(most=_MOST_READ)
        return Failures(
            [one for one in jobs if not self._is_own(one)],
            mail_recipients.unknown(self._database, MailKind.ALERT),
        )

    def _is_own(self, job: JobView) -> bool:
        """Tell whether what has failed is an alert: another one would tell of it for ever."""
        if job.job == MAIL_FAILURES:
            return True
        payload = job.payload.value
        if job.job not in _OF_MAIL or not isinstance(payload, dict):
            return False
        try:
            mail = mails.by_id(self._database, payload.get("mail", ""))
        except RowDamaged:
            return False
        return mail is not None and mail.kind is MailKind.ALERT


def _letter(news: Failures, number: int) -> ScheduledLetter:
    lines = []
    for job in news.jobs[:_MOST_NAMED]:
        words = _("{job} (job {number}): {why}")
        lines.append(words.format(job=job_title(job), number=job.number, why=cause(job)))
    if len(news.jobs) > _MOST_NAMED:
        lines.append(_("and {count:,} more.").format(count=len(news.jobs) - _MOST_NAMED))
    for mail, count in [*news.mails.items()][:_MOST_NAMED]:
        words = ngettext(
            "Mail {number}: it is not known whether it arrived with {count:,} person.",
            "Mail {number}: it is not known whether it arrived with {count:,} people.",
            count,
        )
        lines.append(words.format(number=mail, count=count))
    lines += ["", _("Look at the till under Jobs; there they can be tried again.")]
    count = len(news.jobs) + len(news.mails)
    title = ngettext("{count} thing has failed", "{count} things have failed", count)
    return ScheduledLetter(
        about=f"{ScheduleName.FAILED_JOBS} {number}",
        subject=literal(title.format(count=count)) + " · {shop}",
        body=literal("\n".join(lines)),
        kind=MailKind.ALERT,
    )
