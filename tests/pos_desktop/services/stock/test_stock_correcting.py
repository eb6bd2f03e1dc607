"""Stock is corrected with a reason, and each product tells how its stock has moved."""

from __future__ import annotations

import pytest

from pos_desktop.domain.errors import Refused
from pos_desktop.domain.goods import STOCK_REASONS, reason_words
from pos_desktop.domain.ids import Id
from pos_desktop.services.people.acting import NeedsApproval
from pos_desktop.shop import Shop
from tests.pos_desktop.conftest import CASHIER, MANAGER, bad_books, person, product_id
from tests.pos_desktop.services.play import play


def test_stock_is_corrected_with_a_reason(selling_shop: Shop) -> None:
    manager = person(selling_shop, MANAGER)
    milk, tomatoes = product_id(selling_shop, "MILK"), product_id(selling_shop, "TOM")
    correct = selling_shop.goods.correcting.correct
    correct({milk: 10_000}, "found", actor=manager)
    moves = correct({milk: -2_000, tomatoes: -250}, "broken", " fell  down ", actor=manager)
    assert [(one.product_id, one.quantity, one.reason) for one in moves] == [
        (milk, -2_000, "broken"),
        (tomatoes, -250, "broken"),
    ]
    assert selling_shop.goods.products.card(milk).in_stock == 8_000
    row = selling_shop.database.row("SELECT * FROM stock_adjustment ORDER BY id DESC LIMIT 1")
    assert row is not None
    assert (row["note"], row["staff_id"]) == ("fell down", manager.id)
    assert row["business_day"] == selling_shop.closing.business_day()
    found = [(one.quantity, one.reason) for one in selling_shop.goods.correcting.corrections()]
    assert found == [(-2_000, "broken"), (-250, "broken"), (10_000, "found")]
    assert len(selling_shop.goods.correcting.corrections(1)) == 2
    assert bad_books(selling_shop) == set()


def test_a_correction_keeps_what_the_goods_had_cost(selling_shop: Shop) -> None:
    milk = product_id(selling_shop, "MILK")
    selling_shop.database.execute_sql("UPDATE product SET cost_cents = 4000")
    (move,) = selling_shop.goods.correcting.correct({milk: -1_000}, "expired", actor=None)
    assert move.cost_cents == 40_00


def test_a_product_tells_how_its_stock_has_moved(selling_shop: Shop) -> None:
    milk = product_id(selling_shop, "MILK")
    selling_shop.goods.correcting.correct({milk: 5_000}, "found", actor=None)
    play(selling_shop, "2*MILK", "pay cash")
    selling_shop.goods.correcting.correct({milk: -1_000}, "own use", actor=None)
    moves = selling_shop.goods.correcting.moves(milk)
    assert [(one.kind, one.quantity, one.reason) for one in moves] == [
        ("stock adjustment", -1_000, "own use"),
        ("sale", -2_000, ""),
        ("stock adjustment", 5_000, "found"),
    ]
    assert [one.quantity for one in selling_shop.goods.correcting.moves(milk, 1)] == [-1_000]


@pytest.mark.parametrize(
    ("reason", "change", "words"),
    [
        ("broken", 1_000, "only shrinks"),
        ("expired", 1_000, "only shrinks"),
        ("stolen", 1_000, "only shrinks"),
        ("own use", 1_000, "only shrinks"),
        ("found", -1_000, "only grows"),
        ("found", 0, "Nothing would change"),
        ("other", 1_000, "few words why"),
        ("eaten", -1_000, "Choose one of these reasons: broken, expired"),
        ("broken", -500, "counted by the piece"),
    ],
)
def test_what_cannot_be_is_refused(
    selling_shop: Shop, reason: str, change: int, words: str
) -> None:
    with pytest.raises(Refused, match=words):
        selling_shop.goods.correcting.correct(
            {product_id(selling_shop, "MILK"): change}, reason, actor=None
        )
    assert selling_shop.goods.correcting.corrections() == []


def test_what_is_not_in_the_catalogue_is_refused(selling_shop: Shop) -> None:
    with pytest.raises(Refused, match="removed from the catalogue"):
        selling_shop.goods.correcting.correct({Id("0" * 32): 1_000}, "found", actor=None)
    with pytest.raises(Refused, match="1 to 1000"):
        selling_shop.goods.correcting.correct({}, "found", actor=None)


def test_other_goes_either_way_with_words(selling_shop: Shop) -> None:
    milk = product_id(selling_shop, "MILK")
    for change in (3_000, -1_000):
        selling_shop.goods.correcting.correct(
            {milk: change}, "other", "moved from the store", actor=None
        )
    assert selling_shop.goods.products.card(milk).in_stock == 2_000


def test_a_cashier_may_not(selling_shop: Shop) -> None:
    cashier, milk = person(selling_shop, CASHIER), product_id(selling_shop, "MILK")
    with pytest.raises(NeedsApproval):
        selling_shop.goods.correcting.correct({milk: 1_000}, "found", actor=cashier)


def test_every_reason_has_a_word_for_people() -> None:
    assert [reason_words(key) for key in STOCK_REASONS] == [
        "broken",
        "expired",
        "stolen",
        "own use",
        "found",
        "other",
    ]
    assert reason_words("flooded") == "flooded"
