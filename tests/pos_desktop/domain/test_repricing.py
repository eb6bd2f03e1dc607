"""What of a basket that waited costs something else today, and the basket at today's prices."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pos_desktop.domain.basket import Basket, Item
from pos_desktop.domain.errors import Refused
from pos_desktop.domain.money import LARGEST_AMOUNT
from pos_desktop.domain.repricing import at_todays_prices, changed_prices

MILK = Item(product_id="m", code="P1", name="Milk", price_cents=65_00)
RICE = Item(product_id="r", code="P2", name="Rice", price_cents=240_00)
MEAT = Item(product_id="t", code="P3", name="Meat", price_cents=800_00, by_weight=True)
DEARER = {
    "m": replace(MILK, price_cents=70_00),
    "r": replace(RICE, price_cents=250_00),
    "t": replace(MEAT, price_cents=900_00),
}


def test_lines_take_todays_price_and_keep_their_discount() -> None:
    basket = Basket().add(MILK, 2000).discount_line(1000).add(RICE)
    today = {"m": DEARER["m"], "r": RICE}
    assert changed_prices(basket, today) == 1
    changed = at_todays_prices(basket, today)
    assert [line.price_cents for line in changed.lines] == [70_00, 240_00]
    assert changed.lines[0].discount_bp == 1000
    assert changed.lines[0].item == DEARER["m"]
    assert changed.selected == basket.selected
    assert changed_prices(changed, today) == 0


def test_one_product_on_two_lines_is_one_price() -> None:
    basket = Basket().add(MILK).discount_line(1000).add(MILK)
    assert len(basket.lines) == 2
    assert changed_prices(basket, DEARER) == 1


def test_a_price_set_by_hand_and_one_from_a_label_stay() -> None:
    basket = Basket().add(RICE).set_price(100_00).add(MEAT, 500, label_cents=412_00)
    assert changed_prices(basket, DEARER) == 0
    assert at_todays_prices(basket, DEARER) == basket


def test_a_product_that_is_gone_keeps_its_price() -> None:
    assert changed_prices(Basket().add(MILK), {}) == 0


def test_more_than_a_sale_may_come_to_is_refused() -> None:
    basket = Basket().add(MILK, 2000)
    with pytest.raises(Refused):
        at_todays_prices(basket, {"m": replace(MILK, price_cents=LARGEST_AMOUNT)})
