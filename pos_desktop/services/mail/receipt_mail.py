"""Receipts that go out by e-mail: left for a job with the address, which no paper keeps."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time

from pos_desktop.domain.clock import Clock
from pos_desktop.domain.customer import Customer
from pos_desktop.domain.errors import Refused
from pos_desktop.domain.mail import Fate, MailKind, Party, PartyKind, about_receipt
from pos_desktop.domain.mail_address import check_email
from pos_desktop.domain.receipt_number import ReceiptNumber
from pos_desktop.domain.staff import Permission
from pos_desktop.domain.text import _
from pos_desktop.services.configuration import Configuration
from pos_desktop.services.mail.mail_addresses import MailAddresses
from pos_desktop.services.mail.mail_attachments import receipt_attachment
from pos_desktop.services.mail.mail_post import Draft, MailPost
from pos_desktop.services.mail.mail_setup import refuse_in_training
from pos_desktop.services.people.acting import hand_of
from pos_desktop.services.people.sign_in import Person
from pos_desktop.services.sales.selling import Selling
from pos_desktop.storage import customers, mail_recipients, mails
from pos_desktop.storage.books import Books
from pos_desktop.storage.database import ShopDatabase
from pos_desktop.storage.mail_recipients import Recipient
from pos_desktop.storage.moments import to_stored
from pos_desktop.storage.sales import StoredSale

_MOST_LOOKED_AT = 50
"""How many mails of one receipt are looked through for the same one."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A receipt that may be mailed, and where to: empty where its customer wants no mail."""

    receipt: ReceiptNumber
    address: str


@dataclass(frozen=True, slots=True)
class Left:
    """A mail that was left for the queue, by its number."""

    receipt: ReceiptNumber
    number: int
    is_new: bool = False
    """False where the same one waits or went out today: it is not left a second time."""


class ReceiptMail:
    """Leaves receipts to be mailed; the journal keeps who did it, never to which address."""

    def __init__(
        self,
        database: ShopDatabase,
        books: Books,
        configuration: Configuration,
        selling: Selling,
        addresses: MailAddresses,
        post: MailPost,
        clock: Clock,
    ) -> None:
        """Take the clock of the queue, which no replay moves."""
        self._database = database
        self._books = books
        self._configuration = configuration
        self._selling = selling
        self._addresses = addresses
        self._post = post
        self._clock = clock

    def offer(self, receipt: ReceiptNumber | None) -> Offer:
        """Return a receipt, or the till's last, and the address its customer agreed to.

        Raises Refused where there is no such receipt.
        """
        stored = self._selling.papers_of(receipt)[0]
        customer = self._buyer(stored)
        agreed = customer is not None and customer.mail_consent_at is not None
        own = customer.email or "" if agreed and customer is not None else ""
        return Offer(stored.sale.receipt, own)

    def send(
        self,
        receipt: ReceiptNumber | None,
        address: str = "",
        *,
        actor: Person | None,
        again: bool = False,
    ) -> Left:
        """Leave a receipt to be mailed: to an address that was said for it alone, or to the buyer.

        The same receipt to the same address is left once: while it waits, and on the day on which
        it went out, unless it is wanted `again`. Raises Refused where there is no such receipt, the
        address is none, the buyer wants no mail, and in a shop that trains; NeedsApproval.
        """
        actor_id = hand_of(actor, Permission.REPRINT).actor_id
        refuse_in_training(self._configuration)
        stored = self._selling.papers_of(receipt)[0]
        party = self._party(stored, address)
        detail = {"receipt": str(stored.sale.receipt), "customer": party.id}
        about = about_receipt(stored.sale.receipt)
        with self._database.write():
            before = None if again else self._sent_before(about, party)
            if before is not None:
                return Left(stored.sale.receipt, before)
            mail = self._post.leave(_draft(stored, about), [party], started_by=actor_id)
            self._books.note("receipt mailed", actor_id=actor_id, detail=detail)
        return Left(stored.sale.receipt, mail.number, is_new=True)

    def _party(self, stored: StoredSale, address: str) -> Party:
        if address.strip():
            return Party(PartyKind.TYPED, address=check_email(address))
        return Party(PartyKind.CUSTOMER, self._agreed(stored).id)

    def _buyer(self, stored: StoredSale) -> Customer | None:
        customer_id = stored.frame.customer_id
        return customers.by_id(self._database, customer_id) if customer_id else None

    def _agreed(self, stored: StoredSale) -> Customer:
        """Return the buyer of a receipt who wants mail; raise Refused where nobody does."""
        customer = self._buyer(stored)
        if customer is None or not customer.email:
            raise Refused(_("Type the e-mail address to which the receipt goes."))
        if customer.mail_consent_at is None:
            raise Refused(
                _(
                    "This customer has not agreed to mail: ask them, and type the address for this "
                    "one receipt."
                )
            )
        return customer

    def _sent_before(self, about: str, party: Party) -> int | None:
        """Return the mail by which the same waits for the same, or went there today."""
        for mail in mails.latest_about(self._database, about, _MOST_LOOKED_AT):
            for one in mail_recipients.listed(self._database, mail.id):
                if self._is_for(one, party) and self._still_counts(one):
                    return mail.number
        return None

    def _is_for(self, one: Recipient, party: Party) -> bool:
        if one.party is not party.kind:
            return False
        if party.kind is not PartyKind.TYPED:
            return one.party_id == party.id
        return (self._addresses.typed(one) or "").lower() == party.address.lower()

    def _still_counts(self, one: Recipient) -> bool:
        if one.state in (Fate.WAITING, Fate.SENDING):
            return True
        return one.state in (Fate.SENT, Fate.UNKNOWN) and one.changed_at >= self._midnight()

    def _midnight(self) -> int:
        zone = self._configuration.zone
        today = self._clock.now().astimezone(zone).date()
        return to_stored(datetime.combine(today, time(), zone))


def _draft(stored: StoredSale, about: str) -> Draft:
    """Return the mail of a receipt, whose words are made of the receipt when it goes out."""
    receipt = str(stored.sale.receipt)
    return Draft(
        kind=MailKind.RECEIPT,
        subject=_("Receipt {receipt}").format(receipt=receipt) + " · {shop}",
        body="",
        about=about,
        attachments=[receipt_attachment(receipt)],
    )
