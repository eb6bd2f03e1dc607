"""The till without a screen: what is typed or scanned goes in, answers come out.

The sell screen and `posctl play` both drive this object, so that they cannot differ. It holds
who stands here and the open basket; rules live in the domain, writes in the other services.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from pos_desktop import settings
from pos_desktop.domain.basket import Basket, Item
from pos_desktop.domain.errors import Refused
from pos_desktop.domain.ids import Id
from pos_desktop.domain.money import Cents
from pos_desktop.domain.percent import BasisPoints
from pos_desktop.domain.pricing import Priced
from pos_desktop.domain.quantity import ONE, Thousandths
from pos_desktop.domain.staff import Permission, may_discount
from pos_desktop.domain.tender import Payment
from pos_desktop.domain.text import _
from pos_desktop.services.catalogue import Catalogue
from pos_desktop.services.closing import Closing
from pos_desktop.services.configuration import Configuration
from pos_desktop.services.held_carts import HeldCart, HeldCarts, KeepOpen
from pos_desktop.services.selling import Checkout, Selling
from pos_desktop.services.sign_in import NeedsApproval, Person, SignIn, require
from pos_desktop.storage.books import Books
from pos_desktop.storage.database import ShopDatabase
from pos_desktop.storage.sales import StoredSale
from pos_desktop.storage.shifts import Shift

Write = Callable[[], None]


@dataclass
class TillState:
    """What the till holds between two commands."""

    person: Person | None = None
    shift: Shift | None = None
    basket: Basket = field(default_factory=Basket)
    cart_id: Id | None = None
    payment: Payment | None = None


class Till:
    """Selling at one till.

    `later` runs a write that nobody waits for: at once in a play, on the database lane in the
    window. Commands that sell return when the sale is on disk.
    """

    def __init__(
        self,
        *,
        database: ShopDatabase,
        books: Books,
        configuration: Configuration,
        catalogue: Catalogue,
        sign_in: SignIn,
        closing: Closing,
        selling: Selling,
        carts: HeldCarts,
        later: Callable[[Write], None] = lambda write: write(),
    ) -> None:
        self.state = TillState()
        self.alone = True
        """Whether no other till has this shop open."""
        self._database = database
        self._books = books
        self._configuration = configuration
        self._catalogue = catalogue
        self._sign_in = sign_in
        self._closing = closing
        self._selling = selling
        self._carts = carts
        self._later = later

    @property
    def person(self) -> Person:
        """Who stands at the till; raise Refused where nobody has signed in."""
        return self._check_signed_in()

    @property
    def shift(self) -> Shift:
        """The open shift; raise Refused where there is none."""
        return self._check_shift()

    def _check_signed_in(self) -> Person:
        if self.state.person is None:
            raise Refused(_("Sign in first, with your name and PIN."))
        return self.state.person

    def _check_shift(self) -> Shift:
        if self.state.shift is None:
            raise Refused(_("Open a shift first, with the float that lies in the drawer."))
        return self.state.shift

    def priced(self) -> Priced:
        """Return what the basket costs."""
        day = self.state.shift.business_day if self.state.shift else self._closing.business_day()
        return self._selling.price(self.state.basket, day)

    def payment(self, priced: Priced | None = None) -> Payment:
        """Return the payment of the basket as far as it has come; `priced` saves pricing it."""
        due = (priced or self.priced()).totals.gross_cents
        if self.state.payment and self.state.payment.due_cents == due:
            return self.state.payment
        return Payment(due_cents=due, rules=self._configuration.rounding)

    def sign_in(self, login: str, pin: str) -> Person:
        """Sign a person in; the open cart stays, whoever comes."""
        person = self._sign_in.sign_in(login, pin)
        self._configuration.refresh()
        self.state.person = person
        self.state.shift = self._closing.current()
        return person

    def sign_out(self) -> None:
        """Sign the person out; the open cart stays on disk and on the till."""
        self._sign_in.sign_out(self.person)
        self.state.person = None

    def resume(self) -> bool:
        """Take up the cart that was open when the program ended; tell whether there was one.

        Beside another till there is none to take up: the open cart is being sold there.
        """
        cart = self._carts.left_open() if self.alone else None
        if cart is None:
            return False
        self.state.cart_id, self.state.basket = cart.id, cart.basket
        return True

    def sell(self, code: str, quantity: Thousandths | None = None) -> Item:
        """Put what a barcode or code names into the basket."""
        item = self._catalogue.item(code)
        self.sell_item(item, quantity)
        return item

    def sell_item(self, item: Item, quantity: Thousandths | None = None) -> None:
        """Put an item into the basket."""
        require(self.person, Permission.SELL)
        self._check_shift()
        merge = self._configuration.get(settings.MERGE_SAME_PRODUCT)
        self.change(self.state.basket.add(item, quantity or ONE, merge=merge))

    def set_quantity(self, quantity: Thousandths) -> None:
        """Set how much of the selected line is sold; less than before is recorded as a void."""
        line = self.state.basket.line()
        basket = self.state.basket.set_quantity(quantity)
        if quantity < line.quantity:
            require(self.person, Permission.VOID)
            self._change_noted("quantity lowered", basket, None)
        else:
            self.change(basket)

    def one_less(self) -> None:
        """Take one off the selected line; it is recorded who did."""
        require(self.person, Permission.VOID)
        self._change_noted("quantity lowered", self.state.basket.one_less(), None)

    def select(self, key: int) -> None:
        """Make a line the one that the next command is about."""
        self.state.basket = self.state.basket.select(key)

    def discount_line(self, share: BasisPoints, approver: Person | None = None) -> None:
        """Discount the selected line; above the role's ceiling somebody must approve."""
        self._check_discount(share, approver)
        self._change_noted("line discount", self.state.basket.discount_line(share), approver)

    def discount_cart(self, share: BasisPoints, approver: Person | None = None) -> None:
        """Discount the cart; above the role's ceiling somebody must approve."""
        self._check_discount(share, approver)
        self._change_noted("cart discount", self.state.basket.discount_cart(share), approver)

    def set_price(self, price_cents: Cents, approver: Person | None = None) -> None:
        """Set the price of the selected line; needs permission."""
        require(self.person, Permission.SET_PRICE, approver)
        self._change_noted("price set", self.state.basket.set_price(price_cents), approver)

    def void_line(self, key: int | None = None, approver: Person | None = None) -> None:
        """Take a line out; it is recorded who did."""
        require(self.person, Permission.VOID, approver)
        self._change_noted("line void", self.state.basket.remove(key), approver)

    def clear(self, approver: Person | None = None) -> None:
        """Take all lines out; it is recorded who did."""
        require(self.person, Permission.VOID, approver)
        if self.state.basket.lines:
            self._change_noted("cart void", Basket(), approver)
        self._new_cart()

    def change(self, basket: Basket) -> None:
        """Make this the open basket, and keep it on disk in a moment."""
        if self.state.cart_id is None:
            self.state.cart_id = self._books.new_id()
        self.state.basket = basket
        self.state.payment = None
        self._later(KeepOpen(self._carts, self.state.cart_id, basket, self.state.person))

    def hold(self, name: str | None = None) -> HeldCart:
        """Put the open cart aside."""
        if not self.state.basket.lines or self.state.cart_id is None:
            raise Refused(_("There is nothing to hold; scan a product first."))
        if self.state.payment and self.state.payment.tenders:
            raise Refused(
                _("A part of this sale is paid; finish it, or give the money back first.")
            )
        held = self._carts.hold(self.state.cart_id, self.state.basket, self.person, name)
        self._new_cart()
        return held

    def recall(self, name: str | None = None) -> HeldCart:
        """Take a held cart up again; an open one with lines must be held or finished first."""
        self._check_signed_in()
        if self.state.basket.lines:
            raise Refused(_("Finish or hold the open sale first."))
        cart = self._carts.recall(name)
        self._new_cart()
        self.state.cart_id, self.state.basket = cart.id, cart.basket
        return cart

    def pay(self, payment: Payment) -> Checkout | None:
        """Take a payment's next state; return the checkout when it is finished, else None.

        The till is then ready for the next customer, and the checkout waits to be recorded.
        """
        if not self.state.basket.lines:
            raise Refused(_("There is nothing to pay; scan a product first."))
        checkout = Checkout(
            basket=self.state.basket,
            payment=payment,
            person=self.person,
            shift=self.shift,
            cart_id=self.state.cart_id,
        )
        if not payment.finished:
            self.state.payment = payment
            return None
        self._new_cart()
        return checkout

    def record(self, checkout: Checkout) -> StoredSale:
        """Record a paid basket; when this returns, the sale is on disk."""
        return self._selling.complete(checkout)

    def take_back(self, checkout: Checkout) -> None:
        """Bring a checkout back that could not be recorded: nothing was paid, nothing is lost."""
        if self.state.basket.lines and self.state.cart_id:
            self._carts.hold(self.state.cart_id, self.state.basket, checkout.person, None)
        self.state.cart_id, self.state.basket = checkout.cart_id, checkout.basket
        self.state.payment = None

    def _new_cart(self) -> None:
        self.state.basket, self.state.cart_id, self.state.payment = Basket(), None, None

    def _check_discount(self, share: BasisPoints, approver: Person | None) -> None:
        people = [one for one in (self.person, approver) if one]
        if not any(may_discount(one.role, share) for one in people):
            raise NeedsApproval(Permission.DISCOUNT_OVER_CEILING)

    def _change_noted(self, kind: str, basket: Basket, approver: Person | None) -> None:
        before, person = self.state.basket, self.person
        detail = _difference(before, basket)
        self.change(basket)
        self._later(lambda: self._note(kind, person, approver, detail))

    def _note(
        self, kind: str, person: Person, approver: Person | None, detail: dict[str, Any]
    ) -> None:
        with self._database.write():
            self._books.note(
                kind,
                actor_id=person.id,
                approver_id=approver.id if approver else None,
                detail=detail,
            )


def _difference(before: Basket, after: Basket) -> dict[str, Any]:
    """Say what a controlled change did, by product and amount."""
    old = {line.key: line for line in before.lines}
    new = {line.key: line for line in after.lines}
    changed = [key for key in old if old[key] != new.get(key)]
    lines = [
        {
            "product": old[key].item.product_id,
            "quantity": old[key].quantity,
            "price_cents": old[key].price_cents,
            **(
                {"new_price_cents": new[key].price_cents, "discount_bp": new[key].discount_bp}
                if key in new
                else {}
            ),
        }
        for key in changed
    ]
    if after.cart_discount_bp != before.cart_discount_bp:
        return {"cart_discount_bp": after.cart_discount_bp, "lines": lines}
    return {"lines": lines}
