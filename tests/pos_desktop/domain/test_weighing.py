"""Selling from the scale: tare, and one sale for one weighing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_desktop.domain.errors import Refused
from pos_desktop.domain.weighing import WeighedBefore, Weighing, net_weight, weigh
from tests.pos_desktop.domain.examples import item

TOMATOES = item("Tomatoes", 120_00, by_weight=True)
ONIONS = item("Onions", 80_00, by_weight=True)
weights = st.integers(0, 15_000)


@given(weights, weights)
def test_tare_is_subtracted_and_never_below_zero(shown: int, tare: int) -> None:
    net = net_weight(shown, tare)
    assert 0 <= net <= shown
    assert net == 0 or net + tare == shown
    if net:
        assert weigh(TOMATOES, shown, tare).net == net
    else:
        with pytest.raises(Refused):
            weigh(TOMATOES, shown, tare)


def test_what_is_not_weighed_is_refused_with_why() -> None:
    with pytest.raises(Refused, match="by the piece"):
        weigh(item("Milk"), 500)
    with pytest.raises(Refused, match="Nothing lies on the scale: put Tomatoes"):
        weigh(TOMATOES, 0)
    with pytest.raises(Refused, match=r"shows 0\.150 and the tare is 0\.200"):
        weigh(TOMATOES, 150, 200)
    assert weigh(TOMATOES, 150, -10).net == 150


def _sold(shown: int) -> WeighedBefore:
    return WeighedBefore(Weighing(item=TOMATOES, shown=shown, net=shown))


@given(weights, st.lists(weights, max_size=4), weights)
def test_the_same_product_waits_until_the_scale_has_shown_something_else(
    first: int, between: list[int], then: int
) -> None:
    rule = _sold(first)
    for shown in between:
        rule = rule.seen(shown)
    weighing = Weighing(item=TOMATOES, shown=then, net=then)
    if all(shown == first for shown in [*between, then]):
        with pytest.raises(Refused, match="sold already"):
            rule.check(weighing)
    else:
        rule.check(weighing)


def test_another_product_of_the_same_weight_is_weighed_at_once() -> None:
    _sold(500).check(weigh(ONIONS, 500))
    with pytest.raises(Refused):
        _sold(500).check(weigh(TOMATOES, 500))
    WeighedBefore().check(weigh(TOMATOES, 500))
