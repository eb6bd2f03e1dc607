"""Leaves what comes round by itself to be mailed, each time exactly once.

A mail is left in the transaction that makes its job done, and under what it is about: so a program
that is killed anywhere leaves it neither twice nor not at all, and what was sent already, such as
the week of a schedule whose day was changed, is not sent again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from pos_queue.context import JobContext
from pos_queue.errors import GiveUp

from pos_desktop.domain.clock import Clock
from pos_desktop.domain.errors import Refused
from pos_desktop.domain.mail import MailKind
from pos_desktop.domain.schedule import Schedule, ScheduleName
from pos_desktop.domain.text import _, ngettext
from pos_desktop.services.configuration import Configuration
from pos_desktop.services.mail.mail_attachments import Attachment
from pos_desktop.services.mail.mail_post import Draft, MailPost
from pos_desktop.services.schedules.schedule_book import ScheduleBook
from pos_desktop.storage import mails, schedules
from pos_desktop.storage.database import ShopDatabase
from pos_desktop.storage.moments import to_stored
from pos_desktop.storage.schedules import LastRun


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduledLetter:
    """What is mailed; without words of a page of its own the body becomes one."""

    about: str
    subject: str
    body: str
    html: str = ""
    attachments: Sequence[Attachment] = field(default_factory=tuple)
    kind: MailKind = MailKind.REPORT


class SchedulePost:
    """Leaves the letters of schedules."""

    def __init__(
        self,
        database: ShopDatabase,
        configuration: Configuration,
        book: ScheduleBook,
        post: MailPost,
        clock: Clock,
    ) -> None:
        """Take the machine's `clock`, by which jobs run."""
        self._database = database
        self._configuration = configuration
        self._book = book
        self._post = post
        self._clock = clock

    def wanted(self, name: ScheduleName, *, by_hand: bool) -> Schedule | None:
        """Return a schedule as it is now; None where it was switched off meanwhile.

        Raises GiveUp where it goes to nobody.
        """
        self._configuration.refresh()
        try:
            schedule = self._book.find(name)
        except Refused as error:
            raise GiveUp(str(error)) from error
        if not schedule.form.is_on and not by_hand:
            return None
        if not schedule.form.parties:
            raise GiveUp(_("It goes to nobody: say to whom among what comes by itself."))
        return schedule

    def leave(
        self, context: JobContext, schedule: Schedule, letter: ScheduledLetter, *, by_hand: bool
    ) -> None:
        """Leave a letter with the end of the job, unless the same was left before.

        One that a person wants goes out whatever was left before.
        """
        context.at_completion(lambda: self.leave_now(context, schedule, letter, by_hand=by_hand))

    def leave_now(
        self, context: JobContext, schedule: Schedule, letter: ScheduledLetter, *, by_hand: bool
    ) -> None:
        """Leave a letter in the present transaction, which makes the job done."""
        about = f"{letter.about}, job {context.number}" if by_hand else letter.about
        before = mails.latest_about(self._database, about, 1)
        if before:
            words = _("The same was left before, as mail {number}.")
            self.keep(context, schedule.name, words.format(number=before[0].number))
            return
        draft = Draft(
            kind=letter.kind,
            subject=letter.subject,
            body=letter.body,
            html=letter.html,
            about=about,
            attachments=letter.attachments,
        )
        mail = self._post.leave(draft, schedule.form.parties, started_by=None)
        count = len(schedule.form.parties)
        words = ngettext(
            "Mail {number} was left for {count:,} person.",
            "Mail {number} was left for {count:,} people.",
            count,
        )
        self.keep(context, schedule.name, words.format(number=mail.number, count=count))

    def say(self, context: JobContext, name: ScheduleName, words: str) -> None:
        """Keep what has come of a schedule, with the end of its job."""
        context.at_completion(lambda: self.keep(context, name, words))

    def keep(self, context: JobContext, name: ScheduleName, words: str) -> None:
        """Keep what has come of a schedule, in the present transaction."""
        now = to_stored(self._clock.now())
        run = LastRun(at=now, is_good=True, words=words, job=context.number)
        schedules.set_run(self._database, name, run)
