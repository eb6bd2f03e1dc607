"""Mailings: the same words to many, and what a person can do with a mail that is under way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pos_desktop.domain.errors import Refused
from pos_desktop.domain.ids import Id
from pos_desktop.domain.mail import Audience, Fate, MailKind, MailState, Party, PartyKind
from pos_desktop.domain.mail_address import check_email
from pos_desktop.domain.mail_template import check_fields, check_template, literal
from pos_desktop.domain.staff import Permission
from pos_desktop.domain.text import _
from pos_desktop.services.configuration import Configuration
from pos_desktop.services.exports.exporting import right_to
from pos_desktop.services.mail.mail_addresses import Chosen, MailAddresses, known_fields
from pos_desktop.services.mail.mail_attachments import export_attachment, statement_attachment
from pos_desktop.services.mail.mail_files import MailFiles
from pos_desktop.services.mail.mail_post import Draft, MailPost
from pos_desktop.services.mail.mail_setup import refuse_in_training
from pos_desktop.services.mail.mail_words import Words, way_out, words
from pos_desktop.services.people.acting import Hand, hand_of
from pos_desktop.services.people.sign_in import Person
from pos_desktop.storage import customers, exports, mail_recipients, mail_refusals, mails
from pos_desktop.storage.books import Books
from pos_desktop.storage.database import ShopDatabase
from pos_desktop.storage.mail_recipients import Recipient
from pos_desktop.storage.mails import Mail
from pos_desktop.storage.moments import to_stored


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """What a person writes: subject and text with fields in them, and files that go along."""

    subject: str
    body: str
    html: str = ""
    files: tuple[Path, ...] = ()
    exports: tuple[Id, ...] = ()
    """Exports that were made."""
    with_statement: bool = False
    """Whether each customer gets their own statement."""


@dataclass(frozen=True, slots=True)
class Preview:
    """A mailing before it goes out: for whom, and as the first of them will see it."""

    chosen: Chosen
    name: str
    """Who the first is."""
    words: Words


@dataclass(frozen=True, slots=True)
class ListedRecipient:
    """What became of a mail for one recipient, as a list shows it."""

    recipient: Recipient
    name: str
    address: str


@dataclass(frozen=True, slots=True)
class ListedMail:
    """A mail in the list, with how many of its recipients have which fate."""

    mail: Mail
    counts: Mapping[Fate, int]


class Mailing:
    """Writes to many, and looks after mails; whoever may not write may not look either."""

    def __init__(
        self,
        database: ShopDatabase,
        reader: ShopDatabase,
        books: Books,
        configuration: Configuration,
        addresses: MailAddresses,
        post: MailPost,
        files: MailFiles,
    ) -> None:
        self._database = database
        self._reader = reader
        self._books = books
        self._configuration = configuration
        self._addresses = addresses
        self._post = post
        self._files = files

    # before it goes out

    def count(self, audience: Audience, *, actor: Person | None) -> Chosen:
        """Return who gets a mailing, whatever it says, and how many do not, and why."""
        hand_of(actor, Permission.MAIL)
        return self._addresses.chosen(audience)

    def preview(self, letter: Letter, audience: Audience, *, actor: Person | None) -> Preview:
        """Return for whom a mailing is, and how the first of them sees it.

        Raises Refused where it cannot go out as it is, or is for nobody.
        """
        hand_of(actor, Permission.MAIL)
        self._check(letter, audience.kind, actor)
        chosen = self._addresses.chosen(audience)
        if chosen.first is None:
            raise Refused(_nobody(chosen))
        row = Recipient(no=0, party=audience.kind, party_id=chosen.first.id, changed_at=0)
        to = self._addresses.addressee(MailKind.MAILING, row)
        filled = words(letter.subject, letter.body, letter.html, to.values, foot=way_out())
        return Preview(chosen, to.name, filled)

    def test(
        self, letter: Letter, audience: Audience, address: str, *, actor: Person | None
    ) -> Mail:
        """Mail the preview to oneself."""
        hand = hand_of(actor, Permission.MAIL)
        refuse_in_training(self._configuration)
        to = check_email(address)
        filled = self.preview(letter, audience, actor=actor).words
        draft = Draft(
            kind=MailKind.TEST,
            subject=literal(_("Test: {subject}").format(subject=filled.subject)),
            body=literal(filled.text),
            html=literal(filled.html),
        )
        return self._leave(letter, draft, [Party(PartyKind.TYPED, address=to)], hand.actor_id)

    def send(self, letter: Letter, audience: Audience, *, actor: Person | None) -> Mail:
        """Leave a mailing to the queue. Raises Refused where it cannot go out as it is."""
        hand = hand_of(actor, Permission.MAIL)
        refuse_in_training(self._configuration)
        self._check(letter, audience.kind, actor)
        at_once = self._addresses.are_few(audience)
        parties = self._addresses.chosen(audience).parties if at_once else []
        draft = Draft(
            kind=MailKind.MAILING,
            subject=letter.subject,
            body=letter.body,
            html=letter.html,
            audience=None if at_once else audience,
        )
        return self._leave(letter, draft, parties, hand.actor_id)

    def _leave(
        self, letter: Letter, draft: Draft, parties: Sequence[Party], actor_id: Id | None
    ) -> Mail:
        """Copy the files of a letter, and leave it with them; without them it is not left."""
        mail_id = self._books.new_id()
        attachments = [export_attachment(one) for one in letter.exports]
        if letter.with_statement and draft.kind is MailKind.MAILING:
            attachments.append(statement_attachment())
        try:
            for path in letter.files:
                self._files.copy(mail_id, path)
            whole = replace(draft, attachments=attachments)
            with self._database.write():
                mail = self._post.leave(whole, parties, started_by=actor_id, mail_id=mail_id)
                detail = {"mail": mail.number, "kind": mail.kind.value}
                self._books.note("mail left", actor_id=actor_id, detail=detail)
        except BaseException:
            self._files.drop(mail_id)
            raise
        return mail

    def _check(self, letter: Letter, kind: PartyKind, actor: Person | None) -> None:
        for one in letter.exports:
            export = exports.by_id(self._reader, one)
            if export is not None:
                hand_of(actor, right_to(export.wish))
        check_template(letter.subject, letter.body, letter.html)
        check_fields((letter.subject, letter.body, letter.html), known_fields(kind))
        if letter.with_statement and kind is not PartyKind.CUSTOMER:
            raise Refused(_("A statement goes to customers alone: take it out."))
        self._files.check(letter.files)

    # while it is under way, and after

    def listed(
        self,
        limit: int,
        *,
        kinds: Sequence[MailKind] = tuple(MailKind),
        before: int | None = None,
        actor: Person | None,
    ) -> list[ListedMail]:
        """Return mails, the newest first; those below a number where one is named."""
        hand_of(actor, Permission.MAIL)
        found = mails.newest(self._reader, kinds, limit, before)
        counts = mail_recipients.counts(self._reader, [mail.id for mail in found])
        return [ListedMail(mail, counts.get(mail.id, {})) for mail in found]

    def find(self, number: int, *, actor: Person | None) -> Mail:
        """Return a mail by its number; raise Refused where there is none any more."""
        hand_of(actor, Permission.MAIL)
        return self._post.find(number)

    def outcomes(
        self,
        number: int,
        fates: Sequence[Fate] = tuple(Fate),
        *,
        limit: int,
        after: int = -1,
        actor: Person | None,
    ) -> list[ListedRecipient]:
        """Return what became of a mail for each of its recipients, in their order."""
        hand_of(actor, Permission.MAIL)
        mail = self._post.find(number)
        rows = mail_recipients.listed(self._reader, mail.id, fates, limit=limit, after=after)
        return [ListedRecipient(row, *self._addresses.shown(row)) for row in rows]

    def pause(self, number: int, *, actor: Person | None) -> None:
        """Let nobody else be written to until the mail is resumed; Refused once it is over."""
        hand_of(actor, Permission.MAIL)
        with self._database.write():
            mail = self._not_over(number)
            if mail.state is MailState.UNDER_WAY:
                mails.set_state(self._database, mail.id, MailState.PAUSED, self._now())

    def stop(self, number: int, *, actor: Person | None) -> None:
        """End a mail: who waits for it does not get it. Raises Refused once it is over.

        Takes a second where a hundred thousand wait, in which others may write.
        """
        hand = hand_of(actor, Permission.MAIL)
        with self._database.write():
            self._post.end(self._not_over(number))
            self._books.note("mail stopped", **hand.noted(mail=number))

    def _not_over(self, number: int) -> Mail:
        mail = self._post.find(number)
        if mail.state not in (MailState.UNDER_WAY, MailState.PAUSED):
            words = _("Mail {number} is over: nobody waits for it any more.")
            raise Refused(words.format(number=number))
        return mail

    def resume(self, number: int, *, actor: Person | None) -> None:
        """Go on with a mail that was paused."""
        hand = hand_of(actor, Permission.MAIL)
        with self._database.write():
            mail = self._post.find(number)
            if mail.state is not MailState.PAUSED:
                raise Refused(_("Mail {number} is not paused.").format(number=number))
            self._post.again(mail, started_by=hand.actor_id)

    def retry(self, number: int, *, actor: Person | None) -> int:
        """Write once more to all for whom it has failed; return how many they are.

        They wait with the others where the mail is paused.
        """
        return self._again(number, Fate.FAILED, None, actor)

    def resend(self, number: int, nos: Sequence[int], *, actor: Person | None) -> int:
        """Write once more to these, of whom it is not known whether they got it.

        They may get it twice: it is done by a person alone, and the journal keeps who.
        """
        return self._again(number, Fate.UNKNOWN, nos, actor)

    def _again(
        self, number: int, fate: Fate, nos: Sequence[int] | None, actor: Person | None
    ) -> int:
        """Let some wait again; first, whom a stop has left waiting is left out."""
        hand = hand_of(actor, Permission.MAIL)
        while (count := self._let_wait(number, fate, nos, hand)) is None:
            self._post.finish_stop(self._post.find(number))
        return count

    def _let_wait(
        self, number: int, fate: Fate, nos: Sequence[int] | None, hand: Hand
    ) -> int | None:
        """Let some wait again; None where a stop has left others waiting, who would get it too."""
        with self._database.write():
            mail = self._post.find(number)
            if self._post.is_unfinished(mail):
                return None
            count = mail_recipients.let_wait(self._database, mail.id, [fate], self._now(), nos)
            if count:
                detail = {"mail": number, "count": count, "from": fate.value}
                self._books.note("mail sent again", **hand.noted(**detail))
            if count and mail.state is not MailState.PAUSED:
                self._post.again(mail, started_by=hand.actor_id)
        return count

    # who wants no more

    def refuse(self, address: str, *, actor: Person | None) -> None:
        """Keep that an address wants no more mail; customers who have it no longer agree to any."""
        hand = hand_of(actor, Permission.MAIL)
        clean = check_email(address)
        with self._database.write():
            mail_refusals.refuse(self._database, self._addresses.keys.seal(clean), self._now())
            for one in customers.agreed_at(self._database, clean):
                customers.withdraw_consent(self._database, self._books, one)
            self._books.note("mail refused", **hand.noted())

    def allow(self, address: str, *, actor: Person | None) -> bool:
        """Let an address be written to again; tell whether it had refused."""
        hand = hand_of(actor, Permission.MAIL)
        with self._database.write():
            seal = self._addresses.keys.seal(check_email(address))
            was_refused = mail_refusals.allow(self._database, seal)
            if was_refused:
                self._books.note("mail allowed", **hand.noted())
        return was_refused

    def _now(self) -> int:
        return to_stored(self._books.now())


def _nobody(chosen: Chosen) -> str:
    if chosen.without_consent:
        return _("None of them has agreed to mail: ask them, and note it with the customer.")
    if chosen.left_out:
        return _("None of them has an address that wants mail: choose others.")
    return _("Nobody is chosen: choose others.")
