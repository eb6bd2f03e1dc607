"""From the last tender to the receipt: the sale is recorded while the next customer is served.

What cannot be recorded comes back to the till, and what cannot even come back is kept here until
it can: no basket that somebody has paid is ever lost from sight.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from PySide6.QtCore import QObject, Signal

from pos_desktop.domain.money import Cents
from pos_desktop.domain.receipt_number import ReceiptNumber
from pos_desktop.domain.tender import Payment, Tender, TenderKind
from pos_desktop.domain.text import _
from pos_desktop.services.counter.replies import Recording, Reply
from pos_desktop.services.counter.steps import Step
from pos_desktop.services.counter.till import Till
from pos_desktop.services.sales.selling import AlreadySold, Checkout
from pos_desktop.ui.screens.sell.turns import Turns
from pos_desktop.ui.threads.lane import DatabaseLane


@dataclass(frozen=True, slots=True)
class LastSale:
    """The sale before the open one; without a receipt while it is being recorded."""

    receipt: str
    payment: Payment
    refund: str = ""
    """In an exchange the receipt of what came back."""
    left_on_vouchers: Mapping[str, Cents] = field(default_factory=dict)
    """What is left of each voucher that has paid, by its code."""
    unconfirmed: frozenset[str] = frozenset()
    """The codes for which nobody but the customer's message speaks."""

    @property
    def goes_by_mpesa(self) -> bool:
        """Whether M-Pesa is asked to give money back: it is not back yet."""
        return self.is_refund and any(one.kind is TenderKind.MPESA for one in self.tenders)

    @property
    def tenders(self) -> tuple[Tender, ...]:
        """What it was paid with."""
        return self.payment.tenders

    @property
    def is_refund(self) -> bool:
        """Whether money went to the customer; then all amounts are negative."""
        return self.payment.is_refund

    @property
    def total_cents(self) -> Cents:
        """What it came to, with its rounding."""
        return self.payment.paid_cents

    @property
    def given_cents(self) -> Cents:
        """What was handed over."""
        return self.payment.given_cents

    @property
    def change_cents(self) -> Cents:
        """The cash that went back to the customer."""
        return self.payment.change_cents

    @property
    def receipts(self) -> str:
        """The number of the receipt, and in an exchange that of what came back."""
        return " · ".join(filter(None, (self.receipt, self.refund)))

    @property
    def receipts_in_short(self) -> str:
        """The same in less room: of the second its figures alone, as in `T1-000012 and 13`."""
        if not self.refund:
            return self.receipt
        number = ReceiptNumber.parse(self.refund).counter
        return _("{receipt} and {number}").format(receipt=self.receipt, number=number)

    @property
    def back_cents(self) -> Cents:
        """What the customer gets back: the change, or the money of what came back."""
        return -self.total_cents if self.is_refund else self.change_cents


class Recorder(QObject):
    """Hands paid baskets to the lane, and deals with those that come back."""

    changed = Signal()
    """The last sale or the stranded ones changed."""
    recorded = Signal()
    """A sale is on disk."""
    refused = Signal(object, object)
    """A sale was not recorded: the error, and its checkout, which is on its way back."""
    sold_elsewhere = Signal(object)
    """A sale was not recorded because another program had done so: the error."""
    back = Signal(object, object)
    """A checkout is at the till again: the error that brought it back, and the checkout."""
    failed = Signal(object)
    """A checkout could not come back either: the error."""

    def __init__(self, till: Till, turns: Turns, lane: DatabaseLane) -> None:
        super().__init__()
        self._till = till
        self._turns = turns
        self._lane = lane
        self.last: LastSale | None = None
        self.stranded: list[Checkout] = []
        """Paid baskets that were neither recorded nor brought back: the disk refused both."""
        self.waiting = 0
        """How many sales are on their way to disk."""

    def record(self, recording: Recording) -> None:
        """Record a paid basket; it holds nobody up."""
        checkout = recording.checkout
        self.last = LastSale("", checkout.payment)
        self.waiting += 1

        def then(found: object) -> None:
            self.waiting -= 1
            reply = recording.then(found)
            assert isinstance(reply, Reply)
            refund = str(reply.refund) if reply.refund else ""
            self.last = LastSale(
                str(reply.receipt),
                checkout.payment,
                refund,
                reply.left_on_vouchers,
                reply.unconfirmed,
            )
            self.changed.emit()
            self.recorded.emit()

        def failed(error: Exception) -> None:
            self.waiting -= 1
            self._not_recorded(error, checkout)

        self._lane.submit(recording.work, then, failed)
        self.changed.emit()

    def _not_recorded(self, error: Exception, checkout: Checkout) -> None:
        self.last = None
        if isinstance(error, AlreadySold):
            self.changed.emit()
            self.sold_elsewhere.emit(error)
            return
        self._bring_back(error, checkout)
        self.refused.emit(error, checkout)

    def bring_back_stranded(self) -> None:
        """Try again to bring back what could be neither recorded nor brought back."""
        if self.stranded:
            self._bring_back(None, self.stranded.pop(0))

    def _bring_back(self, why: Exception | None, checkout: Checkout) -> None:
        def begin() -> Step[None] | None:
            return self._till.taking_back(checkout)

        def failed(error: Exception) -> None:
            self.stranded.append(checkout)
            self.changed.emit()
            self.failed.emit(error)

        self._turns.carry_out(begin, lambda _done: self.back.emit(why, checkout), failed)
