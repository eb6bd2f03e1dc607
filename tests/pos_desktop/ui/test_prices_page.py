"""Many prices changed behind the counter: seen first, then done, then taken back."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from pos_desktop.domain.price_rule import PriceRule, PriceWay
from pos_desktop.services.people.sign_in import Person
from pos_desktop.services.products.bulk_prices import PricesApplied, Progress
from pos_desktop.services.products.price_preview import PricePreview
from pos_desktop.shop import open_shop
from pos_desktop.shop_locks import one_price_change
from pos_desktop.storage import price_runs
from pos_desktop.ui.screens.catalogue import prices_page
from pos_desktop.ui.screens.catalogue.price_form import PriceForm
from pos_desktop.ui.screens.catalogue.prices_page import PricesPage
from pos_desktop.ui.screens.office import list_page
from tests.pos_desktop.ui.behind_counter import form_of, open_page, said, titles
from tests.pos_desktop.ui.conftest import FLOUR, MILK, RICE, Cashier

K = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def with_costs(shop_folder: Path) -> Path:
    with closing(open_shop(shop_folder)) as shop:
        for code, cost in ((MILK, 62_00), (RICE, 150_00)):
            card = shop.goods.products.with_code(code)
            assert card is not None
            shop.goods.products.change(card, replace(card.form, cost_cents=cost), actor=None)
    return shop_folder


@pytest.fixture
def manager(with_costs: Path, at_door: Cashier) -> Cashier:
    at_door.sign_in_only("manager", "1234")
    return at_door


@pytest.fixture
def page(manager: Cashier) -> PricesPage:
    return open_page(manager, PricesPage, "prices")


def test_the_keyboard_goes_to_what_is_missing(manager: Cashier, page: PricesPage) -> None:
    manager.hands.press(K.Key_F2)
    form = form_of(manager, page)
    assert isinstance(form, PriceForm)
    manager.hands.press(K.Key_Return, modifiers=CTRL)
    manager.until(lambda: said(page))
    assert said(page).startswith("Type how much")
    assert form.current is form.value.field


def _price(cashier: Cashier, code: str) -> int:
    card = cashier.program.shop.goods.products.with_code(code)
    assert card is not None
    return card.form.price_cents


def _ask(cashier: Cashier, page: PricesPage, *, words: str, way: str, value: str) -> PriceForm:
    """Fill in the form by keys, and have it looked at."""
    cashier.hands.press(K.Key_F2)
    form = form_of(cashier, page)
    assert isinstance(form, PriceForm)
    cashier.hands.type(f"\r\r{words}\r\r")
    form.way.choose(way)
    cashier.hands.press(K.Key_Return)
    cashier.hands.type(value)
    cashier.hands.press(K.Key_Return, modifiers=CTRL)
    return form


def _look(cashier: Cashier, page: PricesPage, *, words: str, way: str, value: str) -> None:
    _ask(cashier, page, words=words, way=way, value=value)
    cashier.until(lambda: page.is_looking)


def test_what_is_seen_is_done_and_taken_back(manager: Cashier, page: PricesPage) -> None:
    _look(manager, page, words="pishori", way="more percent", value="10%")
    (row,) = page.prices.lines.rows
    assert row.right == "240.00 → 265.00"
    assert "margin" in row.note
    assert "1 price changes" in page.summary.text
    manager.hands.press(K.Key_Return, modifiers=CTRL)
    manager.until(lambda: "1 price is changed" in said(page))
    assert _price(manager, RICE) == 265_00
    manager.until(lambda: titles(page))
    assert titles(page) == ["Price change 1: 10% more, to 5.00"]
    manager.hands.press(K.Key_Delete)
    assert "Del does so" in said(page)
    manager.hands.press(K.Key_Delete)
    manager.until(lambda: "1 price is as it was" in said(page))
    assert _price(manager, RICE) == 240_00
    manager.until(lambda: page.list.lines.rows[0].chip == "taken back")
    assert [act.title for act in page.acts] == ["Change prices", "Labels"]


def test_prices_below_cost_are_asked_about(manager: Cashier, page: PricesPage) -> None:
    _look(manager, page, words="milk", way="less", value="5")
    row = next(row for row in page.prices.lines.rows if "500 ml" in row.title)
    assert row.chip == "below cost"
    assert len(page.prices.lines.rows) == 2
    manager.hands.press(K.Key_F3)
    assert len(page.prices.lines.rows) == 1
    manager.hands.press(K.Key_Return, modifiers=CTRL)
    assert "below cost" in said(page)
    assert _price(manager, MILK) == 65_00
    manager.hands.press(K.Key_F2)
    form = form_of(manager, page)
    assert isinstance(form, PriceForm)
    assert (form.words.text, form.way.key, form.value.text) == ("milk", "less", "5")
    manager.hands.press(K.Key_Escape)
    manager.hands.press(K.Key_Return, modifiers=CTRL)
    manager.hands.press(K.Key_Return, modifiers=CTRL)
    manager.until(lambda: "changed" in said(page) and not page.is_busy)
    assert _price(manager, MILK) == 60_00


def test_what_cannot_be_meant_is_told_and_nothing_changes(
    manager: Cashier, page: PricesPage
) -> None:
    form = _ask(manager, page, words="", way="more percent", value="")
    assert "Type how much" in said(page)
    form.category.show_text("Zebras")
    manager.hands.press(K.Key_Return, modifiers=CTRL)
    assert "no category Zebras" in said(page)
    manager.hands.press(K.Key_Escape)
    assert page.form is None
    assert page.list._empty[0] == "No price change yet"


def test_a_long_preview_shows_more_at_its_end(
    manager: Cashier, page: PricesPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prices_page, "PAGE", 12)
    _look(manager, page, words="", way="more percent", value="10")
    assert len(page.prices.lines.rows) == 12
    manager.lay_out()
    for _time in range(8):
        manager.hands.press(K.Key_PageDown)
    manager.until(lambda: len(page.prices.lines.rows) == 40)


def test_esc_stops_a_long_change(
    manager: Cashier, page: PricesPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    prices = manager.program.shop.goods.prices
    told: list[int] = []

    def apply(preview: PricePreview, *, actor: Person, progress: Progress) -> PricesApplied:
        while True:
            progress(len(told), len(preview.rows))
            told.append(1)

    monkeypatch.setattr(type(prices), "apply", lambda _self, *args, **named: apply(*args, **named))
    _look(manager, page, words="", way="more percent", value="10")
    manager.hands.press(K.Key_Return, modifiers=CTRL)
    manager.until(lambda: told)
    assert not page.acts
    manager.hands.press(K.Key_Escape)
    manager.until(lambda: "Stopped" in said(page))
    assert not page.is_looking
    assert page.acts


def test_a_sale_goes_on_beside_it(manager: Cashier, page: PricesPage) -> None:
    _look(manager, page, words="flour", way="more percent", value="10")
    manager.hands.press(K.Key_Return, modifiers=CTRL)
    manager.hands.scan(FLOUR)
    manager.until(lambda: page.list.lines.rows)
    assert manager.window.screen_shown is not page
    assert open_page(manager, PricesPage, "prices") is page


def test_many_prices_are_left_to_a_job_and_so_is_taking_them_back(
    manager: Cashier, page: PricesPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prices_page, "MOST_AT_ONCE", 1)
    _look(manager, page, words="", way="more percent", value="10")
    manager.hands.press(K.Key_Return, modifiers=CTRL)
    manager.until(lambda: "selling goes on" in said(page))
    assert not page.is_looking
    manager.until(lambda: "prices are changed" in said(page))
    assert _price(manager, RICE) == 265_00
    manager.until(lambda: titles(page))
    manager.hands.press(K.Key_Delete)
    manager.hands.press(K.Key_Delete)
    manager.until(lambda: "prices are as they were" in said(page))
    assert _price(manager, RICE) == 240_00


def test_leaving_the_form_ends_what_is_worked_out(
    manager: Cashier, page: PricesPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    prices = manager.program.shop.goods.prices
    told: list[int] = []

    def preview(*_what: object, progress: Callable[[int], None], **_named: object) -> None:
        while True:
            told.append(1)
            progress(len(told))

    monkeypatch.setattr(
        type(prices), "preview", lambda _self, *args, **named: preview(*args, **named)
    )
    _ask(manager, page, words="", way="more percent", value="10")
    manager.until(lambda: told)
    manager.hands.press(K.Key_Escape)
    ended: list[bool] = []
    page.office.long_work.run(lambda: True, ended.append, lambda _error: None)
    manager.until(lambda: ended)
    assert page.form is None


def test_a_change_that_runs_says_so_and_is_taken_back_once_it_has_ended(
    manager: Cashier, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(list_page, "LOOK_MS", 50)
    shop = manager.program.shop
    rule = PriceRule(way=PriceWay.PERCENT, value=500)
    with one_price_change(shop.directory):
        with shop.database.write():
            price_runs.begin(shop.database, shop.books, rule, None)
        page = open_page(manager, PricesPage, "prices")
        manager.until(lambda: [row.chip for row in page.list.lines.rows] == ["runs"])
        assert "Take it back" not in [act.title for act in page.acts]
    manager.until(lambda: [row.chip for row in page.list.lines.rows] == ["not ended"])
    assert "Take it back" in [act.title for act in page.acts]
