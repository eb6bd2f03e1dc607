"""A basket keeps its lines, its selection and its limits."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_desktop.domain.basket import MOST_LINES, Basket
from pos_desktop.domain.basket_json import basket_from_json, basket_to_json
from pos_desktop.domain.errors import Refused
from pos_desktop.domain.money import LARGEST_AMOUNT
from pos_desktop.domain.quantity import LARGEST_QUANTITY, ONE
from pos_desktop.domain.returns import Returned, Returns
from tests.pos_desktop.domain.examples import baskets, item

MILK, BREAD = item("Milk"), item("Bread", 60_00)
TOMATOES = item("Tomatoes", 120_00, by_weight=True)


def test_the_same_product_again_counts_on_its_line_and_selects_it() -> None:
    basket = Basket().add(MILK).add(BREAD).add(MILK, 2000)
    assert [(line.item, line.quantity) for line in basket.lines] == [(MILK, 3000), (BREAD, 1000)]
    assert basket.selected == basket.lines[0].key


def test_without_merging_each_scan_is_a_line() -> None:
    basket = Basket().add(MILK, merge=False).add(MILK, merge=False)
    assert [line.quantity for line in basket.lines] == [1000, 1000]


@pytest.mark.parametrize(
    "touch",
    [
        lambda basket: basket.discount_line(1000),
        lambda basket: basket.set_price(50_00),
    ],
)
def test_a_line_with_its_own_price_or_discount_takes_no_more(
    touch: Callable[[Basket], Basket],
) -> None:
    basket = touch(Basket().add(MILK)).add(MILK)
    assert len(basket.lines) == 2
    assert basket.selected == basket.lines[1].key


def test_a_product_whose_price_changed_meanwhile_is_a_line_of_its_own() -> None:
    assert len(Basket().add(MILK).add(item("Milk", 70_00)).lines) == 2


def test_each_weighing_and_each_labelled_pack_is_a_line() -> None:
    basket = Basket().add(TOMATOES, 750).add(TOMATOES, 750).add(TOMATOES, 333, label_cents=40_00)
    assert [line.full_cents for line in basket.lines] == [90_00, 90_00, 40_00]
    assert basket.set_quantity(500).line().full_cents == 60_00


def test_part_of_a_piece_is_refused() -> None:
    with pytest.raises(Refused, match=r"Milk is sold by the piece: .* 2\*MILK"):
        Basket().add(MILK, 750)
    with pytest.raises(Refused):
        Basket().add(MILK).set_quantity(1500)


def test_one_less_ends_with_the_line() -> None:
    basket = Basket().add(BREAD).add(MILK, 2000).one_less()
    assert basket.line().quantity == 1000
    basket = basket.one_less()
    assert [line.item for line in basket.lines] == [BREAD]
    assert basket.line().item == BREAD
    basket = basket.one_less()
    assert (basket.lines, basket.selected) == ((), None)
    with pytest.raises(Refused, match="scan a product"):
        basket.one_less()


def test_one_less_of_a_weighed_line_takes_it_away() -> None:
    assert Basket().add(TOMATOES, 2750).one_less().lines == ()


def test_removing_selects_the_line_that_moves_up() -> None:
    basket = Basket().add(MILK).add(BREAD).add(TOMATOES)
    first, second, third = (line.key for line in basket.lines)
    assert basket.remove(second).selected == third
    assert basket.remove(third).selected == second
    assert basket.remove(first).selected == second
    assert basket.remove(first).select(third).remove(second).selected == third


@given(st.lists(st.sampled_from(["add", "less", "remove"]), max_size=30))
def test_a_key_is_never_used_again(steps: list[str]) -> None:
    basket, seen = Basket(), {0}
    for step in steps:
        if step == "add":
            basket = basket.add(MILK, merge=False)
            assert basket.selected not in seen
            seen.add(basket.selected or 0)
        elif basket.lines:
            basket = basket.one_less() if step == "less" else basket.remove()
        keys = [line.key for line in basket.lines]
        assert (basket.selected in keys) == bool(keys)


@pytest.mark.parametrize(
    "too_much",
    [
        lambda basket: basket.add(MILK, LARGEST_QUANTITY),
        lambda basket: basket.set_quantity(LARGEST_QUANTITY + 1000),
        lambda basket: basket.set_quantity(0),
        lambda basket: basket.set_price(LARGEST_AMOUNT + 1),
        lambda basket: basket.set_price(-1),
        lambda basket: basket.set_price(LARGEST_AMOUNT).set_quantity(2000),
        lambda basket: basket.set_price(LARGEST_AMOUNT).add(BREAD),
        lambda basket: basket.add(TOMATOES, label_cents=-1),
        lambda basket: basket.discount_line(10_001),
        lambda basket: basket.discount_cart(-1),
        lambda basket: basket.select(99),
        lambda basket: basket.with_buyer(buyer_pin="P1"),
    ],
)
def test_limits_are_refused(too_much: Callable[[Basket], Basket]) -> None:
    with pytest.raises(Refused):
        too_much(Basket().add(MILK))


def test_a_sale_has_a_largest_number_of_lines() -> None:
    basket = Basket()
    for _scan in range(MOST_LINES):
        basket = basket.add(MILK, merge=False)
    with pytest.raises(Refused, match="finish this one"):
        basket.add(BREAD)
    assert basket.add(MILK, merge=True).line().quantity == 2000


def test_a_buyer_is_set_and_taken_back() -> None:
    basket = Basket().with_buyer(buyer_pin="p051234567x", customer_id="c1")
    assert (basket.buyer_pin, basket.customer_id) == ("P051234567X", "c1")
    assert basket.with_buyer() == Basket()


@given(baskets(at_least=0))
def test_a_basket_survives_being_saved(basket: Basket) -> None:
    assert basket_from_json(json.loads(json.dumps(basket_to_json(basket)))) == basket


def test_a_saved_basket_may_hold_more_or_less_than_is_known() -> None:
    data = basket_to_json(Basket().add(MILK))
    data["added_later"] = data["lines"][0]["added_later"] = [1]
    del data["cart_discount_bp"], data["next_key"], data["lines"][0]["item"]["unit"]
    data["selected"] = 77
    assert basket_from_json(data) == Basket().add(MILK)


def test_a_saved_basket_with_two_lines_of_one_key_is_refused() -> None:
    data = basket_to_json(Basket().add(MILK))
    data["lines"] *= 2
    with pytest.raises(Refused, match="cannot be read"):
        basket_from_json(data)


def test_a_basket_of_a_newer_program_is_refused() -> None:
    with pytest.raises(Refused, match="update"):
        basket_from_json(basket_to_json(Basket()) | {"version": 2})


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)


@given(baskets(), st.data())
def test_a_damaged_basket_is_refused_or_whole(basket: Basket, data: st.DataObject) -> None:
    saved = basket_to_json(basket)
    place = data.draw(st.sampled_from([saved, saved["lines"][0], saved["lines"][0]["item"]]))
    place[data.draw(st.sampled_from(sorted(place)))] = data.draw(JSON)
    for damaged in (saved, data.draw(JSON)):
        try:
            restored = basket_from_json(damaged)
        except Refused:
            continue
        assert basket_from_json(basket_to_json(restored)) == restored


def _with_returns() -> Basket:
    back = Returned(
        key=2, no=1, product_id="m", code="M", name="Milk", unit="", quantity=ONE,
        price_cents=65_00, gross_cents=65_00,
    )  # fmt: skip
    sold = Basket().add(MILK)
    return sold.take_back(Returns(lines=(back, replace(back, key=3))))


def test_a_line_that_comes_back_is_selected_like_another_and_changed_by_none() -> None:
    basket = _with_returns()
    assert (basket.keys, basket.selected, basket.selected_return) == ((1, 2, 3), 3, 3)
    for change in (Basket.one_less, Basket.remove):
        with pytest.raises(Refused, match="comes back"):
            change(basket)
    assert basket.select(1).selected_return is None
    assert basket.select(2).selected_return == 2
    assert basket_from_json(basket_to_json(basket.select(2))).selected == 2


def test_what_the_customer_keeps_leaves_the_line_before_selected() -> None:
    basket = _with_returns().drop_return(3)
    assert (basket.keys, basket.selected) == ((1, 2), 2)
    assert basket.drop_return(2).selected == 1
    alone = _with_returns().remove(1)
    assert (alone.keys, alone.selected) == ((2, 3), 2)
    assert alone.drop_return(2).drop_return(3).selected is None
