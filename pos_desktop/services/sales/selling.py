"""A paid basket becomes a sale: one transaction, whole or not at all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from pos_desktop.domain.basket import Basket
from pos_desktop.domain.controlled_acts import Act
from pos_desktop.domain.errors import Refused
from pos_desktop.domain.ids import Id
from pos_desktop.domain.pricing import Priced, price
from pos_desktop.domain.receipt_number import ReceiptNumber
from pos_desktop.domain.sale import Sale
from pos_desktop.domain.settlement import settle
from pos_desktop.domain.shift import Shift
from pos_desktop.domain.staff import Permission
from pos_desktop.domain.tender import Payment, TenderKind
from pos_desktop.domain.text import _
from pos_desktop.services.credit.accounts import Accounts
from pos_desktop.services.credit.vouchers import Vouchers
from pos_desktop.services.mpesa.sale_payments import SalePayments
from pos_desktop.services.mpesa.tray.reversals import Reversals
from pos_desktop.services.paper.print_queue import PrintQueue
from pos_desktop.services.people.acting import Approval, approved, require
from pos_desktop.services.people.sign_in import Person
from pos_desktop.services.sales.notes import Note, write_notes
from pos_desktop.services.sales.returning import Returning
from pos_desktop.services.sales.sale_papers import SalePapers
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
    approval: Approval | None = None
    """Who let the last tender go beyond what the person may."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """What a cart became: a sale, a refund, or in an exchange both."""

    sale: StoredSale | None
    refund: StoredSale | None

    @property
    def main(self) -> StoredSale:
        """The one that the customer came for: the sale, else the refund."""
        found = self.sale or self.refund
        assert found is not None
        return found


@dataclass(frozen=True, slots=True)
class Reprinted:
    """What goes to the printer again; `copies` counts this one of the receipt and those before."""

    sale: Sale
    copies: int
    refund: Sale | None = None
    """In an exchange what came back, whose receipt is printed again with that of the sale."""


class Selling:
    """Prices baskets and records what becomes of them."""

    def __init__(
        self,
        database: ShopDatabase,
        books: Books,
        papers: SalePapers,
        print_queue: PrintQueue,
        *,
        returning: Returning,
        accounts: Accounts,
        vouchers: Vouchers,
        mpesa: SalePayments,
        reversals: Reversals,
    ) -> None:
        self._database = database
        self._books = books
        self._papers = papers
        self._print_queue = print_queue
        self._returning = returning
        self._accounts = accounts
        self._vouchers = vouchers
        self._mpesa = mpesa
        self._reversals = reversals
        self._taxes = tax_table(database)
        self._last: tuple[Basket, str, Priced] | None = None

    def price(self, basket: Basket, business_day: str) -> Priced:
        """Return what a basket costs on a business day; raise Refused where a tax rate is missing.

        The last answer is kept: a scan asks before the basket is kept, and again for its lines.
        """
        last = self._last
        if last and last[0] is basket and last[1] == business_day:
            return last[2]
        priced = price(basket, self._taxes, date.fromisoformat(business_day))
        self._last = basket, business_day, priced
        return priced

    def complete(self, checkout: Checkout) -> Recorded:
        """Record the sale with its stock moves, receipt number, journal entry and print jobs.

        Goods that come back become a refund in the same transaction. When this returns, all of it
        is on disk; when it raises, nothing is. Raises ShiftClosed where another program has closed
        the shift: its figures are final. A sale has the id of its cart, so that no cart is ever
        sold twice: AlreadySold, and the cart is gone. PaymentUsed where M-Pesa has not paid it.
        """
        sale_id = checkout.cart_id or self._books.new_id()
        with self._database.write():
            sold = sales.receipt_of(self._database, sale_id)
            if sold is None:
                return self._record(checkout, sale_id)
            carts.remove(self._database, sale_id)
            write_notes(self._database, self._books, self._print_queue, checkout.notes)
        raise AlreadySold(sold)

    def _record(self, checkout: Checkout, sale_id: Id) -> Recorded:
        if not shifts.is_open(self._database, checkout.shift.id):
            raise ShiftClosed
        write_notes(self._database, self._books, self._print_queue, checkout.notes)
        recorded = self._record_both(checkout, sale_id)
        self._mpesa.use_up(sale_id, checkout.payment.tenders)
        back = checkout.payment.tenders
        self._reversals.give_back_tenders(back, checkout.person, checkout.approval)
        if checkout.cart_id:
            carts.remove(self._database, checkout.cart_id)
        self._papers.queue(recorded.sale, recorded.refund, checkout.person)
        return recorded

    def _record_both(self, checkout: Checkout, sale_id: Id) -> Recorded:
        """Record the goods, what comes back, or each with the other's number as its tender."""
        basket, day = checkout.basket, checkout.shift.business_day
        goods = self.price(basket, day)
        frame = _frame(checkout, sale_id, basket.customer_id)
        if basket.returns is None:
            return Recorded(self._put(checkout, frame, goods, checkout.payment), None)
        back = self._returning.mirror(basket.returns, day)
        if not basket.lines:
            frame = _refund_frame(checkout, sale_id)
            return Recorded(None, self._put(checkout, frame, back, checkout.payment))
        numbers = self._next_receipt(), self._next_receipt()
        sale, refund = settle(
            goods.totals.gross_cents, -back.totals.gross_cents, checkout.payment, numbers
        )
        back_frame = _refund_frame(checkout, self._books.new_id())
        return Recorded(
            self._put(checkout, frame, goods, sale, numbers[0]),
            self._put(checkout, back_frame, back, refund, numbers[1]),
        )

    def _next_receipt(self) -> ReceiptNumber:
        return sales.next_receipt(self._database, self._books.node.till_code)

    def _put(
        self,
        checkout: Checkout,
        frame: SaleFrame,
        goods: Priced,
        payment: Payment,
        receipt: ReceiptNumber | None = None,
    ) -> StoredSale:
        """Record one side of a cart, with what it makes on accounts and vouchers."""
        receipt = receipt or self._next_receipt()
        origin = checkout.basket.returns.origin if checkout.basket.returns else None
        refund_of = origin.number if origin and frame.refund_of else None
        sale = Sale.of(receipt, goods, payment, refund_of=refund_of)
        entries = {
            **self._accounts.entries(
                sale, frame.sale_id, frame.customer_id, checkout.person, checkout.approval
            ),
            **self._vouchers.entries(sale, frame.sale_id),
        }
        witness = _witness(checkout, frame)
        fact = sales.record(self._database, self._books, sale, frame, entries, witness)
        return StoredSale(sale, frame, fact.at)

    def reprint(
        self,
        receipt: ReceiptNumber | None,
        person: Person,
        cashier_name: Callable[[Id], str],
        approval: Approval | None = None,
    ) -> Reprinted:
        """Print a receipt again, marked as a copy; without a number the till's last one.

        Of an exchange the last are two.
        """
        require(person, Permission.REPRINT, approval)
        stored, *others = self.papers_of(receipt)
        with self._database.write():
            for one in (stored, *others):
                self._papers.queue_copy(one, cashier_name(one.frame.staff_id))
                witness = approved(approval, {"receipt": str(one.sale.receipt)})
                self._books.note(Act.REPRINT.value, actor_id=person.id, **witness)
            copies = self._print_queue.copies(stored.frame.sale_id)
        return Reprinted(stored.sale, copies, others[0].sale if others else None)

    def papers_of(self, receipt: ReceiptNumber | None) -> tuple[StoredSale, ...]:
        """Return the sale of a receipt; without a number what the till's last customer took along.

        In an exchange that is the sale, and after it the refund. Raises Refused where there is no
        such receipt.
        """
        stored = self.find(receipt)
        tenders = stored.sale.tenders
        other = next((one for one in tenders if one.kind is TenderKind.EXCHANGE), None)
        if receipt is not None or other is None:
            return (stored,)
        return self.find(ReceiptNumber.parse(other.reference)), stored

    def find(self, receipt: ReceiptNumber | None) -> StoredSale:
        """Return the sale of a receipt, or the till's last; raise Refused where there is none."""
        if receipt is None:
            stored = sales.last(self._database, self._books.node.till_code)
        else:
            stored = sales.by_receipt(self._database, receipt)
        if stored is None:
            raise Refused(_("There is no such receipt; type its number as it is printed."))
        return stored


def _frame(checkout: Checkout, sale_id: Id, customer_id: Id | None) -> SaleFrame:
    return SaleFrame(
        sale_id=sale_id,
        shift_id=checkout.shift.id,
        staff_id=checkout.person.id,
        business_day=checkout.shift.business_day,
        customer_id=customer_id,
        buyer_pin=checkout.basket.buyer_pin,
    )


def _refund_frame(checkout: Checkout, refund_id: Id) -> SaleFrame:
    """Return the frame of what comes back; its money goes to the account of who had bought it."""
    returns = checkout.basket.returns
    origin = returns.origin if returns else None
    customer_id = origin.customer_id if origin else checkout.basket.customer_id
    frame = _frame(checkout, refund_id, customer_id)
    return replace(frame, refund_of=origin.sale_id if origin else None, is_refund=True)


def _witness(checkout: Checkout, frame: SaleFrame) -> dict[str, Any]:
    """Return who approved, of the last tender, or of goods that came back without a receipt."""
    returns = checkout.basket.returns
    if checkout.approval is None and frame.is_refund and returns and returns.approver_id:
        detail = {"reason": returns.reason} if returns.reason else {}
        return {"approver_id": returns.approver_id, "detail": detail}
    return approved(checkout.approval)
