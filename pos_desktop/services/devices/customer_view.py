"""What a customer is to see at the till now, as plain values, for whatever shows it.

Nothing of a person is in it: no name, no phone, no account.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from pos_desktop.domain.money import Cents
from pos_desktop.domain.pricing import Priced, PricedLine, Totals
from pos_desktop.domain.tender import Payment


class Phase(Enum):
    """Where the till is with its customer."""

    CLOSED = "closed"
    """Nobody sells here now."""
    BETWEEN = "between"
    """The next customer may come."""
    BUYING = "buying"
    """Lines are scanned, or goods come back."""
    PAYING = "paying"
    """Money is asked for, or a part of it is there."""
    PAID = "paid"
    """It is paid; the change is to be read."""


_NOTHING = Priced(lines=(), totals=Totals(), bands=())
_NOT_BEGUN = Payment(due_cents=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerView:
    """A moment at the till, as a customer may see it."""

    phase: Phase
    priced: Priced = _NOTHING
    lines: tuple[PricedLine, ...] = ()
    """All lines; those that come back are among them, with negative amounts."""
    payment: Payment = _NOT_BEGUN
    key: int | None = None
    """The line that was scanned or changed last."""
    returned_cents: Cents = 0
    """What comes back in the same go is worth so much."""
