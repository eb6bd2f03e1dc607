"""Goods that come back: which may, what they are worth, and by what their money goes back."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from pos_desktop import settings
from pos_desktop.domain.basket import Basket, Item
from pos_desktop.domain.errors import Refused
from pos_desktop.domain.money import Cents
from pos_desktop.domain.pricing import Priced, PricedLine, price, priced
from pos_desktop.domain.quantity import Thousandths
from pos_desktop.domain.receipt_number import ReceiptNumber
from pos_desktop.domain.refund import refund_line
from pos_desktop.domain.returns import Origin, Returned, Returns
from pos_desktop.domain.staff import Permission
from pos_desktop.domain.tender import Payment, TenderKind
from pos_desktop.domain.text import _
from pos_desktop.services.configuration import Configuration
from pos_desktop.services.mpesa.tray.whole_back import payment_of_whole, unconfirmed_code
from pos_desktop.services.people.acting import Approval, NeedsApproval, may, require
from pos_desktop.services.people.sign_in import Person
from pos_desktop.storage import customers, products, refunds, sales
from pos_desktop.storage.books import Books
from pos_desktop.storage.database import ShopDatabase
from pos_desktop.storage.mpesa_money import Money
from pos_desktop.storage.sales import StoredSale
from pos_desktop.storage.tax_rates import tax_table

Part = tuple[int, Thousandths]
"""A line of a receipt by its number, and how much of it comes back."""


@dataclass(frozen=True, slots=True)
class ReturnableLine:
    """A line of a receipt, and how much of it may still come back (thousandths)."""

    line: PricedLine
    left: Thousandths

    @property
    def no(self) -> int:
        """Its number on the receipt."""
        return self.line.key


@dataclass(frozen=True, slots=True)
class Returnable:
    """A receipt whose goods may come back."""

    stored: StoredSale
    lines: tuple[ReturnableLine, ...]

    @property
    def origin(self) -> Origin:
        """The sale as a cart names it."""
        frame = self.stored.frame
        return Origin(
            sale_id=frame.sale_id,
            receipt=str(self.stored.sale.receipt),
            customer_id=frame.customer_id,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class LastReceipt:
    """A receipt in a list: its number, its moment in milliseconds UTC, and what it came to."""

    number: ReceiptNumber
    sold_at: int
    gross_cents: Cents


class Unconfirmed(NeedsApproval):
    """The sale was paid by a code that M-Pesa has not confirmed: a manager lets money go back."""

    def __init__(self, code: str) -> None:
        sentence = _(
            "The sale was paid by the code {code}, which M-Pesa has not confirmed: a manager lets "
            "money go back for it."
        )
        super().__init__(Permission.MPESA, sentence.format(code=code))
        self.code = code


class Returning:
    """Works returns out. Nothing is written here: that is done with the sale."""

    def __init__(
        self,
        database: ShopDatabase,
        reader: ShopDatabase,
        books: Books,
        configuration: Configuration,
        mpesa_gives_back: Callable[[], bool],
    ) -> None:
        """Take what is needed; `mpesa_gives_back` tells whether M-Pesa can be asked to."""
        self._mpesa_gives_back = mpesa_gives_back
        self._database = database
        self._reader = reader
        self._books = books
        self._configuration = configuration
        self._taxes = tax_table(database)

    def find(self, receipt: ReceiptNumber) -> Returnable:
        """Return a receipt with what may still come back; raise Refused where nothing may."""
        stored = sales.by_receipt(self._reader, receipt)
        if stored is None:
            raise Refused(self._not_here(receipt))
        if stored.frame.is_refund:
            raise Refused(
                _("{receipt} is a refund itself: nothing of it can come back.").format(
                    receipt=receipt
                )
            )
        found = _returnable(self._reader, stored)
        if not any(line.left > 0 for line in found.lines):
            raise Refused(
                _("Everything of receipt {receipt} came back already.").format(receipt=receipt)
            )
        return found

    def last_receipts(self, limit: int) -> list[LastReceipt]:
        """Return the last receipts of this till, the newest first; those of refunds are none."""
        till = self._books.node.till_code
        return [
            LastReceipt(
                number=ReceiptNumber(till, row["receipt_number"]),
                sold_at=row["sold_at"],
                gross_cents=row["gross_cents"],
            )
            for row in sales.latest(self._reader, till, limit)
        ]

    def _not_here(self, receipt: ReceiptNumber) -> str:
        if receipt.till != self._books.node.till_code:
            sentence = _(
                "Receipt {receipt} is of another till: take the goods back there, or without a "
                "receipt."
            )
        else:
            sentence = _("There is no receipt {receipt}: look at its number once more.")
        return sentence.format(receipt=receipt)

    def take(self, receipt: ReceiptNumber, parts: Sequence[Part], *, first_key: int = 1) -> Returns:
        """Return what comes back of a receipt: these lines, or all that is left.

        `first_key` is the first key that is free in the cart. Raises Refused for a line that is
        not on the receipt, and for more than was bought and has not come back yet.
        """
        found = self.find(receipt)
        by_no = {line.no: line for line in found.lines}
        chosen = parts or [(line.no, line.left) for line in found.lines if line.left > 0]
        lines = []
        for key, (no, quantity) in enumerate(chosen, start=first_key):
            if no not in by_no:
                raise Refused(
                    _("Receipt {receipt} has no line {no}.").format(receipt=receipt, no=no)
                )
            sold = by_no[no]
            back = refund_line(sold.line, quantity, sold.line.quantity - sold.left)
            lines.append(_returned(back, key, no))
        return Returns(origin=found.origin, lines=tuple(lines))

    def take_without_receipt(
        self,
        before: Returns | None,
        item: Item,
        quantity: Thousandths,
        approval: Approval | None,
        *,
        key: int,
    ) -> Returns:
        """Return goods that no receipt proves, at today's price, after those of `before`."""
        line = self._line_of(item, quantity, item.price_cents, self._configuration.today)
        returned = _returned(refund_line(line), key, None)
        return Returns(
            lines=(*(before.lines if before else ()), returned),
            approver_id=approval.approver.id if approval else None,
            reason=approval.reason if approval else "",
        )

    def mirror(self, returns: Returns, business_day: str) -> Priced:
        """Return the lines of the refund, inside the transaction that records it.

        Raises Refused where some of it came back elsewhere since it was put into the cart.
        """
        if returns.origin is None:
            on = date.fromisoformat(business_day)
            return priced(self._without_receipt(line, on) for line in returns.lines)
        stored = sales.by_id(self._database, returns.origin.sale_id)
        assert stored is not None
        found = {line.no: line for line in _returnable(self._database, stored).lines}
        lines = []
        for line in returns.lines:
            sold = found[line.no or 0]
            back = refund_line(sold.line, line.quantity, sold.line.quantity - sold.left)
            if -back.gross_cents != line.gross_cents:
                raise Refused(
                    _(
                        "Some of receipt {receipt} came back elsewhere meanwhile: take the goods "
                        "back anew."
                    ).format(receipt=returns.origin.receipt)
                )
            lines.append(back)
        return priced(lines)

    def _without_receipt(self, line: Returned, on: date) -> PricedLine:
        item = products.by_id(self._database, line.product_id)
        if item is None:
            raise Refused(
                _("{name} is no longer in the catalogue: take another product.").format(
                    name=line.name
                )
            )
        return refund_line(self._line_of(item, line.quantity, line.price_cents, on))

    def _line_of(
        self, item: Item, quantity: Thousandths, price_cents: Cents, on: date
    ) -> PricedLine:
        basket = Basket().add(item, quantity).set_price(price_cents)
        return price(basket, self._taxes, on).lines[0]

    # money

    def card_of(self, returns: Returns) -> str:
        """Return the reference of the card that was paid with, which the bank asks for.

        Empty where no card was, or no receipt says so.
        """
        stored = sales.by_id(self._reader, returns.origin.sale_id) if returns.origin else None
        tenders = stored.sale.tenders if stored else ()
        return next((one.reference for one in tenders if one.kind is TenderKind.CARD), "")

    def cash_before(self, returns: Returns | None) -> Cents:
        """Return the cash of the same receipt that went back before: negative, or 0."""
        origin = returns.origin if returns else None
        return refunds.cash_given_back(self._reader, origin.sale_id) if origin else 0

    def tenders(self, returns: Returns, due_cents: Cents) -> list[tuple[TenderKind, Cents]]:
        """Return by what tenders so much goes back without approval, as the shop's rule says."""
        rule = self._configuration.get(settings.REFUND_TENDER)
        if rule == "voucher":
            return [(TenderKind.VOUCHER, due_cents)]
        if rule == "cash" or returns.origin is None:
            return [(TenderKind.CASH, due_cents)]
        if self.whole_by_mpesa(returns, due_cents) is not None:
            return [(TenderKind.MPESA, due_cents)]
        found = []
        for kind, left in self._left(returns.origin):
            part = min(left, due_cents)
            if part > 0:
                found.append((kind, part))
                due_cents -= part
        return [*found, (TenderKind.CASH, due_cents)] if due_cents or not found else found

    def still_back(self, returns: Returns, payment: Payment) -> list[tuple[TenderKind, Cents]]:
        """Return by what tenders the rest of a refund goes back, as the shop's rule says.

        Never empty: cash, where nothing is left of what the rule names.
        """
        due_cents = abs(payment.due_cents)
        named = self.tenders(returns, due_cents)
        if payment.tenders and named[0][0] is TenderKind.MPESA:
            named = self._allowed_parts(returns, due_cents)
        left = ((kind, cents - payment.settled_cents(kind)) for kind, cents in named)
        still = [(kind, cents) for kind, cents in left if cents > 0]
        return still or [(TenderKind.CASH, abs(payment.remaining_cents))]

    def _allowed_parts(self, returns: Returns, due_cents: Cents) -> list[tuple[TenderKind, Cents]]:
        """Return by what goes back what M-Pesa has paid, once a part of it went back otherwise."""
        assert returns.origin is not None
        return [(kind, min(cents, due_cents)) for kind, cents in self._left(returns.origin)]

    def whole_by_mpesa(self, returns: Returns, due_cents: Cents) -> Money | None:
        """Return the payment that M-Pesa gives back for these goods, None where it is not to.

        Only where all of a sale comes back, nothing is taken along for it, one payment has paid
        the sale alone, and M-Pesa can be asked.
        """
        if returns.origin is None:
            return None
        stored = sales.by_id(self._reader, returns.origin.sale_id)
        gross = stored.sale.totals.gross_cents if stored else 0
        if not gross or (returns.gross_cents, due_cents) != (gross, gross):
            return None
        money = payment_of_whole(self._reader, returns.origin.sale_id)
        # looked at last: it reads the shop's keys
        return money if money is not None and self._mpesa_gives_back() else None

    def by_mpesa(self, returns: Returns | None, payment: Payment) -> Payment:
        """Return a refund that M-Pesa pays back; Refused where that is not a whole payment."""
        due_cents = abs(payment.due_cents)
        money = self.whole_by_mpesa(returns, due_cents) if returns else None
        if money is None or payment.tenders:
            raise Refused(
                _(
                    "M-Pesa gives back only a whole sale that one payment has paid: give it back "
                    "by another tender."
                )
            )
        if money.amount_cents == due_cents:
            return payment.exact(TenderKind.MPESA, None, money.receipt)
        return payment.mpesa_push(None, money.receipt)

    def check_confirmed(self, returns: Returns, person: Person, approval: Approval | None) -> None:
        """Raise Unconfirmed where nobody knows yet whether M-Pesa has paid the sale at all."""
        origin = returns.origin
        code = unconfirmed_code(self._reader, origin.sale_id) if origin is not None else None
        if code is not None and not may(person, Permission.MPESA, approval):
            raise Unconfirmed(code)

    def check_tender(
        self, returns: Returns, payment: Payment, person: Person, approval: Approval | None
    ) -> None:
        """Raise NeedsApproval where the last tender of a payment may not go back by itself.

        Unconfirmed as `check_confirmed` does.
        """
        self.check_confirmed(returns, person, approval)
        kind = payment.tenders[-1].kind
        if kind is TenderKind.MPESA:
            require(person, Permission.MPESA, approval)
            if self._configuration.get(settings.REFUND_TENDER) == "as_paid":
                return
        allowed = self._allowed(returns, abs(payment.due_cents)).get(kind, 0)
        is_more = payment.settled_cents(kind) > allowed
        if is_more and not may(person, Permission.REFUND_OTHERWISE, approval):
            raise NeedsApproval(Permission.REFUND_OTHERWISE)

    def _allowed(self, returns: Returns, due_cents: Cents) -> Mapping[TenderKind, Cents]:
        """Return how much may go back by each tender; a voucher may whatever the rule is."""
        rule = self._configuration.get(settings.REFUND_TENDER)
        everything = {TenderKind.VOUCHER: due_cents}
        if rule != "voucher" and (rule == "cash" or returns.origin is None):
            everything[TenderKind.CASH] = due_cents
        if rule == "as_paid" and returns.origin is not None:
            everything = dict(self._left(returns.origin)) | everything
        return everything

    def _left(self, origin: Origin) -> list[tuple[TenderKind, Cents]]:
        """Return by which tenders money of a sale may go back, and how much by each.

        What stood on the account of somebody who was erased since was settled before: it goes back
        in cash.
        """
        left = refunds.left_by_tender(self._reader, origin.sale_id)
        is_known = customers.by_id(self._reader, origin.customer_id or "") is not None
        if not is_known:
            _move(left, TenderKind.CREDIT, TenderKind.CASH)
        policy = self._configuration.get(settings.MPESA_PART_REFUND)
        by_credit = is_known and policy == "credit"
        _move(left, TenderKind.MPESA, TenderKind.CREDIT if by_credit else TenderKind.CASH)
        if left.get(TenderKind.CASH, 0) < 0:  # change that was given for a payment by M-Pesa
            _move(left, TenderKind.CASH, TenderKind.CREDIT)
        return _by_which(left)


def _move(left: dict[TenderKind, Cents], source: TenderKind, target: TenderKind) -> None:
    """Let what one tender has brought go back by another."""
    left[target] = left.get(target, 0) + left.pop(source, 0)


def _by_which(left: Mapping[TenderKind, Cents]) -> list[tuple[TenderKind, Cents]]:
    """Return by which tenders money may go back, those that leave no cash first."""
    cash = left.get(TenderKind.CASH, 0)
    first = (TenderKind.CREDIT, TenderKind.CARD, TenderKind.VOUCHER)
    found = [(kind, left.get(kind, 0)) for kind in first]
    return [*found, (TenderKind.CASH, max(cash, 0))]


def _returnable(database: ShopDatabase, stored: StoredSale) -> Returnable:
    back = refunds.returned(database, stored.frame.sale_id)
    lines = (ReturnableLine(one, one.quantity - back.get(one.key, 0)) for one in stored.sale.lines)
    return Returnable(stored, tuple(lines))


def _returned(back: PricedLine, key: int, no: int | None) -> Returned:
    return Returned(
        key=key,
        no=no,
        product_id=back.item.product_id,
        code=back.item.code,
        name=back.item.name,
        unit=back.item.unit,
        quantity=-back.quantity,
        price_cents=back.price_cents,
        gross_cents=-back.gross_cents,
        discount_bp=back.discount_bp,
    )
