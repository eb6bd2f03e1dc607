"""What is printed with a sale or refund, and when the drawer opens; in the sale's transaction."""

from __future__ import annotations

from pos_hardware.document import ReceiptDocument

from pos_desktop.domain.tender import TenderKind
from pos_desktop.services.credit.vouchers import Vouchers
from pos_desktop.services.paper.papers import Account, Papers
from pos_desktop.services.paper.print_queue import RECEIPT_KIND, VOUCHER_KIND, PrintQueue
from pos_desktop.services.people.customers import shown_name
from pos_desktop.services.people.sign_in import Person
from pos_desktop.storage import customers
from pos_desktop.storage.database import ShopDatabase
from pos_desktop.storage.sales import StoredSale


class SalePapers:
    """Queues receipts, vouchers and drawer pulses."""

    def __init__(
        self, database: ShopDatabase, papers: Papers, print_queue: PrintQueue, vouchers: Vouchers
    ) -> None:
        self._database = database
        self._papers = papers
        self._print_queue = print_queue
        self._vouchers = vouchers

    def queue(self, sale: StoredSale | None, refund: StoredSale | None, person: Person) -> None:
        """Open the drawer where cash moves, and print what the customer takes along."""
        both = [stored for stored in (sale, refund) if stored is not None]
        for stored in both:
            if _moves_cash(stored):
                self._print_queue.open_drawer(
                    str(stored.sale.receipt), fact_id=stored.frame.sale_id
                )
        for stored in both:
            self._receipt(stored, person.name)
            self._voucher(stored)

    def queue_copy(self, stored: StoredSale, cashier: str) -> None:
        """Print a receipt again, marked as a copy; a voucher is never printed twice."""
        self._receipt(stored, cashier, copy=True)

    def receipt(self, stored: StoredSale, cashier: str, *, copy: bool) -> ReceiptDocument:
        """Return the receipt of a sale or refund, as it is printed."""
        return self._papers.receipt(stored, cashier, account=self._account(stored), copy=copy)

    def _receipt(self, stored: StoredSale, cashier: str, *, copy: bool = False) -> None:
        document = self.receipt(stored, cashier, copy=copy)
        self._print_queue.paper(
            RECEIPT_KIND,
            str(stored.sale.receipt),
            document,
            fact_id=stored.frame.sale_id,
            copy=copy,
        )

    def _voucher(self, stored: StoredSale) -> None:
        voucher = self._vouchers.issued_by(stored.frame.sale_id)
        if voucher is not None:
            title = str(stored.sale.receipt)
            document = self._papers.voucher(voucher, title)
            self._print_queue.paper(VOUCHER_KIND, title, document, fact_id=stored.frame.sale_id)

    def _account(self, stored: StoredSale) -> Account | None:
        """Return who the customer is, and what they owe where this sale is on their account."""
        customer_id = stored.frame.customer_id
        customer = customers.by_id(self._database, customer_id) if customer_id else None
        if customer is None:
            return None
        on_account = any(one.kind is TenderKind.CREDIT for one in stored.sale.tenders)
        owed = customers.balance(self._database, customer.id) if on_account else None
        return Account(shown_name(customer), owed)


def _moves_cash(stored: StoredSale) -> bool:
    return any(one.kind is TenderKind.CASH for one in stored.sale.tenders)
