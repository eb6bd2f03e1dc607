"""Labels of packs at the till: the catalogue first, then the shop's patterns."""

from __future__ import annotations

import pytest

from pos_desktop import settings
from pos_desktop.domain.errors import Refused
from pos_desktop.services.products.catalogue import UnknownCode
from pos_desktop.shop import Shop
from tests.pos_desktop.conftest import add_product
from tests.pos_desktop.domain.test_pack_labels import PRICE, WEIGHT, printed
from tests.pos_desktop.services.play import play


@pytest.fixture
def weighing_shop(selling_shop: Shop) -> Shop:
    """The shop with two patterns, and onions whose item code is 00123."""
    add_product(selling_shop, "123", "Onions", 80_00, by_weight=1, unit="kg")
    _set(selling_shop, f"{WEIGHT} {PRICE}")
    return selling_shop


def _set(shop: Shop, patterns: str) -> None:
    shop.configuration.set(settings.LABEL_PATTERNS, patterns, shop.books, actor=None)


def test_weight_and_price_labels_are_sold_and_recorded(weighing_shop: Shop) -> None:
    weight, price = printed(WEIGHT, "123", 1_250), printed(PRICE, "123", 45)
    assert play(weighing_shop, weight).quantity == 1_250
    reply = play(weighing_shop, weight, price, "pay cash")
    sold = weighing_shop.selling.find(reply.receipt).sale
    assert [(line.quantity, line.full_cents) for line in sold.lines] == [
        (1_250, 100_00), (1_250, 100_00), (563, 45_00),
    ]  # fmt: skip
    assert weighing_shop.database.value("SELECT sum(quantity) FROM stock_level") == -3_063


def test_a_product_of_that_very_code_comes_first(weighing_shop: Shop) -> None:
    label = printed(WEIGHT, "123", 500)
    add_product(weighing_shop, "BASKET", "Gift basket", 900_00, barcode=label)
    play(weighing_shop, label)
    assert weighing_shop.till.state.basket.line().item.name == "Gift basket"


def test_items_are_found_by_code_with_and_without_zeros_and_by_family(weighing_shop: Shop) -> None:
    family = printed(WEIGHT, "777", 0)
    add_product(weighing_shop, "BEEF", "Beef", 700_00, barcode=family, by_weight=1)
    add_product(weighing_shop, "00045", "Fish", 500_00, by_weight=1)
    for number, name in (("777", "Beef"), ("45", "Fish"), ("123", "Onions")):
        assert weighing_shop.catalogue.sold(printed(WEIGHT, number, 500)).item.name == name


def test_a_quantity_before_a_label_is_refused(weighing_shop: Shop) -> None:
    label = printed(WEIGHT, "123", 500)
    for typed in (f"2*{label}", f"0.5*{label}"):
        with pytest.raises(Refused, match="scan each label"):
            play(weighing_shop, typed)
    assert not weighing_shop.till.state.basket.lines


def test_labels_that_sell_nothing_say_why(weighing_shop: Shop) -> None:
    add_product(weighing_shop, "200", "Bun", 20_00)
    add_product(weighing_shop, "201", "Old cheese", 20_00, active=0, by_weight=1)
    misread = printed(WEIGHT, "123", 500)[:-1]
    misread += str((int(printed(WEIGHT, "123", 500)[-1]) + 1) % 10)
    for code, words in (
        (printed(WEIGHT, "200", 500), "not sold by weight"),
        (printed(WEIGHT, "201", 500), "no longer sold"),
        (printed(WEIGHT, "999", 500), "item 00999"),
        (printed(WEIGHT, "123", 0), "says zero"),
        (misread, "scan it again"),
    ):
        with pytest.raises(Refused, match=words):
            play(weighing_shop, code)
    with pytest.raises(UnknownCode):
        play(weighing_shop, "2200123005003")
    _set(weighing_shop, "")
    with pytest.raises(UnknownCode):
        play(weighing_shop, printed(WEIGHT, "123", 500))


def test_a_scanner_that_leaves_the_first_zero_out_is_understood(weighing_shop: Shop) -> None:
    _set(weighing_shop, "02IIIIIWWwwwC")
    code = printed("02IIIIIWWwwwC", "123", 500)
    assert weighing_shop.catalogue.sold(code[1:]).quantity == 500


def test_a_price_check_tells_of_the_pack(weighing_shop: Shop) -> None:
    reply = play(weighing_shop, f"?{printed(PRICE, '123', 45)}")
    assert reply.message == "Onions: 80.00, in stock 0, this pack 0.563 for 45.00"
    assert reply.tag is not None
    assert reply.tag.sold.label_cents == 45_00
    assert "pack" not in play(weighing_shop, "?123").message


def test_wrong_patterns_are_refused_and_the_old_ones_stay(weighing_shop: Shop) -> None:
    with pytest.raises(Refused, match="20IIIII is no pattern of labels: it needs W"):
        _set(weighing_shop, "20IIIII")
    assert weighing_shop.configuration.get(settings.LABEL_PATTERNS) == f"{WEIGHT} {PRICE}"
