"""Reports and files by mail: to people of the address book, or to addresses that are typed."""

from __future__ import annotations

from dataclasses import replace

from pos_desktop.domain.errors import Refused
from pos_desktop.domain.export import ExportWish
from pos_desktop.domain.mail import MailKind, Party
from pos_desktop.domain.mail_template import literal
from pos_desktop.domain.staff import Permission
from pos_desktop.domain.text import _, language
from pos_desktop.services.configuration import Configuration
from pos_desktop.services.exports.exporting import right_to
from pos_desktop.services.mail.mail_attachments import (
    Attachment,
    export_attachment,
    report_attachment,
)
from pos_desktop.services.mail.mail_post import Draft, MailPost
from pos_desktop.services.mail.mail_setup import refuse_in_training
from pos_desktop.services.mail.named_parties import named_parties
from pos_desktop.services.people.acting import hand_of
from pos_desktop.services.people.sign_in import Person
from pos_desktop.storage.books import Books
from pos_desktop.storage.database import ShopDatabase
from pos_desktop.storage.exports import Export
from pos_desktop.storage.mails import Mail

MOST_PEOPLE = 20
"""A file goes to few; whoever writes to many makes a mailing."""


class FileMail:
    """Leaves mails with a file to the queue."""

    def __init__(
        self, database: ShopDatabase, books: Books, configuration: Configuration, post: MailPost
    ) -> None:
        self._database = database
        self._books = books
        self._configuration = configuration
        self._post = post

    def send_report(self, wish: ExportWish, title: str, to: str, *, actor: Person | None) -> Mail:
        """Mail a report as it is when the mail is made ready; `to` as `parties` reads it."""
        hand_of(actor, right_to(wish))
        attachment = report_attachment(replace(wish, language=language()))
        return self._send(attachment, title, to, actor)

    def send_export(self, export: Export, to: str, *, actor: Person | None) -> Mail:
        """Mail the file of an export that is made; `to` as `parties` reads it."""
        hand_of(actor, right_to(export.wish))
        return self._send(export_attachment(export.id), export.title, to, actor)

    def parties(self, to: str) -> tuple[Party, ...]:
        """Return who is meant by names of the address book and addresses, parted by commas.

        Raises Refused where that is nobody or not only one, for none at all, and for many.
        """
        found = named_parties(self._database, to.split(","))
        if not found:
            raise Refused(_("Type to whom it goes: an address, or a name of the address book."))
        if len(found) > MOST_PEOPLE:
            raise Refused(
                _("A file goes to {most} people at most: write to more with a mailing.").format(
                    most=MOST_PEOPLE
                )
            )
        return found

    def _send(self, attachment: Attachment, title: str, to: str, actor: Person | None) -> Mail:
        hand = hand_of(actor, Permission.MAIL)
        refuse_in_training(self._configuration)
        words = _("{title} is attached.").format(title=title)
        draft = Draft(
            kind=MailKind.REPORT,
            subject=f"{literal(title)} · {{shop}}",
            body=f"{literal(words)}\n\n{{shop}}",
            attachments=[attachment],
        )
        with self._database.write():
            mail = self._post.leave(draft, self.parties(to), started_by=hand.actor_id)
            self._books.note("mail left", **hand.noted(mail=mail.number, kind=mail.kind.value))
        return mail
