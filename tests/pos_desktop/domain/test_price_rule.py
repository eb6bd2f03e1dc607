"""New prices by a rule: exact, rounded to what a shop writes on a shelf, and warned of."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_desktop.domain.errors import Refused
from pos_desktop.domain.ids import Id
from pos_desktop.domain.margin import margin, net_price, price_for_margin
from pos_desktop.domain.money import LARGEST_AMOUNT
from pos_desktop.domain.price_rule import (
    PRICE_ENDINGS,
    PricedProduct,
    PriceRule,
    PriceWarning,
    PriceWay,
    price_row,
    warning_words,
)


@pytest.mark.parametrize(
    ("ending", "price", "found"),
    [
        ("cent", 123_45, 123_45),
        ("1", 123_49, 123_00),
        ("1", 123_50, 124_00),
        ("5", 122_50, 125_00),
        ("5", 122_49, 120_00),
        ("10", 124_99, 120_00),
        (".99", 123_10, 122_99),
        (".99", 123_49, 123_99),
        (".99", 10, 99),
        ("9", 123_00, 119_00),
        ("9", 124_00, 129_00),
        ("99", 140_00, 99_00),
        ("99", 149_00, 199_00),
        ("99", 0, 99_00),
    ],
)
def test_a_price_gets_the_nearest_ending(ending: str, price: int, found: int) -> None:
    assert PRICE_ENDINGS[ending].of(price) == found


@given(st.sampled_from([*PRICE_ENDINGS]), st.integers(0, LARGEST_AMOUNT))
def test_an_ending_is_right_and_near(ending: str, price: int) -> None:
    rule = PRICE_ENDINGS[ending]
    found = rule.of(price)
    assert found >= 0
    assert (found - rule.ending) % rule.step == 0
    assert abs(found - price) * 2 <= rule.step or found == rule.ending
    assert rule.of(found) == found


@pytest.mark.parametrize(
    ("way", "value", "found"),
    [
        (PriceWay.PERCENT, 10_00, 110_00),
        (PriceWay.PERCENT, -12_50, 87_50),
        (PriceWay.PERCENT, 33, 100_33),
        (PriceWay.AMOUNT, 7_25, 107_25),
        (PriceWay.AMOUNT, -150_00, 0),
        (PriceWay.MARGIN, 0, 69_60),
        (PriceWay.MARGIN, 25_00, 92_80),
    ],
)
def test_each_way_leads_to_its_price(way: PriceWay, value: int, found: int) -> None:
    assert PriceRule(way=way, value=value, ending="cent").price(100_00, 60_00, 16_00) == found


@given(st.integers(1, 10_000_00), st.integers(0, 95_00), st.sampled_from([0, 8_00, 16_00]))
def test_a_price_for_a_margin_leaves_it(cost: int, share: int, rate: int) -> None:
    price = price_for_margin(cost, share, rate)
    assert abs((net_price(price, rate) - cost) * 100_00 - share * net_price(price, rate)) <= 200_00


def test_a_margin_is_of_the_price_without_its_tax() -> None:
    assert margin(116_00, 75_00, 16_00) == 25_00
    assert margin(100_00, 125_00, 0) == -25_00
    assert margin(116_00, None, 16_00) is None
    assert margin(0, 75_00, 16_00) is None


def product(price: int, cost: int | None) -> PricedProduct:
    return PricedProduct(
        product_id=Id("1"), ver=1, code="S1", name="Soap", price_cents=price, cost_cents=cost,
        tax_band="B",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "cost", "new", "warnings"),
    [
        (PriceRule(way=PriceWay.PERCENT, value=10_00), 60_00, 110_00, []),
        (PriceRule(way=PriceWay.PERCENT, value=10_00), None, 110_00, []),
        (PriceRule(way=PriceWay.PERCENT, value=-50_00), 60_00, 50_00, [PriceWarning.BELOW_COST]),
        (PriceRule(way=PriceWay.AMOUNT, value=-31_00), 60_00, 69_00, [PriceWarning.BELOW_COST]),
        (PriceRule(way=PriceWay.AMOUNT, value=-100_00), 60_00, 0, [PriceWarning.ZERO]),
        (PriceRule(way=PriceWay.MARGIN, value=20_00), None, 100_00, [PriceWarning.NO_PRICE]),
        (PriceRule(way=PriceWay.MARGIN, value=20_00), 0, 100_00, [PriceWarning.NO_PRICE]),
        (
            PriceRule(way=PriceWay.AMOUNT, value=LARGEST_AMOUNT),
            60_00,
            100_00,
            [PriceWarning.NO_PRICE],
        ),
    ],
)
def test_what_a_person_should_look_at_is_said(
    rule: PriceRule, cost: int | None, new: int, warnings: list[PriceWarning]
) -> None:
    row = price_row(rule, product(100_00, cost), 16_00)
    assert (row.new_cents, list(row.warnings)) == (new, warnings)
    assert row.difference_cents == new - 100_00
    assert all(warning_words(one) for one in warnings)


@pytest.mark.parametrize(
    ("way", "value", "ending"),
    [
        (PriceWay.PERCENT, -100_00, "1"),
        (PriceWay.PERCENT, 1000_01, "1"),
        (PriceWay.MARGIN, -1, "1"),
        (PriceWay.MARGIN, 95_01, "1"),
        (PriceWay.AMOUNT, LARGEST_AMOUNT + 1, "1"),
        (PriceWay.AMOUNT, 1, "7"),
    ],
)
def test_a_rule_that_no_shop_means_is_refused(way: PriceWay, value: int, ending: str) -> None:
    with pytest.raises(Refused):
        PriceRule(way=way, value=value, ending=ending)


def test_a_rule_is_the_same_from_plain_values() -> None:
    rule = PriceRule(way=PriceWay.MARGIN, value=20_00, ending=".99")
    assert PriceRule.from_plain(rule.as_plain()) == rule
