"""The paper of a sale, refund or payment that is long past, as a picture to look at."""

from __future__ import annotations

from pos_hardware.document import ReceiptDocument
from pos_hardware.profile import PAPER_80
from pos_hardware.rendering import render_png

from pos_desktop.domain.errors import Refused
from pos_desktop.domain.ids import Id
from pos_desktop.domain.staff import Permission
from pos_desktop.domain.text import _
from pos_desktop.services.paper.papers import Account, Papers
from pos_desktop.services.people.acting import hand_of
from pos_desktop.services.people.customers import shown_name
from pos_desktop.services.people.sign_in import Person
from pos_desktop.storage import account_payments, customers, sales, staff
from pos_desktop.storage.database import ShopDatabase


class ReceiptPictures:
    """Draws papers out of the books; it prints nothing and writes nothing."""

    def __init__(self, reader: ShopDatabase, papers: Papers) -> None:
        self._reader = reader
        self._papers = papers

    def picture(self, fact_id: Id, *, actor: Person | None) -> bytes:
        """Return a PNG of the paper of a sale or payment; Refused where there is none."""
        hand_of(actor, Permission.REPORTS)
        document = self._sale(fact_id) or self._payment(fact_id)
        if document is None:
            raise Refused(_("This receipt is not in the books of this till."))
        return render_png(document, PAPER_80)

    def _sale(self, sale_id: Id) -> ReceiptDocument | None:
        stored = sales.by_id(self._reader, sale_id)
        if stored is None:
            return None
        account = self._account(stored.frame.customer_id)
        cashier = self._name(stored.frame.staff_id)
        return self._papers.receipt(stored, cashier, account=account, copy=True)

    def _payment(self, payment_id: Id) -> ReceiptDocument | None:
        paid = account_payments.by_id(self._reader, payment_id)
        if paid is None:
            return None
        account = self._account(paid.customer_id)
        return self._papers.payment(paid.payment, paid.tender, self._name(paid.staff_id), account)

    def _account(self, customer_id: Id | None) -> Account | None:
        customer = customers.by_id(self._reader, customer_id) if customer_id else None
        return Account(shown_name(customer)) if customer else None

    def _name(self, staff_id: Id) -> str:
        member = staff.by_id(self._reader, staff_id)
        return member.name if member else ""
