"""Items and random baskets for the tests of the domain."""

from __future__ import annotations

from datetime import date

from hypothesis import strategies as st

from pos_desktop.domain.basket import Basket, Item
from pos_desktop.domain.pricing import Priced, price
from pos_desktop.domain.quantity import ONE
from pos_desktop.domain.tax import TaxTable

DAY = date(2026, 11, 24)
TAXES = TaxTable()
PRICES = st.integers(0, 10_000_000)
SHARES = st.one_of(st.just(0), st.integers(0, 10_000))


def item(name: str = "Milk 500 ml", price_cents: int = 65_00, **more: object) -> Item:
    """Return an item that is sold by the piece in band B unless told otherwise."""
    values: dict[str, object] = {"product_id": name, "code": name[:4].upper(), "name": name}
    return Item(**values | {"price_cents": price_cents} | more)  # type: ignore[arg-type]


@st.composite
def items(draw: st.DrawFn) -> Item:
    return item(
        name=draw(st.sampled_from(["Milk", "Bread", "Sugar", "Tomatoes", "Paraffin"])),
        price_cents=draw(PRICES),
        tax_band=draw(st.sampled_from("ABCDE")),
        by_weight=draw(st.booleans()),
        cost_cents=draw(st.none() | PRICES),
    )


@st.composite
def baskets(draw: st.DrawFn, at_least: int = 1) -> Basket:
    """Return baskets with every kind of line and discount, all within the limits."""
    basket = Basket()
    for one in draw(st.lists(items(), min_size=at_least, max_size=8)):
        quantity = draw(st.integers(1, 20_000) if one.by_weight else st.integers(1, 90))
        label = draw(st.none() | PRICES) if one.by_weight else None
        basket = basket.add(
            one, quantity if one.by_weight else quantity * ONE, label_cents=label
        ).discount_line(draw(SHARES))
        if draw(st.integers(0, 9)) == 0:
            basket = basket.set_price(draw(PRICES))
    return basket.discount_cart(draw(SHARES))


def priced(basket: Basket) -> Priced:
    return price(basket, TAXES, DAY)
