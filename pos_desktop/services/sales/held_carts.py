"""Open and held carts on disk: an open one survives a crash, a held one waits for its customer."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from pos_desktop.domain.basket import Basket
from pos_desktop.domain.basket_json import basket_from_json, basket_to_json
from pos_desktop.domain.country import written_time
from pos_desktop.domain.errors import Refused
from pos_desktop.domain.ids import Id
from pos_desktop.domain.payment_json import payment_from_json, payment_to_json
from pos_desktop.domain.tender import Payment
from pos_desktop.domain.text import _
from pos_desktop.services.configuration import Configuration
from pos_desktop.services.mpesa.sale_payments import SalePayments
from pos_desktop.services.paper.print_queue import PrintQueue
from pos_desktop.services.people.sign_in import Person
from pos_desktop.services.sales.notes import Note, write_notes
from pos_desktop.storage import carts, sales
from pos_desktop.storage.books import Books
from pos_desktop.storage.carts import StoredCart
from pos_desktop.storage.database import ShopDatabase
from pos_desktop.storage.moments import from_stored, to_stored

log = logging.getLogger(__name__)

MOST_HELD = 20


@dataclass(frozen=True, slots=True)
class HeldCart:
    """A cart on disk, with the label by which people know it and what is paid of it."""

    id: Id
    label: str
    basket: Basket
    payment: Payment | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenCart:
    """The cart at the till as it is to be kept, with the notes that are not in the journal yet."""

    id: Id
    basket: Basket
    person: Person | None
    payment: Payment | None = None
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class KeepOpen:
    """The write that keeps an open cart as it is now, to be run later.

    Of several for one cart only the last matters: `replaces` tells whoever runs them late. It
    carries every note that was not written when it was made, so that none goes with an older one.
    """

    carts: HeldCarts
    cart: OpenCart

    @property
    def replaces(self) -> Id:
        """The cart whose older state need not be written any more."""
        return self.cart.id

    def __call__(self) -> None:
        """Write it."""
        self.carts.keep_open(self.cart)


class HeldCarts:
    """Keeps this till's carts."""

    def __init__(
        self,
        database: ShopDatabase,
        books: Books,
        configuration: Configuration,
        print_queue: PrintQueue,
        mpesa: SalePayments,
    ) -> None:
        self._database = database
        self._books = books
        self._print_queue = print_queue
        self._configuration = configuration
        self._mpesa = mpesa

    def keep_open(self, cart: OpenCart) -> None:
        """Keep the open cart as it is now, with its notes; an empty one is forgotten."""
        with self._database.write():
            if not cart.basket.is_empty:
                self._put(carts.OPEN, "", cart)
            else:
                carts.remove(self._database, cart.id)
                self._mpesa.let_go(cart.id)
            write_notes(self._database, self._books, self._print_queue, cart.notes)

    def hold(self, cart: OpenCart, name: str | None) -> HeldCart:
        """Put a cart aside under a name, or under its time and first item."""
        with self._database.write():
            if len(carts.find(self._database, self._till, carts.HELD)) >= MOST_HELD:
                raise Refused(_("Too many sales are on hold; finish one of them first."))
            label = name or self._label(cart.basket)
            self._put(carts.HELD, label, cart)
            write_notes(self._database, self._books, self._print_queue, cart.notes)
        return HeldCart(cart.id, label, cart.basket, cart.payment)

    def held(self) -> list[HeldCart]:
        """Return the carts on hold, the newest first."""
        found = carts.find(self._database, self._till, carts.HELD)
        return [held for cart in reversed(found) if (held := self._read(cart))]

    def on_hold(self, name: str | None) -> HeldCart:
        """Return a held cart by its name or id, or the newest; raise Refused where there is none.

        It stays on hold.
        """
        held = self.held()
        chosen = [c for c in held if name is None or name in (c.label, c.id)]
        chosen = chosen or [c for c in held if name and name.lower() in c.label.lower()]
        if not chosen:
            raise Refused(_("No such sale is on hold; F6 lists those that are."))
        return chosen[0]

    def reopen(self, cart: HeldCart) -> HeldCart:
        """Return a held cart that is open from now on.

        Raises Refused where it was taken up meanwhile, also where it is on hold again: what is in
        it now was not priced.
        """
        with self._database.write():
            if cart not in self.held():
                raise Refused(_("Another till has taken this sale up; F6 lists those on hold."))
            carts.reopen(self._database, cart.id, at=to_stored(self._books.now()))
        return cart

    def left_open(self) -> HeldCart | None:
        """Return the cart that was open when the program ended, or None.

        Where several were, those before the newest are put on hold: nothing that was scanned is
        lost, and nothing is sold unseen. One that another program has sold meanwhile is gone.
        """
        self._mpesa.found_at_start()
        stored = carts.find(self._database, self._till, carts.OPEN)
        found = [cart for one in stored if not self._is_sold(one) and (cart := self._read(one))]
        for older in found[:-1]:
            self.put_aside(older)
        return found[-1] if found else None

    def put_aside(self, cart: HeldCart) -> None:
        """Put a cart on hold that was open, whoever had it."""
        aside = OpenCart(id=cart.id, basket=cart.basket, person=None, payment=cart.payment)
        with self._database.write():
            self._put(carts.HELD, self._label(cart.basket), aside)

    def _is_sold(self, cart: StoredCart) -> bool:
        """Tell whether a cart became a sale; then it is forgotten."""
        if sales.receipt_of(self._database, cart.id) is None:
            return False
        with self._database.write():
            carts.remove(self._database, cart.id)
        return True

    @property
    def _till(self) -> Id:
        return self._books.node.till_id

    def _put(self, state: str, label: str, cart: OpenCart) -> None:
        stored = StoredCart(
            id=cart.id,
            state=state,
            label=label,
            staff_id=cart.person.id if cart.person else None,
            body=basket_to_json(cart.basket),
            changed_at=to_stored(self._books.now()),
            payment=payment_to_json(cart.payment) if cart.payment else None,
        )
        carts.put(self._database, stored, till_id=self._till)

    def _read(self, cart: StoredCart) -> HeldCart | None:
        """Return a cart, or None for one that this program cannot read; it stays on disk."""
        label = cart.label or str(from_stored(cart.changed_at))
        try:
            basket = basket_from_json(cart.body)
            rules = self._configuration.rounding
            payment = payment_from_json(cart.payment, rules) if cart.payment else None
        except Refused as error:
            log.warning("the cart %s cannot be read: %s", cart.id, error)
            return None
        return HeldCart(cart.id, label, basket, payment)

    def _label(self, basket: Basket) -> str:
        names = [line.item.name for line in basket.lines]
        names += [line.name for line in basket.returns.lines] if basket.returns else []
        first, *others = names
        more = f" +{len(others)}" if others else ""
        return f"{written_time(self._configuration.now)} · {first}{more}"
