"""Goods that a customer brings back, as they lie in the open cart before the money goes back."""

from __future__ import annotations

from dataclasses import dataclass

from pos_desktop.domain.errors import Refused
from pos_desktop.domain.ids import Id
from pos_desktop.domain.money import Cents
from pos_desktop.domain.percent import BasisPoints
from pos_desktop.domain.quantity import Thousandths
from pos_desktop.domain.receipt_number import ReceiptNumber
from pos_desktop.domain.text import _


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """The sale that goods come back from."""

    sale_id: Id
    receipt: str
    customer_id: Id | None = None

    @property
    def number(self) -> ReceiptNumber:
        """Its receipt's number."""
        return ReceiptNumber.parse(self.receipt)


@dataclass(frozen=True, slots=True, kw_only=True)
class Returned:
    """One line that comes back; amounts and quantity are positive.

    Against a receipt, `no` is the line there, and what it is worth was worked out from that line;
    it is worked out again when the money goes back. Without one, `gross_cents` is the price that
    was agreed on.
    """

    key: int
    no: int | None
    product_id: Id
    code: str
    name: str
    unit: str
    quantity: Thousandths
    price_cents: Cents
    gross_cents: Cents
    discount_bp: BasisPoints = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Returns:
    """All that comes back in one go: of one receipt, or of none."""

    origin: Origin | None = None
    lines: tuple[Returned, ...] = ()
    approver_id: Id | None = None
    """Who allowed it, where that was needed."""
    reason: str = ""

    @property
    def gross_cents(self) -> Cents:
        """What they are worth together."""
        return sum(line.gross_cents for line in self.lines)

    def without(self, key: int) -> Returns | None:
        """Return them without one line; None where nothing is left."""
        left = tuple(line for line in self.lines if line.key != key)
        if not left:
            return None
        return Returns(
            origin=self.origin, lines=left, approver_id=self.approver_id, reason=self.reason
        )


def check_same_origin(before: Returns | None, origin: Origin | None) -> None:
    """Raise Refused where goods of another receipt lie in the cart: one goes after the other."""
    if before is None or before.origin == origin:
        return
    what = before.origin.receipt if before.origin else _("goods without a receipt")
    raise Refused(_("Finish the return of {what} first, then begin this one.").format(what=what))
