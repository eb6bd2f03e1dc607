"""The address book: people the shop works with who are neither customers nor suppliers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from pos_desktop.domain.errors import Refused
from pos_desktop.domain.ids import Id
from pos_desktop.domain.mail_address import check_email
from pos_desktop.domain.text import _

LONGEST_NAME = 100
LONGEST_NOTE = 500


class ContactKind(StrEnum):
    """What somebody is to the shop; the value is the word in the file."""

    BRANCH = "branch"
    ACCOUNTANT = "accountant"
    OWNER = "owner"
    STAFF = "staff"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactForm:
    """What people set of a contact."""

    kind: ContactKind = ContactKind.OTHER
    name: str
    email: str
    phone: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """A contact as it was read; `ver` says which state that was."""

    id: Id
    ver: int
    form: ContactForm


def checked_contact(form: ContactForm) -> ContactForm:
    """Return a form with its texts in order; raise Refused where something cannot be."""
    name, note = " ".join(form.name.split()), " ".join(form.note.split())
    if not name or not name.isprintable() or len(name) > LONGEST_NAME:
        words = _("A contact has a name of at most {most} letters.")
        raise Refused(words.format(most=LONGEST_NAME))
    if not note.isprintable() or len(note) > LONGEST_NOTE:
        words = _("A note has at most {most} letters: shorten it.")
        raise Refused(words.format(most=LONGEST_NOTE))
    phone = " ".join(form.phone.split())
    return replace(form, name=name, email=check_email(form.email), phone=phone, note=note)


def contact_kind_words(kind: ContactKind) -> str:
    """Return how people call what somebody is to the shop."""
    return {
        ContactKind.BRANCH: _("branch"),
        ContactKind.ACCOUNTANT: _("accountant"),
        ContactKind.OWNER: _("owner"),
        ContactKind.STAFF: _("staff"),
        ContactKind.OTHER: _("other"),
    }[kind]
