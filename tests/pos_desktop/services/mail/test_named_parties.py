"""Names of the address book and addresses mean the same wherever they are typed."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from pos_desktop.domain.contact import ContactForm
from pos_desktop.domain.errors import Refused
from pos_desktop.domain.mail import Party, PartyKind
from pos_desktop.shop import Shop

Meant = Callable[[str], tuple[Party, ...]]
TYPED = Party(PartyKind.TYPED, address="new@example.com")


@pytest.fixture(params=["a file by mail", "what comes by itself"])
def meant(shop: Shop, request: pytest.FixtureRequest) -> Meant:
    for name, email in [("Wanjikũ", "w@example.com"), ("Auditor", "a@example.com")]:
        shop.mail.contacts.add(ContactForm(name=name, email=email), actor=None)
    if request.param == "a file by mail":
        return shop.mail.of_files.parties
    return lambda text: shop.schedules.people.meant(text.split(","))


def test_names_by_their_beginning_and_addresses_are_known_once(shop: Shop, meant: Meant) -> None:
    (auditor,) = shop.mail.contacts.listed("auditor")
    known = Party(PartyKind.CONTACT, auditor.id)
    assert meant("AUDITOR, new@example.com, aud, A@example.com") == (known, TYPED)
    (other,) = meant("wanjiku")
    assert other.kind is PartyKind.CONTACT


def test_a_name_that_two_have_is_not_guessed_at(shop: Shop, meant: Meant) -> None:
    shop.mail.contacts.add(ContactForm(name="auditor", email="b@example.com"), actor=None)
    with pytest.raises(Refused, match="More than one"):
        meant("Auditor")


@pytest.mark.parametrize("text", ["Nobody", "a@b"])
def test_who_is_nobody_is_a_sentence(meant: Meant, text: str) -> None:
    with pytest.raises(Refused, match=r"\.$"):
        meant(text)
