"""Receipts that go out by e-mail: left for a job with the address, which no paper keeps.

What sends mail comes later; until then the jobs wait, and nothing is lost.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time
from typing import NoReturn

from pos_queue.errors import TryLater

from pos_desktop import settings
from pos_desktop.domain.clock import Clock
from pos_desktop.domain.customer import Customer
from pos_desktop.domain.errors import Refused
from pos_desktop.domain.mail_address import check_email
from pos_desktop.domain.receipt_number import ReceiptNumber
from pos_desktop.domain.staff import Permission
from pos_desktop.domain.text import _
from pos_desktop.services.acting import hand_of
from pos_desktop.services.configuration import Configuration
from pos_desktop.services.enqueueing import Enqueues, JobName
from pos_desktop.services.selling import Selling
from pos_desktop.services.sign_in import Person
from pos_desktop.storage import customers, job_states
from pos_desktop.storage.books import Books
from pos_desktop.storage.database import ShopDatabase
from pos_desktop.storage.moments import to_stored
from pos_desktop.storage.sales import StoredSale

EMAIL_RECEIPT = JobName("email_receipt")
"""Sends one receipt to one address."""
_AGAIN_SECONDS = 1800.0
"""How long a mail waits before it is looked at again whether mail is set up."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A receipt that may be mailed, and where to: empty where its customer wants no mail."""

    receipt: ReceiptNumber
    address: str


@dataclass(frozen=True, slots=True)
class Left:
    """A mail that was left for the queue, by the number of its job."""

    receipt: ReceiptNumber
    number: int | None
    """None where the same one went out today."""
    is_new: bool = False
    """False where the same one waits or went out today: it is not left a second time."""


class _SentToday(Exception):
    """The same mail went out today: what was begun is undone."""


class ReceiptMail:
    """Leaves receipts to be mailed; the journal keeps who did it, never to which address."""

    def __init__(
        self,
        database: ShopDatabase,
        books: Books,
        configuration: Configuration,
        selling: Selling,
        queue: Enqueues,
        clock: Clock,
    ) -> None:
        """Take the clock of the queue, which no replay moves."""
        self._database = database
        self._books = books
        self._configuration = configuration
        self._selling = selling
        self._queue = queue
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
        if self._configuration.get(settings.SHOP_TRAINING):
            raise Refused(_("This is a training shop: it sends no mail."))
        stored = self._selling.papers_of(receipt)[0]
        said = check_email(address) if address.strip() else ""
        customer_id = "" if said else self._agreed(stored).id
        payload = {
            "receipt": str(stored.sale.receipt),
            "customer": customer_id,
            "address": said,
            "copy": self._books.new_id() if again else "",
        }
        try:
            with self._database.write():
                before = job_states.newest_number(self._database)
                number = self._queue.enqueue(EMAIL_RECEIPT, payload, started_by=actor_id)
                is_new = number > before
                if is_new:
                    self._check_not_sent_today(number)
                    detail = {"receipt": payload["receipt"], "customer": customer_id or None}
                    self._books.note("receipt mailed", actor_id=actor_id, detail=detail)
        except _SentToday:
            return Left(stored.sale.receipt, None)
        return Left(stored.sale.receipt, number, is_new=is_new)

    def deliver(self, receipt: str, customer: str, address: str) -> NoReturn:
        """Send a mail that was left. Raises TryLater while nothing here can send it."""
        del receipt, customer, address
        raise TryLater(_AGAIN_SECONDS, _("Mail is not set up yet: the receipt waits until it is."))

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

    def _check_not_sent_today(self, number: int) -> None:
        zone = self._configuration.zone
        today = self._clock.now().astimezone(zone).date()
        midnight = to_stored(datetime.combine(today, time(), zone))
        if job_states.done_since(self._database, number, midnight):
            raise _SentToday
