"""Whom mail goes to: chosen by a filter, and looked up once more when a mail goes out."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass, field

from pos_desktop import settings
from pos_desktop.domain.country import written_day
from pos_desktop.domain.ids import Id
from pos_desktop.domain.mail import Audience, MailKind, Party, PartyKind
from pos_desktop.domain.mail_template import COMMON_FIELDS, FIELDS
from pos_desktop.domain.money import format_amount
from pos_desktop.domain.text import _
from pos_desktop.security.mail_keys import MailKeys
from pos_desktop.services.configuration import Configuration
from pos_desktop.services.paper.paper_parts import parted
from pos_desktop.storage import customers, mail_parties, mail_refusals
from pos_desktop.storage.database import ShopDatabase
from pos_desktop.storage.mail_parties import Known
from pos_desktop.storage.mail_recipients import Recipient

log = logging.getLogger(__name__)

_FEW = 300
"""Of so many the recipients of a mailing are chosen at once: in 5 ms, instead of by a job."""


class LeftOut(Exception):
    """A mail is not to go to this recipient; the words say why."""


@dataclass(frozen=True, slots=True)
class Addressee:
    """One who is written to now, with what the fields of a template stand for."""

    name: str
    address: str
    values: dict[str, str]


@dataclass(slots=True)
class Chosen:
    """What an audience comes to: who gets a mail, and how many do not, and why."""

    parties: list[Party] = field(default_factory=list)
    first: Known | None = None
    """The first of them, for a preview."""
    without_address: int = 0
    without_consent: int = 0
    refused: int = 0
    twice: int = 0
    """The same address stands before."""

    @property
    def left_out(self) -> int:
        """How many of them get no mail."""
        return self.without_address + self.without_consent + self.refused + self.twice


def known_fields(kind: PartyKind) -> tuple[str, ...]:
    """Return the fields of a template that are known of recipients of one kind."""
    return FIELDS if kind is PartyKind.CUSTOMER else COMMON_FIELDS


class MailAddresses:
    """Chooses and looks up; reads alone, through whatever connection it is handed."""

    def __init__(
        self, database: ShopDatabase, configuration: Configuration, keys: MailKeys
    ) -> None:
        self._database = database
        self._configuration = configuration
        self.keys = keys

    def chosen(self, audience: Audience) -> Chosen:
        """Return who gets a mailing; everybody once, nobody who did not agree or has refused."""
        found, seen = Chosen(), set[str]()
        refused = mail_refusals.everybody(self._database)
        for one in mail_parties.chosen(self._database, audience):
            address = one.email.lower()
            if not address:
                found.without_address += 1
            elif not one.agreed:
                found.without_consent += 1
            elif refused and self.keys.seal(address) in refused:
                found.refused += 1
            elif address in seen:
                found.twice += 1
            else:
                seen.add(address)
                found.first = found.first or one
                found.parties.append(Party(audience.kind, one.id))
        return found

    def are_few(self, audience: Audience) -> bool:
        """Tell whether an audience is chosen in no time: the shop knows few of its kind."""
        return mail_parties.are_few(self._database, audience.kind, _FEW)

    def recipients(self, parties: list[Party], at: int, first_no: int = 1) -> Iterator[Recipient]:
        """Yield parties as rows of a mail; a typed address is hidden."""
        for no, party in enumerate(parties, first_no):
            hidden = self.keys.hide(party.address) if party.kind is PartyKind.TYPED else None
            yield Recipient(
                no=no, party=party.kind, party_id=party.id, address=hidden, changed_at=at
            )

    def addressee(self, kind: MailKind, recipient: Recipient) -> Addressee:
        """Return one as they are known now; raise LeftOut where the mail is not to go to them."""
        if recipient.party is PartyKind.TYPED:
            address = self.typed(recipient)
            if address is None:
                raise LeftOut(_("hidden with other keys than those of the shop"))
            return Addressee("", address, self._values("", None))
        party_id = recipient.party_id
        assert party_id is not None
        known = mail_parties.one(self._database, recipient.party, party_id)
        self._check(kind, known)
        assert known is not None
        values = self._values(known.name, party_id if self._is_customer(recipient) else None)
        return Addressee(known.name, known.email, values)

    def shown(self, recipient: Recipient) -> tuple[str, str]:
        """Return name and address of a recipient for a list; empty where they are forgotten."""
        if recipient.party is PartyKind.TYPED:
            return "", self.typed(recipient) or ""
        assert recipient.party_id is not None
        known = mail_parties.one(self._database, recipient.party, recipient.party_id)
        return (known.name, known.email) if known else ("", "")

    def typed(self, recipient: Recipient) -> str | None:
        """Return the address that was typed for a recipient; None where nobody can read it."""
        if recipient.address is None:
            return None
        try:
            return self.keys.show(recipient.address)
        except ValueError:
            log.warning("an address of a mail cannot be read with the shop's keys")
            return None

    def is_refused(self, address: str) -> bool:
        """Tell whether an address wants no more mail."""
        return mail_refusals.is_refused(self._database, self.keys.seal(address))

    def _check(self, kind: MailKind, known: Known | None) -> None:
        if known is None:
            raise LeftOut(_("no longer in the shop's books"))
        if not known.email:
            raise LeftOut(_("no e-mail address"))
        if not known.agreed:
            raise LeftOut(_("has not agreed to mail"))
        if kind is MailKind.MAILING and self.is_refused(known.email):
            raise LeftOut(_("wants no more mail"))

    @staticmethod
    def _is_customer(recipient: Recipient) -> bool:
        return recipient.party is PartyKind.CUSTOMER

    def _values(self, name: str, customer_id: Id | None) -> dict[str, str]:
        configuration = self._configuration
        values = {
            "name": name,
            "shop": configuration.get(settings.SHOP_NAME),
            "shop_address": ", ".join(parted(configuration.get(settings.SHOP_ADDRESS))),
            "date": written_day(configuration.now.astimezone(configuration.zone)),
            "code": "",
            "balance": "",
        }
        if customer_id is not None:
            customer = customers.by_id(self._database, customer_id)
            values["code"] = customer.code if customer else ""
            owed = customers.balance(self._database, customer_id)
            currency = configuration.get(settings.SHOP_CURRENCY)
            values["balance"] = f"{currency} {format_amount(owed)}"
        return values
