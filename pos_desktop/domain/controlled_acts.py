"""Acts that an owner wants to see counted, with who did them: on each X, Z and in the audit.

They stand in the journal one by one; here they are summed up by what was done, by whom, and who
approved it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any

from pos_desktop.domain.ids import Id
from pos_desktop.domain.money import Cents


class Act(Enum):
    """What was done; the value is the word of the journal."""

    NO_SALE = "drawer opened"
    """The drawer was opened without a sale."""
    LINE_VOID = "line void"
    CART_VOID = "cart void"
    LOWERED = "quantity lowered"
    PAYMENT_UNDONE = "payment undone"
    PRICE_SET = "price set"
    LINE_DISCOUNT = "line discount"
    CART_DISCOUNT = "cart discount"
    RETURNED = "return without receipt"
    ON_CREDIT = "credit over limit"
    NEW_ITEM = "item added"
    """An item was added to the catalogue at the till, while a customer waited."""
    REPRINT = "reprint"
    RECOUNT = "drawer counted"
    """A count was thrown away: the drawer was counted once more."""
    WRONG_PIN = "sign in failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class ActTotal:
    """How often somebody did something, and what it took off the sales in cents.

    Negative where a customer owes more by it.
    """

    act: Act
    by: Id | None
    approved_by: Id | None
    count: int
    amount_cents: Cents = 0

    def as_plain(self) -> dict[str, Any]:
        """Return it as plain values; this is how it is kept with each X and Z for ever."""
        return {
            "act": self.act.value,
            "by": self.by,
            "approved_by": self.approved_by,
            "count": self.count,
            "amount_cents": self.amount_cents,
        }
