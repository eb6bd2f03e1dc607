"""The address book: branches, accountants, owners and whoever else the shop writes to."""

from __future__ import annotations

from pos_desktop.domain.contact import Contact, ContactForm, ContactKind, checked_contact
from pos_desktop.domain.errors import Refused
from pos_desktop.domain.ids import Id
from pos_desktop.domain.staff import Permission
from pos_desktop.domain.text import _
from pos_desktop.services.people.acting import ChangedMeanwhile, Hand, hand_of
from pos_desktop.services.people.sign_in import Person
from pos_desktop.storage import contacts
from pos_desktop.storage.books import Books
from pos_desktop.storage.database import ShopDatabase
from pos_desktop.storage.search import fold


class Contacts:
    """Lists, adds, changes and removes contacts; the journal names them by id alone."""

    def __init__(self, database: ShopDatabase, reader: ShopDatabase, books: Books) -> None:
        self._database = database
        self._reader = reader
        self._books = books

    def listed(self, text: str = "", kind: ContactKind | None = None) -> list[Contact]:
        """Return contacts by name: of one kind, and those of whom every word of a text is known."""
        words = fold(text).split()
        return [
            one
            for one in contacts.everybody(self._reader)
            if kind in (None, one.form.kind)
            and all(word in fold(f"{one.form.name} {one.form.email}") for word in words)
        ]

    def add(self, form: ContactForm, *, actor: Person | None) -> Contact:
        """Add a contact; raise Refused where the address stands in the book already."""
        hand, form = hand_of(actor, Permission.MAIL), checked_contact(form)
        with self._database.write():
            self._check_free(form, None)
            contact_id = contacts.add(self._database, self._books, form)
            self._note("contact added", contact_id, hand)
            return _present(contacts.by_id(self._database, contact_id))

    def change(self, seen: Contact, form: ContactForm, *, actor: Person | None) -> Contact:
        """Change a contact from the state that was seen; ChangedMeanwhile where it is another."""
        hand, form = hand_of(actor, Permission.MAIL), checked_contact(form)
        with self._database.overwriting(), self._database.write():
            now = self._unchanged(seen)
            self._check_free(form, now.id)
            contacts.change(self._database, self._books, now.id, form)
            self._note("contact changed", now.id, hand)
            return _present(contacts.by_id(self._database, now.id))

    def remove(self, seen: Contact, *, actor: Person | None) -> None:
        """Remove a contact, and all that is known of it."""
        hand = hand_of(actor, Permission.MAIL)
        with self._database.overwriting(), self._database.write():
            now = self._unchanged(seen)
            contacts.remove(self._database, self._books, now.id)
            self._note("contact removed", now.id, hand)

    def _unchanged(self, seen: Contact) -> Contact:
        now = _present(contacts.by_id(self._database, seen.id))
        if now.ver != seen.ver:
            raise ChangedMeanwhile
        return now

    def _check_free(self, form: ContactForm, own_id: Id | None) -> None:
        for other in contacts.by_email(self._database, form.email):
            if other.id != own_id:
                raise Refused(
                    _("{name} has the address {email} already: change that contact.").format(
                        name=other.form.name, email=form.email
                    )
                )

    def _note(self, kind: str, contact_id: Id, hand: Hand) -> None:
        self._books.note(kind, **hand.noted(contact=contact_id))


def _present(contact: Contact | None) -> Contact:
    if contact is None:
        raise Refused(_("This contact was removed: choose another one."))
    return contact
