"""Many prices at once: what was seen is what is done, in chunks, and it can be taken back."""

from __future__ import annotations

import threading
from contextlib import closing
from dataclasses import replace
from typing import Any

import pytest

from pos_desktop.domain.errors import Refused
from pos_desktop.domain.price_rule import PriceRule, PriceWarning, PriceWay
from pos_desktop.domain.product import PriceSource, ProductChoice, ProductForm
from pos_desktop.domain.runs import RunState
from pos_desktop.domain.supplier import SupplierForm
from pos_desktop.services.people.acting import NeedsApproval
from pos_desktop.services.products.bulk_prices import AnotherPriceChange
from pos_desktop.services.products.price_preview import PricePreview
from pos_desktop.shop import Shop, open_shop
from pos_desktop.shop_locks import one_price_change, till_open
from pos_desktop.storage import price_runs
from tests.pos_desktop.conftest import CASHIER, MANAGER, bad_books, person, product_id
from tests.pos_desktop.services.play import play

TENTH_MORE = PriceRule(way=PriceWay.PERCENT, value=10_00, ending="5")


@pytest.fixture
def stocked(shop: Shop) -> Shop:
    """A shop with soap, milk, bread of known and unknown costs."""
    dairy = shop.goods.suppliers.add(SupplierForm(name="Dairy"), actor=None)
    for form in (
        ProductForm(name="Bread", price_cents=60_00, code="BR", category="Bakery", tax_band="A"),
        ProductForm(
            name="Milk", price_cents=65_00, cost_cents=60_00, code="MI", category="Dairy",
            tax_band="A", supplier_id=dairy.id,
        ),
        ProductForm(
            name="Soap", price_cents=120_00, cost_cents=90_00, code="SO", category="Household"
        ),
    ):  # fmt: skip
        shop.goods.products.add(form, actor=None)
    return shop


def price(shop: Shop, code: str) -> int:
    return shop.goods.products.card(product_id(shop, code)).form.price_cents


def new_prices(preview: PricePreview) -> dict[str, int]:
    return {row.product.code: row.new_cents for row in preview.rows}


def test_a_preview_tells_all_and_changes_nothing(stocked: Shop) -> None:
    preview = stocked.goods.prices.preview(ProductChoice(), TENTH_MORE, actor=None)
    assert new_prices(preview) == {"BR": 65_00, "MI": 70_00, "SO": 130_00}
    bread, milk, soap = preview.rows
    assert (bread.old_margin_bp, bread.margin_bp, bread.warnings) == (None, None, ())
    assert (milk.old_margin_bp, milk.margin_bp, milk.difference_cents) == (7_69, 14_29, 5_00)
    assert soap.old_margin_bp == 13_00
    assert price(stocked, "SO") == 120_00
    assert stocked.goods.prices.latest() == []


def test_goods_are_chosen_by_what_they_are_and_by_margin(stocked: Shop) -> None:
    (dairy,) = stocked.goods.suppliers.listed()
    by = stocked.goods.prices.preview
    assert [*new_prices(by(ProductChoice(category="Bakery"), TENTH_MORE, actor=None))] == ["BR"]
    assert [*new_prices(by(ProductChoice(supplier_id=dairy.id), TENTH_MORE, actor=None))] == ["MI"]
    assert [*new_prices(by(ProductChoice(text="soa"), TENTH_MORE, actor=None))] == ["SO"]
    assert [*new_prices(by(ProductChoice(), TENTH_MORE, margin_below=10_00, actor=None))] == ["MI"]
    assert [*new_prices(by(ProductChoice(), TENTH_MORE, margin_above=10_00, actor=None))] == ["SO"]


def test_a_bound_is_beyond_itself(stocked: Shop) -> None:
    """The margin of soap is 13 % and that of milk 7.69 %, both to the last hundredth."""

    def chosen(margin_above: int | None = None, margin_below: int | None = None) -> set[str]:
        preview = stocked.goods.prices.preview(
            ProductChoice(),
            TENTH_MORE,
            margin_below=margin_below,
            margin_above=margin_above,
            actor=None,
        )
        return {*new_prices(preview)}

    assert chosen(margin_below=13_00) == {"MI"}
    assert chosen(margin_below=13_01) == {"MI", "SO"}
    assert chosen(margin_above=13_00) == set()
    assert chosen(margin_above=12_99) == {"SO"}
    assert chosen(margin_above=7_69, margin_below=13_01) == {"SO"}
    assert chosen(margin_above=7_68, margin_below=13_00) == {"MI"}
    assert chosen(margin_above=7_69, margin_below=13_00) == set()
    assert chosen(margin_below=0) == set()
    assert chosen(margin_above=0) == {"MI", "SO"}


def test_prices_are_set_as_they_were_seen(stocked: Shop) -> None:
    manager = person(stocked, MANAGER)
    preview = stocked.goods.prices.preview(ProductChoice(), TENTH_MORE, actor=manager)
    told: list[tuple[int, int]] = []
    applied = stocked.goods.prices.apply(
        preview, actor=manager, progress=lambda done, of: told.append((done, of))
    )
    assert (applied.changed, applied.left) == (3, ())
    assert {code: price(stocked, code) for code in ("BR", "MI", "SO")} == new_prices(preview)
    assert stocked.catalogue.item("SO").price_cents == 130_00
    assert told[-1] == (3, 3)
    (change,) = stocked.goods.products.prices(product_id(stocked, "SO"))
    assert (change.old_price_cents, change.price_cents) == (120_00, 130_00)
    assert (change.source, change.source_number, change.staff_id) == (
        PriceSource.BULK,
        applied.number,
        manager.id,
    )
    (run,) = stocked.goods.prices.latest()
    assert (run.number, run.state, run.changed, run.left_alone) == (
        applied.number,
        RunState.DONE,
        3,
        0,
    )
    assert run.rule == TENTH_MORE
    assert bad_books(stocked) == set()


def test_what_moved_since_the_preview_is_listed_and_left(stocked: Shop) -> None:
    preview = stocked.goods.prices.preview(ProductChoice(), TENTH_MORE, actor=None)
    milk = stocked.goods.products.card(product_id(stocked, "MI"))
    stocked.goods.products.change(milk, replace(milk.form, price_cents=80_00), actor=None)
    stocked.goods.products.remove(
        stocked.goods.products.card(product_id(stocked, "BR")), actor=None
    )
    applied = stocked.goods.prices.apply(preview, actor=None)
    assert applied.changed == 1
    assert sorted(row.product.name for row in applied.left) == ["Bread", "Milk"]
    assert (price(stocked, "MI"), price(stocked, "SO")) == (80_00, 130_00)
    again = stocked.goods.prices.apply(preview, actor=None)
    assert (again.changed, len(again.left)) == (0, 3)


def test_a_change_is_taken_back_where_the_price_is_still_its_own(stocked: Shop) -> None:
    manager = person(stocked, MANAGER)
    preview = stocked.goods.prices.preview(ProductChoice(), TENTH_MORE, actor=None)
    number = stocked.goods.prices.apply(preview, actor=None).number
    milk = stocked.goods.products.card(product_id(stocked, "MI"))
    stocked.goods.products.change(milk, replace(milk.form, price_cents=80_00), actor=None)
    soap = stocked.goods.products.card(product_id(stocked, "SO"))
    stocked.goods.products.change(soap, replace(soap.form, name="Bar soap"), actor=None)
    undone = stocked.goods.prices.undo(number, actor=manager)
    assert (undone.restored, undone.left) == (2, ("Milk",))
    assert {code: price(stocked, code) for code in ("BR", "MI", "SO")} == {
        "BR": 60_00,
        "MI": 80_00,
        "SO": 120_00,
    }
    newest = stocked.goods.products.prices(product_id(stocked, "SO"))[0]
    assert (newest.source, newest.staff_id) == (PriceSource.BULK_UNDO, manager.id)
    assert (newest.old_price_cents, newest.price_cents) == (130_00, 120_00)
    with pytest.raises(Refused, match="taken back before"):
        stocked.goods.prices.undo(number, actor=None)
    with pytest.raises(Refused, match="no price change 77"):
        stocked.goods.prices.undo(77, actor=None)
    kinds = [row["kind"] for row in stocked.database.rows("SELECT kind FROM journal ORDER BY seq")]
    assert kinds[-1] == "prices taken back"
    assert bad_books(stocked) == set()


def test_a_margin_is_set_on_what_the_goods_cost(stocked: Shop) -> None:
    rule = PriceRule(way=PriceWay.MARGIN, value=25_00, ending="cent")
    preview = stocked.goods.prices.preview(ProductChoice(), rule, actor=None)
    assert new_prices(preview) == {"BR": 60_00, "MI": 80_00, "SO": 139_20}
    assert [row.margin_bp for row in preview.rows] == [None, 25_00, 25_00]
    assert [(row.product.code, row.warnings) for row in preview.warned] == [
        ("BR", (PriceWarning.NO_PRICE,))
    ]
    assert stocked.goods.prices.apply(preview, actor=None).changed == 2


def test_a_preview_without_changes_is_refused(stocked: Shop) -> None:
    rule = PriceRule(way=PriceWay.AMOUNT, value=0, ending="cent")
    preview = stocked.goods.prices.preview(ProductChoice(), rule, actor=None)
    with pytest.raises(Refused, match="No price would change"):
        stocked.goods.prices.apply(preview, actor=None)
    assert stocked.goods.prices.latest() == []


def many(shop: Shop, count: int) -> None:
    rows = [f"C{number},Thing {number},{100 + number % 50}" for number in range(count)]
    path = shop.directory / "many.csv"
    path.write_text("\n".join(("code,name,price", *rows)), encoding="utf-8")
    shop.importing.products(path, actor=None)


def test_a_change_that_is_broken_off_says_so_and_can_be_taken_back(selling_shop: Shop) -> None:
    many(selling_shop, 300)
    preview = selling_shop.goods.prices.preview(ProductChoice(text="thing"), TENTH_MORE, actor=None)

    def stop(done: int, _all: int) -> None:
        if done >= 100:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        selling_shop.goods.prices.apply(preview, progress=stop, actor=None)
    (run,) = selling_shop.goods.prices.latest()
    assert (run.state, run.changed < 300, run.changed >= 100) == (RunState.STOPPED, True, True)
    rest = selling_shop.goods.prices.apply(preview, actor=None)
    assert rest.changed == 300 - run.changed
    undone = selling_shop.goods.prices.undo(run.number, actor=None)
    assert (undone.restored, undone.left) == (run.changed, ())
    selling_shop.goods.prices.undo(rest.number, actor=None)
    prices = selling_shop.goods.prices.preview(ProductChoice(text="thing"), TENTH_MORE, actor=None)
    assert new_prices(prices) == new_prices(preview)


def test_taking_back_that_was_broken_off_goes_on_where_it_ended(
    selling_shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    many(selling_shop, 300)
    prices = selling_shop.goods.prices
    preview = prices.preview(ProductChoice(text="thing"), TENTH_MORE, actor=None)
    number, whole = prices.apply(preview, actor=None).number, price_runs.take_back
    done: list[int] = []

    def broken(*arguments: Any) -> list[str]:
        if done:
            raise KeyboardInterrupt
        done.append(len(arguments[3]))
        return whole(*arguments)

    monkeypatch.setattr(price_runs, "take_back", broken)
    with pytest.raises(KeyboardInterrupt):
        prices.undo(number, actor=None)
    monkeypatch.undo()
    undone = prices.undo(number, actor=None)
    assert (undone.restored, undone.left) == (300 - done[0], ())
    again = prices.preview(ProductChoice(text="thing"), TENTH_MORE, actor=None)
    assert new_prices(again) == new_prices(preview)


def test_a_till_sells_while_prices_change(selling_shop: Shop) -> None:
    many(selling_shop, 2_000)
    preview = selling_shop.goods.prices.preview(ProductChoice(text="thing"), TENTH_MORE, actor=None)
    sold = threading.Event()
    parts: list[int] = []

    def sell() -> None:
        with closing(open_shop(selling_shop.directory)) as other:
            other.till.sign_in(*CASHIER)
            other.till.state.shift = other.closing.current()
            play(other, "SUGAR", "pay cash")
            sold.set()

    def beside(done: int, _all: int) -> None:
        parts.append(done)
        if len(parts) == 1:
            threading.Thread(target=sell).start()
        elif len(parts) == 3:
            assert sold.wait(30)

    with till_open(selling_shop.directory, selling_shop.till):
        applied = selling_shop.goods.prices.apply(preview, progress=beside, actor=None)
    assert applied.changed == len(preview.changes)
    assert len(parts) > 3
    assert bad_books(selling_shop) == set()


def test_one_change_at_a_time(stocked: Shop) -> None:
    preview = stocked.goods.prices.preview(ProductChoice(), TENTH_MORE, actor=None)
    with one_price_change(stocked.directory):
        with pytest.raises(AnotherPriceChange):
            stocked.goods.prices.apply(preview, actor=None)
        with pytest.raises(AnotherPriceChange):
            stocked.goods.prices.undo(1, actor=None)


def test_a_dead_change_is_marked_by_the_next(stocked: Shop) -> None:
    with stocked.database.write():
        dead = price_runs.begin(stocked.database, stocked.books, TENTH_MORE, None)
    stocked.goods.prices.apply(
        stocked.goods.prices.preview(ProductChoice(), TENTH_MORE, actor=None), actor=None
    )
    states = {run.number: run.state for run in stocked.goods.prices.latest()}
    assert states == {dead.number: RunState.STOPPED, dead.number + 1: RunState.DONE}


def test_a_cashier_may_not(stocked: Shop) -> None:
    cashier, prices = person(stocked, CASHIER), stocked.goods.prices
    preview = prices.preview(ProductChoice(), TENTH_MORE, actor=None)
    for act in (
        lambda: prices.preview(ProductChoice(), TENTH_MORE, actor=cashier),
        lambda: prices.apply(preview, actor=cashier),
        lambda: prices.undo(1, actor=cashier),
    ):
        with pytest.raises(NeedsApproval):
            act()
