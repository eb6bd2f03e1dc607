"""The catalogue behind the counter, driven by keys and scans in the real window."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt

from pos_desktop.shop import open_shop
from pos_desktop.ui.screens.catalogue.catalogue_page import CataloguePage
from pos_desktop.ui.screens.catalogue.product_form import ProductFields
from tests.pos_desktop.ui.behind_counter import form_of, offered, open_page, said, titles
from tests.pos_desktop.ui.conftest import FLOUR, MILK, Cashier

K = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier
NEW = "5901234123457"


@pytest.fixture
def manager(at_door: Cashier) -> Cashier:
    at_door.sign_in_only("manager", "1234")
    return at_door


@pytest.fixture
def page(manager: Cashier) -> CataloguePage:
    return open_page(manager, CataloguePage, "catalogue")


def _look_by_scan(cashier: Cashier, page: CataloguePage, code: str) -> None:
    cashier.hands.scan(code)
    cashier.until(lambda: page.looked and code in page.looked.card.form.barcodes)


def _fields(cashier: Cashier, page: CataloguePage) -> ProductFields:
    form = form_of(cashier, page)
    assert isinstance(form, ProductFields)
    return form


def _price(page: CataloguePage) -> int:
    assert page.looked is not None
    return page.looked.card.form.price_cents


def test_a_cashier_is_not_offered_the_catalogue(cashier: Cashier) -> None:
    assert "catalogue" not in offered(cashier)


def test_typing_searches_by_name_and_by_barcode(manager: Cashier, page: CataloguePage) -> None:
    everything = titles(page)
    assert len(everything) > 20
    manager.hands.type("flour")
    manager.until(lambda: 0 < len(titles(page)) < len(everything))
    assert "Jogoo maize flour 2 kg" in titles(page)
    for _letter in "flour":
        manager.hands.press(K.Key_Backspace)
    manager.hands.type("zzzz")
    manager.until(lambda: not titles(page))
    assert page.list._empty[0] == "Nothing fits"


def test_a_scan_finds_the_product_and_sells_nothing(manager: Cashier, page: CataloguePage) -> None:
    _look_by_scan(manager, page, FLOUR)
    facts = dict(page.view.facts.facts)
    assert facts["Price with VAT"] == "190.00"
    assert facts["On sale"] == "Yes"
    assert manager.window.screen_shown is page
    assert not manager.window.counter.basket.lines
    manager.hands.press(K.Key_Escape)
    assert page.looked is None


def test_an_unknown_scan_becomes_a_product(manager: Cashier, page: CataloguePage) -> None:
    manager.hands.scan(NEW)
    manager.until(lambda: "F2 adds one" in said(page))
    manager.until(lambda: not titles(page))
    manager.hands.press(K.Key_F2)
    form = _fields(manager, page)
    assert form.barcodes.text == NEW
    manager.hands.type("Green tea 25 bags\r")
    manager.hands.press(K.Key_Return, modifiers=CTRL)
    manager.until(lambda: said(page) == "Type the price: 0 or more.")
    form.price.field.setFocus()
    manager.hands.type("185.50")
    manager.hands.press(K.Key_Return, modifiers=CTRL)
    manager.until(lambda: page.looked)
    assert said(page) == "Green tea 25 bags is in the catalogue."
    assert _price(page) == 185_50
    item = manager.program.shop.catalogue.item(NEW)
    assert (item.name, item.price_cents) == ("Green tea 25 bags", 185_50)


def test_a_price_is_changed_and_the_history_keeps_it(manager: Cashier, page: CataloguePage) -> None:
    _look_by_scan(manager, page, MILK)
    manager.hands.press(K.Key_Return)
    form = _fields(manager, page)
    assert form.price.text == "65.00"
    form.price.show_text("70")
    manager.hands.press(K.Key_Return, modifiers=CTRL)
    manager.until(lambda: said(page) == "Saved.")
    assert _price(page) == 70_00
    assert titles_of_history(page)[0] == "price 65.00 → 70.00"
    assert page.view.list.lines.rows[0].note.endswith("changed by hand · Njeri")
    manager.hands.press(K.Key_F6)
    manager.until(lambda: "price 65.00 → 70.00" not in titles_of_history(page))


def titles_of_history(page: CataloguePage) -> list[str]:
    return [row.title for row in page.view.list.lines.rows]


def test_scans_go_into_an_open_form(manager: Cashier, page: CataloguePage) -> None:
    _look_by_scan(manager, page, MILK)
    manager.hands.press(K.Key_Return)
    form = _fields(manager, page)
    for _time in range(2):
        manager.hands.scan(NEW)
    manager.until(lambda: form.barcodes.text == f"{MILK} {NEW}")
    manager.hands.scan(FLOUR)
    manager.until(lambda: FLOUR in form.barcodes.text)
    manager.hands.press(K.Key_Return, modifiers=CTRL)
    manager.until(lambda: "belongs to Jogoo maize flour" in said(page))
    assert page.form is form


def test_what_another_has_changed_is_looked_at_anew(manager: Cashier, page: CataloguePage) -> None:
    _look_by_scan(manager, page, MILK)
    manager.hands.press(K.Key_Return)
    form = _fields(manager, page)
    assert page.looked is not None
    card = page.looked.card
    with closing(open_shop(manager.program.shop.directory)) as other:
        other.goods.products.change(card, replace(card.form, price_cents=66_00), actor=None)
    form.name.show_text("Milk")
    manager.hands.press(K.Key_Return, modifiers=CTRL)
    manager.until(lambda: page.form is None)
    assert "Somebody else has changed" in said(page)
    assert _price(page) == 66_00


def test_a_product_is_removed_when_asked_twice(manager: Cashier, page: CataloguePage) -> None:
    _look_by_scan(manager, page, MILK)
    assert page.looked is not None
    card = page.looked.card
    if card.in_stock:
        correcting = manager.program.shop.goods.correcting
        correcting.correct({card.id: -card.in_stock}, "other", "a test", actor=None)
    manager.hands.press(K.Key_Delete)
    assert "Del removes it" in said(page)
    manager.hands.press(K.Key_Escape)
    assert page.looked is not None
    manager.hands.press(K.Key_Delete)
    manager.hands.press(K.Key_Delete)
    manager.until(lambda: "out of the catalogue" in said(page))
    manager.until(lambda: card.form.name not in titles(page))
    assert manager.program.shop.catalogue.find(MILK) is None


def test_stock_keeps_a_product_from_being_removed(manager: Cashier, page: CataloguePage) -> None:
    _look_by_scan(manager, page, FLOUR)
    assert page.looked is not None
    manager.program.shop.goods.correcting.correct({page.looked.card.id: 5000}, "found", actor=None)
    manager.hands.press(K.Key_Delete)
    manager.hands.press(K.Key_Delete)
    manager.until(lambda: "There is stock of" in said(page))
    assert page.looked is not None


def test_an_inactive_product_is_grey(manager: Cashier, page: CataloguePage) -> None:
    _look_by_scan(manager, page, MILK)
    manager.hands.press(K.Key_Return)
    form = _fields(manager, page)
    form.active.choose("no")
    manager.hands.press(K.Key_Return, modifiers=CTRL)
    manager.until(lambda: said(page) == "Saved.")
    manager.hands.press(K.Key_Escape)
    manager.drained()
    assert page.looked is None
    grey = [row for row in page.list.lines.rows if row.faded]
    assert [row.chip for row in grey] == ["not sold"]
