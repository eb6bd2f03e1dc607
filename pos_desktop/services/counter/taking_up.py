"""A cart that was put aside or left open is taken up again, once it is known what it costs.

The till prices its cart at every change, so that one without a price, as where the rate of a tax
band is gone, would leave it unable to do anything. Such a cart stays on hold, and is told of.
"""

from __future__ import annotations

from collections.abc import Callable

from pos_desktop.domain.basket import Basket
from pos_desktop.domain.errors import Refused
from pos_desktop.domain.money import Cents
from pos_desktop.domain.pricing import Priced
from pos_desktop.domain.text import _, joined
from pos_desktop.services.counter.steps import Step, step
from pos_desktop.services.sales.held_carts import HeldCart, HeldCarts

Price = Callable[[Basket], Priced]
"""Says what a basket costs today, or raises Refused; in the till's thread."""
Take = Callable[[HeldCart], HeldCart]
"""Makes a cart the till's own."""


def held_one(carts: HeldCarts, name: str | None, price: Price, take: Take) -> Step[HeldCart]:
    """Take up a held cart by its name or id, or the newest.

    Raises Refused where there is none, and where it has no price: then it stays on hold.
    """

    def priced(cart: HeldCart) -> Step[HeldCart]:
        if (why := _without_price(cart, price)) is not None:
            raise why
        return step(lambda: carts.reopen(cart), take)

    return step(lambda: carts.on_hold(name), priced)


def left_open(carts: HeldCarts, price: Price, take: Take, *, alone: bool) -> Step[bool]:
    """Take up the cart that was open when the program ended; tell whether there was one.

    Beside another till there is none to take up: the open cart is being sold there. One that has
    no price is put on hold, and Refused raised.
    """

    def then(cart: HeldCart | None) -> bool | Step[bool]:
        if cart is None:
            return False
        if (why := _without_price(cart, price)) is not None:
            return _put_aside(carts, cart, why)
        take(cart)
        return True

    return step(lambda: carts.left_open() if alone else None, then)


def cost_of(cart: HeldCart, price: Price) -> Cents | None:
    """Return what a held cart costs, after every discount; None where it has no price."""
    try:
        return price(cart.basket).totals.gross_cents
    except Refused:
        return None


def _put_aside(carts: HeldCarts, cart: HeldCart, why: Refused) -> Step[bool]:
    def then(_done: None) -> bool:
        raise why

    return step(lambda: carts.put_aside(cart), then)


def _without_price(cart: HeldCart, price: Price) -> Refused | None:
    """Return why a cart has no price today; None for all but a few."""
    try:
        price(cart.basket)
    except Refused as why:
        return Refused(joined(" ", (_("The sale is on hold."), why.sentence)))
    return None
