"""What the till holds between two commands."""

from __future__ import annotations

from dataclasses import dataclass, field

from pos_desktop.domain.basket import Basket
from pos_desktop.domain.errors import Refused
from pos_desktop.domain.ids import Id
from pos_desktop.domain.shift import Shift
from pos_desktop.domain.tender import Payment
from pos_desktop.services.notes import Note
from pos_desktop.services.sign_in import Person


class PartlyPaid(Refused):
    """A part of this sale is paid; finish it, or give the money back first."""


@dataclass
class TillState:
    """What the till holds between two commands."""

    person: Person | None = None
    shift: Shift | None = None
    basket: Basket = field(default_factory=Basket)
    cart_id: Id | None = None
    payment: Payment | None = None
    notes: tuple[Note, ...] = ()
    """Controlled changes that are not in the journal yet, as far as the till knows."""
