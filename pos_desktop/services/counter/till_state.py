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
from pos_desktop.services.sales.held_carts import HeldCart, KeepOpen, OpenCart
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

    @property
    def unwritten(self) -> tuple[Note, ...]:
        """The notes of which nobody has said yet that they are on disk."""
        return tuple(note for note in self.notes if not note.written)

    def open_cart(self) -> OpenCart | None:
        """Return the cart as it is to be kept; None where nothing is in it."""
        if self.basket.is_empty or self.cart_id is None:
            return None
        return OpenCart(
            id=self.cart_id,
            basket=self.basket,
            person=self.person,
            payment=self.payment,
            notes=self.unwritten,
        )

    def take_up(self, cart: HeldCart) -> HeldCart:
        """Make a cart that lay on disk the open one."""
        self.cart_id, self.basket, self.payment = cart.id, cart.basket, cart.payment
        return cart

    def new_cart(self) -> None:
        """Be ready for the next customer."""
        self.basket, self.cart_id, self.payment = Basket(), None, None
