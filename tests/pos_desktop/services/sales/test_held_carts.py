"""Held carts: what was on hold is taken up as it was when its price was told, or not at all."""

from __future__ import annotations

import pytest

from pos_desktop.domain.errors import Refused
from pos_desktop.shop import Shop
from tests.pos_desktop.services.play import play


def test_a_cart_that_changed_between_its_price_and_its_opening_stays_on_hold(
    selling_shop: Shop,
) -> None:
    play(selling_shop, "MILK", "hold")
    priced = selling_shop.carts.on_hold(None)
    play(selling_shop, "recall", "5*MILK", "hold")
    (changed,) = selling_shop.carts.held()
    assert changed.id == priced.id
    with pytest.raises(Refused, match="F6 lists those on hold"):
        selling_shop.carts.reopen(priced)
    assert selling_shop.carts.held() == [changed]
    assert selling_shop.carts.reopen(changed) == changed
