"""What the till holds between two commands, and how its open cart is written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from pos_desktop.domain.basket import Basket
from pos_desktop.domain.errors import Refused
from pos_desktop.domain.ids import Id
from pos_desktop.domain.shift import Shift
from pos_desktop.domain.tender import Payment
from pos_desktop.services.people.sign_in import Person
from pos_desktop.services.sales.held_carts import KeepOpen
from pos_desktop.services.sales.notes import Note

Later = Callable[[KeepOpen], None]
"""Takes the write of an open cart that nobody waits for."""


def at_once(write: KeepOpen) -> None:
    """Write now: what cannot be written is refused, and the till stays as it was."""
    write()


class PartlyPaid(Refused):
    """A part of this sale is paid; finish it, or give the money back first."""


class NothingToPay(Refused):
    """There is nothing to pay; scan a product first."""


@dataclass
class TillState:
    """What the till holds between two commands, and how its open cart is written."""

    person: Person | None = None
    shift: Shift | None = None
    basket: Basket = field(default_factory=Basket)
    cart_id: Id | None = None
    payment: Payment | None = None
    notes: tuple[Note, ...] = ()
    """Controlled changes that are not in the journal yet, as far as the till knows."""
