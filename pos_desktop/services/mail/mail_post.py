"""Puts mails down and under way: the one door by which anything is mailed.

    post.leave(draft, recipients, started_by=...)

stands in the caller's transaction where there is one. A mail whose recipients are still to be
chosen, or whose files are still to be made, is prepared by a job of its own first.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pos_desktop import settings
from pos_desktop.domain.clock import Clock
from pos_desktop.domain.errors import Refused
from pos_desktop.domain.ids import Id
from pos_desktop.domain.mail import Audience, Fate, MailKind, MailState, Party
from pos_desktop.domain.text import _
from pos_desktop.services.background.enqueueing import Enqueues, JobName
from pos_desktop.services.configuration import Configuration
from pos_desktop.services.mail.mail_addresses import MailAddresses
from pos_desktop.services.mail.mail_attachments import Attachment
from pos_desktop.services.mail.mail_stops import MailStops
from pos_desktop.services.mail.mail_words import subject_words
from pos_desktop.storage import mail_recipients, mails
from pos_desktop.storage.books import Books
from pos_desktop.storage.database import ShopDatabase
from pos_desktop.storage.errors import RowDamaged
from pos_desktop.storage.mails import Mail
from pos_desktop.storage.moments import to_stored

if TYPE_CHECKING:
    from pos_queue.departures import Ended

PREPARE_MAIL = JobName("prepare_mail")
"""Chooses the recipients of a mail and makes its files, in a process of its own."""
SEND_MAIL = JobName("send_mail")
"""Sends a mail to the few who wait for it."""
SEND_MAILING = JobName("send_mailing")
"""Sends a mail to the many who wait for it, in a process of its own."""
SENDERS = frozenset({SEND_MAIL, SEND_MAILING})
"""The jobs that send."""
FEW = 10
"""So many letters may be made in the process in which somebody sells; 20 to 30 ms of its work."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What is mailed; the words may hold fields."""

    kind: MailKind
    subject: str
    body: str
    html: str = ""
    about: str = ""
    attachments: Sequence[Attachment] = ()
    audience: Audience | None = None
    """To whom it goes beside the parties that are named."""


class MailPost:
    """Leaves mails to the queue."""

    def __init__(
        self,
        database: ShopDatabase,
        books: Books,
        addresses: MailAddresses,
        queue: Enqueues,
        clock: Clock,
        configuration: Configuration,
        stops: MailStops,
    ) -> None:
        """Take the clock of the queue, which no replay moves."""
        self._stops = stops
        self._database = database
        self._books = books
        self._addresses = addresses
        self._queue = queue
        self._clock = clock
        self._configuration = configuration

    def leave(
        self,
        draft: Draft,
        parties: Iterable[Party] = (),
        *,
        started_by: Id | None,
        mail_id: Id | None = None,
    ) -> Mail:
        """Leave a mail to the queue; return it with the number of its first job."""
        now = self._now()
        with self._database.write():
            mail = Mail(
                id=mail_id or self._books.new_id(),
                number=mails.next_number(self._database),
                kind=draft.kind,
                about=draft.about,
                subject=draft.subject,
                body=draft.body,
                html=draft.html,
                attachments=tuple(draft.attachments),
                audience=draft.audience,
                staff_id=started_by,
                asked_at=now,
                changed_at=now,
            )
            mails.add(self._database, mail)
            recipients = self._addresses.recipients([*parties], now)
            mail_recipients.add(self._database, mail.id, recipients)
            return self._enqueue(mail, started_by)

    def again(self, mail: Mail, *, started_by: Id | None) -> Mail:
        """Take a mail up in a new turn, whatever its last one was.

        Of one that was stopped nobody may wait who did then: see `is_unfinished`.
        """
        with self._database.write():
            mails.next_turn(self._database, mail.id, self._now())
            return self._enqueue(self.find(mail.number), started_by)

    def end(self, mail: Mail) -> None:
        """End a mail inside the caller's transaction: who waits for it does not get it.

        They are left out after that transaction, in lots, before who has begun it goes on.
        """
        mails.set_state(self._database, mail.id, MailState.STOPPED, self._now())
        mails.set_filled(self._database, mail.id)
        self._database.after_commit(lambda: self.finish_stop(mail))

    def is_unfinished(self, mail: Mail) -> bool:
        """Tell whether a mail was stopped and somebody still waits for it: a program has died."""
        return self._stops.is_unfinished(mail.id, mail.turn)

    def finish_stop(self, mail: Mail) -> None:
        """Leave out in lots who waits for a mail that was stopped; outside any transaction."""
        self._stops.finish(mail.id, mail.turn)

    def job_undone(self, payload: Mapping[str, Any], state: Ended) -> None:
        """Hear that a job of a mail has ended without being done: one that was cancelled ends it.

        After a failure the mail waits for a person.
        """
        try:
            mail = mails.by_id(self._database, payload["mail"])
        except RowDamaged:
            return
        is_its = mail is not None and mail.turn == payload["turn"]
        if state.has_failed or mail is None or not is_its:
            return
        if mail.state in (MailState.UNDER_WAY, MailState.PAUSED):
            with self._database.write():
                self.end(mail)

    def find(self, number: int) -> Mail:
        """Return the mail of a number; raise Refused where there is none any more."""
        mail = mails.by_number(self._database, number)
        if mail is None:
            sentence = _("There is no mail {number}, or none any more: look at the list of mails.")
            raise Refused(sentence.format(number=number))
        return mail

    def _enqueue(self, mail: Mail, started_by: Id | None) -> Mail:
        subject = subject_words(mail.subject, self._configuration.get(settings.SHOP_NAME))
        payload = {"mail": mail.id, "turn": mail.turn, "title": f"{mail.number}, {subject}"}
        sender = SEND_MAILING if self._is_for_many(mail) else SEND_MAIL
        if mail.audience is not None or mail.attachments:
            number = self._queue.enqueue(
                PREPARE_MAIL, payload, then=[(sender, payload)], started_by=started_by
            )
        else:
            number = self._queue.enqueue(sender, payload, started_by=started_by)
        mails.set_job(self._database, mail.id, number)
        return self.find(mail.number)

    def _is_for_many(self, mail: Mail) -> bool:
        """Tell whether many wait for a mail, or may wait for it once they are chosen."""
        if mail.audience is not None:
            return True
        counts = mail_recipients.counts(self._database, [mail.id]).get(mail.id, {})
        return counts.get(Fate.WAITING, 0) > FEW

    def _now(self) -> int:
        return to_stored(self._clock.now())
