"""What the till answers to a command: the reply, or the step that leads to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from pos_desktop.domain.basket import Item
from pos_desktop.domain.money import Cents, format_amount
from pos_desktop.domain.pack_labels import Sold
from pos_desktop.domain.quantity import Thousandths, format_quantity
from pos_desktop.domain.receipt_number import ReceiptNumber
from pos_desktop.domain.text import _, ngettext
from pos_desktop.services.counter.steps import Step
from pos_desktop.services.paper.closing_reports import DayReport, ShiftReport
from pos_desktop.services.sales.selling import Checkout

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class PriceTag:
    """What a price check found; stock in thousandths."""

    sold: Sold
    stock: Thousandths

    @property
    def item(self) -> Item:
        """The item that was asked about."""
        return self.sold.item

    @property
    def sentence(self) -> str:
        """What the item costs and what is in stock of it, in one line; of a label, its pack."""
        words = _("{name}: {price}, in stock {stock}").format(
            name=self.item.name,
            price=format_amount(self.item.price_cents),
            stock=format_quantity(self.stock),
        )
        return ", ".join(part for part in (words, self.pack_words) if part)

    @property
    def pack_words(self) -> str:
        """What the pack holds and costs where its label was read; else nothing."""
        if self.sold.quantity is None:
            return ""
        return _("this pack {quantity} for {price}").format(
            quantity=format_quantity(self.sold.quantity), price=format_amount(self.sold.full_cents)
        )


def prices_changed(count: int) -> str:
    """Say how many prices of a cart that waited have changed; nothing where none has."""
    if not count:
        return ""
    return ngettext(
        "{count} price has changed since it was scanned; the sale keeps the old one.",
        "{count} prices have changed since they were scanned; the sale keeps the old ones.",
        count,
    ).format(count=count)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What the till answers, beside the state of the basket."""

    message: str = ""
    receipt: ReceiptNumber | None = None
    refund: ReceiptNumber | None = None
    """In an exchange the receipt of what came back, beside that of the sale."""
    paid: bool = False
    """Whether money was taken or given back for the cart, all of it or a part."""
    change_cents: Cents | None = None
    left_on_vouchers: Mapping[str, Cents] = field(default_factory=dict)
    """What is left of each voucher that has paid, by its code."""
    unconfirmed: frozenset[str] = frozenset()
    """The codes of M-Pesa by which it was paid, and for which only the customer's word speaks."""
    report: ShiftReport | DayReport | None = None
    tag: PriceTag | None = None
    quantity: Thousandths | None = None
    """How much was sold, where somebody or a label said it."""
    changed_prices: int = 0
    """How many products of a cart that was taken up have another price today."""
    copies: int = 0
    """How many copies of the receipt have been asked for, this one among them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording(Step[Reply]):
    """The step that records a paid basket; the till is ready for the next customer meanwhile."""

    checkout: Checkout


def told(first: Step[T], reply: Callable[[T], Reply]) -> Step[Reply]:
    """Return a step of the till that answers."""

    def then(found: Any) -> Reply | Step[Reply]:
        outcome = first.then(found)
        return told(outcome, reply) if isinstance(outcome, Step) else reply(outcome)

    return Step(work=first.work, then=then, failed=first.failed)
