"""Whom words mean to which something is mailed: addresses, and names of the address book."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pos_desktop.domain.contact import Contact
from pos_desktop.domain.errors import Refused
from pos_desktop.domain.mail import Party, PartyKind
from pos_desktop.domain.mail_address import check_email
from pos_desktop.domain.text import _
from pos_desktop.storage import contacts
from pos_desktop.storage.database import ShopDatabase
from pos_desktop.storage.search import fold


def named_parties(database: ShopDatabase, words: Iterable[str]) -> tuple[Party, ...]:
    """Return whom each of the words means, everybody once.

    An address that stands in the address book means that contact, so that another address of theirs
    is minded later. Raises Refused where none, or more than one of the book, is called so.
    """
    everybody = contacts.everybody(database)
    parties = (_meant(word.strip(), everybody) for word in words if word.strip())
    return tuple(dict.fromkeys(parties))


def _meant(word: str, everybody: Sequence[Contact]) -> Party:
    called = fold(word)
    if "@" in word:
        found = [one for one in everybody if fold(one.form.email) == called]
        if not found:
            return Party(PartyKind.TYPED, address=check_email(word))
    else:
        found = [one for one in everybody if fold(one.form.name) == called]
        found = found or [one for one in everybody if fold(one.form.name).startswith(called)]
    if len(found) == 1:
        return Party(PartyKind.CONTACT, found[0].id)
    if found:
        words = _("More than one of the address book is called {name}: type the address.")
    else:
        words = _("Nobody of the address book is called {name}: type the address.")
    raise Refused(words.format(name=word))
