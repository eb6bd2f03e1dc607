"""One mail as it is read for the page, on the lane."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pos_desktop.domain.errors import Refused
from pos_desktop.domain.mail import Fate
from pos_desktop.domain.text import _
from pos_desktop.services.mail.mail_waits import why_it_waits
from pos_desktop.services.mail.mailing import ListedMail, ListedRecipient
from pos_desktop.services.people.sign_in import Person
from pos_desktop.shop import Shop


@dataclass(frozen=True, slots=True, kw_only=True)
class MailLook:
    """A mail as it was read, with some of its recipients."""

    listed: ListedMail
    outcomes: Sequence[ListedRecipient]
    files: Sequence[str]
    """The names of what goes along to everybody, as long as somebody is to get it."""
    started_by: str
    trouble: str
    """Why its job does not go on, in the words of the job; empty while it does."""


def read_look(shop: Shop, number: int, fates: Sequence[Fate], most: int, actor: Person) -> MailLook:
    """Read a mail with so many of its recipients; raise Refused where it was removed."""
    mailing = shop.mail.mailing
    (listed,) = mailing.listed(1, before=number + 1, actor=actor) or (None,)
    if listed is None or listed.mail.number != number:
        sentence = _("There is no mail {number}, or none any more: look at the list of mails.")
        raise Refused(sentence.format(number=number))
    mail = listed.mail
    return MailLook(
        listed=listed,
        outcomes=mailing.outcomes(number, fates, limit=most, actor=actor),
        files=[path.name for path in shop.mail.files.of(mail.id, 0)],
        started_by=shop.sign_in.named(mail.staff_id) if mail.staff_id else "",
        trouble=why_it_waits(mail, shop.queue.views),
    )
