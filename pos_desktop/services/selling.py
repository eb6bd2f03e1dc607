"""A paid basket becomes a sale: one transaction, whole or not at all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from pos_desktop.domain.basket import Basket
from pos_desktop.domain.errors import Refused
from pos_desktop.domain.ids import Id
from pos_desktop.domain.pricing import Priced, price
from pos_desktop.domain.receipt_number import ReceiptNumber
from pos_desktop.domain.sale import Sale
from pos_desktop.domain.staff import Permission
from pos_desktop.domain.tender import Payment, TenderKind
from pos_desktop.domain.text import _
from pos_desktop.services.printing import RECEIPT_KIND, PrintQueue
from pos_desktop.services.receipts import Papers
from pos_desktop.services.sign_in import Person, require
from pos_desktop.storage import carts, sales, shifts
from pos_desktop.storage.books import Books
from pos_desktop.storage.database import ShopDatabase
from pos_desktop.storage.sales import SaleFrame, StoredSale
from pos_desktop.storage.shifts import Shift
from pos_desktop.storage.tax_rates import tax_table


class ShiftClosed(Refused):
    """The shift was closed meanwhile; open a new one and take the payment again."""


class AlreadySold(Refused):
    """Another program has finished this sale; clear it and start a new one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkout:
    """A basket that has been paid, and who sells it."""

    basket: Basket
    payment: Payment
    person: Person
    shift: Shift
    cart_id: Id | None = None


class Selling:
    """Prices baskets and records sales."""

    def __init__(
        self, database: ShopDatabase, books: Books, papers: Papers, queue: PrintQueue
    ) -> None:
        self._database = database
        self._books = books
        self._papers = papers
        self._queue = queue
        self._taxes = tax_table(database)

    def price(self, basket: Basket, business_day: str) -> Priced:
        """Return what a basket costs on a business day."""
        return price(basket, self._taxes, date.fromisoformat(business_day))

    def complete(self, checkout: Checkout) -> StoredSale:
        """Record the sale with its stock moves, receipt number, journal entry and print jobs.

        When this returns, the sale is on disk; when it raises, nothing of it is. Raises
        ShiftClosed where another program has closed the shift: its figures are final. A sale has
        the id of its cart, so that no cart is ever sold twice: AlreadySold.
        """
        basket = checkout.basket
        priced = self.price(basket, checkout.shift.business_day)
        frame = SaleFrame(
            sale_id=checkout.cart_id or self._books.new_id(),
            shift_id=checkout.shift.id,
            staff_id=checkout.person.id,
            business_day=checkout.shift.business_day,
            customer_id=basket.customer_id,
            buyer_pin=basket.buyer_pin,
        )
        with self._database.write():
            if not shifts.is_open(self._database, checkout.shift.id):
                raise ShiftClosed
            if sales.exists(self._database, frame.sale_id):
                raise AlreadySold
            receipt = sales.next_receipt(self._database, self._books.node.till_code)
            sale = Sale.of(receipt, priced, checkout.payment)
            fact = sales.record(self._database, self._books, sale, frame)
            if checkout.cart_id:
                carts.remove(self._database, checkout.cart_id)
            stored = StoredSale(sale, frame, fact.at)
            self._queue_papers(stored, checkout.person)
        return stored

    def _queue_papers(self, stored: StoredSale, person: Person) -> None:
        title = str(stored.sale.receipt)
        fact_id = stored.frame.sale_id
        if any(tender.kind is TenderKind.CASH for tender in stored.sale.tenders):
            self._queue.open_drawer(title, fact_id=fact_id)
        document = self._papers.receipt(stored, person.name)
        self._queue.paper(RECEIPT_KIND, title, document, fact_id=fact_id)

    def reprint(
        self, receipt: ReceiptNumber | None, person: Person, cashier_name: Callable[[Id], str]
    ) -> StoredSale:
        """Print a receipt again, marked as a copy; without a number the till's last one."""
        require(person, Permission.REPRINT)
        stored = self.find(receipt)
        frame = stored.frame
        document = self._papers.receipt(stored, cashier_name(frame.staff_id), copy=True)
        title = str(stored.sale.receipt)
        with self._database.write():
            self._queue.paper(RECEIPT_KIND, title, document, fact_id=frame.sale_id, copy=True)
            self._books.note("reprint", actor_id=person.id, detail={"receipt": title})
        return stored

    def find(self, receipt: ReceiptNumber | None) -> StoredSale:
        """Return the sale of a receipt, or the till's last; raise Refused where there is none."""
        if receipt is None:
            stored = sales.last(self._database, self._books.node.till_code)
        else:
            stored = sales.by_receipt(self._database, receipt)
        if stored is None:
            raise Refused(_("There is no such receipt; type its number as it is printed."))
        return stored
