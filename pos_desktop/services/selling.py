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
from pos_desktop.domain.shift import Shift
from pos_desktop.domain.staff import Permission
from pos_desktop.domain.tender import Payment, TenderKind
from pos_desktop.domain.text import _
from pos_desktop.services.notes import Note, write_notes
from pos_desktop.services.print_queue import RECEIPT_KIND, PrintQueue
from pos_desktop.services.receipts import Papers
from pos_desktop.services.sign_in import Person, require
from pos_desktop.storage import carts, sales, shifts
from pos_desktop.storage.books import Books
from pos_desktop.storage.database import ShopDatabase
from pos_desktop.storage.sales import SaleFrame, StoredSale
from pos_desktop.storage.tax_rates import tax_table


class ShiftClosed(Refused):
    """The shift was closed meanwhile; open a new one and take the payment again."""


class AlreadySold(Refused):
    """Another program has finished this sale."""

    def __init__(self, receipt: ReceiptNumber) -> None:
        sentence = _(
            "This sale was finished elsewhere already, as receipt {receipt}: give back what was "
            "taken for it here. The till is ready for the next one."
        )
        super().__init__(sentence.format(receipt=receipt))
        self.receipt = receipt


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkout:
    """A basket that has been paid, and who sells it."""

    basket: Basket
    payment: Payment
    person: Person
    shift: Shift
    cart_id: Id | None = None
    before: Payment | None = None
    """The part that was paid before the last tender: it holds on where the sale cannot be kept."""
    notes: tuple[Note, ...] = ()
    """What was done to the basket and is not in the journal yet."""


@dataclass(frozen=True, slots=True)
class Reprinted:
    """A receipt that goes to the printer again; `copies` counts this one and those before it."""

    sale: Sale
    copies: int


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
        the id of its cart, so that no cart is ever sold twice: AlreadySold, and the cart is gone.
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
            sold = sales.receipt_of(self._database, frame.sale_id)
            if sold is None:
                return self._record(checkout, priced, frame)
            carts.remove(self._database, frame.sale_id)
            write_notes(self._database, self._books, self._queue, checkout.notes)
        raise AlreadySold(sold)

    def _record(self, checkout: Checkout, priced: Priced, frame: SaleFrame) -> StoredSale:
        if not shifts.is_open(self._database, checkout.shift.id):
            raise ShiftClosed
        write_notes(self._database, self._books, self._queue, checkout.notes)
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
    ) -> Reprinted:
        """Print a receipt again, marked as a copy; without a number the till's last one."""
        require(person, Permission.REPRINT)
        stored = self.find(receipt)
        frame = stored.frame
        document = self._papers.receipt(stored, cashier_name(frame.staff_id), copy=True)
        title = str(stored.sale.receipt)
        with self._database.write():
            self._queue.paper(RECEIPT_KIND, title, document, fact_id=frame.sale_id, copy=True)
            self._books.note("reprint", actor_id=person.id, detail={"receipt": title})
            copies = self._queue.copies(frame.sale_id)
        return Reprinted(stored.sale, copies)

    def find(self, receipt: ReceiptNumber | None) -> StoredSale:
        """Return the sale of a receipt, or the till's last; raise Refused where there is none."""
        if receipt is None:
            stored = sales.last(self._database, self._books.node.till_code)
        else:
            stored = sales.by_receipt(self._database, receipt)
        if stored is None:
            raise Refused(_("There is no such receipt; type its number as it is printed."))
        return stored
