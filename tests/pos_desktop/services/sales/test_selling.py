"""Selling: what a basket costs is reckoned once for each state of it."""

from __future__ import annotations

from datetime import date

import pytest

from pos_desktop.domain.basket import Basket
from pos_desktop.domain.pricing import Priced, price
from pos_desktop.domain.tax import TaxTable
from pos_desktop.services.sales import selling
from pos_desktop.shop import Shop


@pytest.fixture
def reckoned(monkeypatch: pytest.MonkeyPatch) -> list[Basket]:
    baskets: list[Basket] = []

    def counted(basket: Basket, taxes: TaxTable, on: date) -> Priced:
        baskets.append(basket)
        return price(basket, taxes, on)

    monkeypatch.setattr(selling, "price", counted)
    return baskets


def test_a_basket_is_priced_once_however_often_it_is_asked(
    selling_shop: Shop, reckoned: list[Basket]
) -> None:
    till = selling_shop.till
    till.sell("MILK")
    first = till.priced()
    assert till.priced() is first
    assert len(reckoned) == 1
    till.sell("TOM")
    assert till.priced().totals.gross_cents > first.totals.gross_cents
    assert len(reckoned) == 2


def test_another_business_day_has_its_own_price(selling_shop: Shop, reckoned: list[Basket]) -> None:
    till = selling_shop.till
    till.sell("MILK")
    for day in ("2099-01-01", "2099-01-01", "2099-01-02"):
        selling_shop.selling.price(till.state.basket, day)
    assert len(reckoned) == 3
