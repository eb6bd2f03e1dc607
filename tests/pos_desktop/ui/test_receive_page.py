"""Receiving goods behind the counter, by scans and keys in the real window."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from pos_desktop.domain.supplier import SupplierForm
from pos_desktop.shop import open_shop
from pos_desktop.ui.screens.stock.receive_forms import DeliveryForm, LineForm
from pos_desktop.ui.screens.stock.receive_page import ReceivePage
from tests.pos_desktop.ui.behind_counter import form_of, open_page, said, titles
from tests.pos_desktop.ui.conftest import FLOUR, MILK, RICE, SALT, Cashier

K = Qt.Key
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
NEW = "5901234123457"


@pytest.fixture
def with_supplier(shop_folder: Path) -> Path:
    with closing(open_shop(shop_folder)) as shop:
        shop.goods.suppliers.add(SupplierForm(name="Brookside"), actor=None)
    return shop_folder


@pytest.fixture
def manager(with_supplier: Path, at_door: Cashier) -> Cashier:
    at_door.sign_in_only("manager", "1234")
    return at_door


@pytest.fixture
def page(manager: Cashier) -> ReceivePage:
    return open_page(manager, ReceivePage, "receive")


def _stock(cashier: Cashier, code: str) -> int:
    card = cashier.program.shop.goods.products.with_code(code)
    assert card is not None
    return card.in_stock


def _pieces(page: ReceivePage) -> list[int]:
    return [line.quantity // 1000 for line in page.gathered.values()]


def _name_supplier(cashier: Cashier, page: ReceivePage, document: str) -> None:
    cashier.hands.press(K.Key_F2)
    form = form_of(cashier, page)
    assert isinstance(form, DeliveryForm)
    cashier.hands.type(f"bro\r{document}")
    cashier.hands.press(K.Key_Return, modifiers=CTRL)
    cashier.until(lambda: page.form is None)


def _finish(cashier: Cashier) -> None:
    cashier.hands.press(K.Key_Return, modifiers=CTRL)


def test_scans_are_gathered_and_taken_into_stock(manager: Cashier, page: ReceivePage) -> None:
    before = _stock(manager, FLOUR), _stock(manager, MILK)
    manager.hands.type("12*")
    manager.hands.scan(FLOUR)
    manager.until(lambda: _pieces(page) == [12])
    for _time in range(3):
        manager.hands.scan(MILK)
    manager.until(lambda: _pieces(page) == [12, 3])
    _name_supplier(manager, page, "INV-7")
    assert (page.head.supplier, page.head.document) == ("Brookside", "INV-7")
    manager.hands.press(K.Key_Return)
    form = form_of(manager, page)
    assert isinstance(form, LineForm)
    manager.hands.type("24\r51.50\r")
    manager.until(lambda: page.form is None)
    assert sorted(_pieces(page)) == [12, 24]
    assert "INV-7" in page.summary.text
    _finish(manager)
    manager.until(lambda: "2 lines for" in said(page))
    assert _stock(manager, FLOUR) == before[0] + 12_000
    assert _stock(manager, MILK) == before[1] + 24_000
    card = manager.program.shop.goods.products.with_code(MILK)
    assert card is not None
    assert card.form.cost_cents == 51_50
    assert not page.gathered
    assert not manager.window.counter.basket.lines


def test_words_find_products_too(manager: Cashier, page: ReceivePage) -> None:
    manager.hands.type("5*salt")
    manager.until(lambda: page._found)
    manager.hands.press(K.Key_Return)
    manager.until(lambda: _pieces(page) == [5])
    assert page.box_text == ""
    manager.hands.type(f"2*{RICE}\r")
    manager.until(lambda: _pieces(page) == [5, 2])
    manager.hands.type("*7\r")
    manager.until(lambda: _pieces(page) == [5, 7])


def test_no_scan_of_a_burst_is_lost(manager: Cashier, page: ReceivePage) -> None:
    for _time in range(10):
        for code in (FLOUR, MILK, SALT):
            manager.hands.scan(code)
    manager.until(lambda: sorted(_pieces(page)) == [10, 10, 10])


def test_the_same_paper_is_asked_about(manager: Cashier, page: ReceivePage) -> None:
    before = _stock(manager, FLOUR)
    for _time in range(2):
        _name_supplier(manager, page, "INV-7")
        manager.hands.scan(FLOUR)
        manager.until(lambda: page.gathered)
        _finish(manager)
        manager.until(lambda: said(page))
        manager.drained()
    assert "entered before" in said(page)
    assert _stock(manager, FLOUR) == before + 1000
    _finish(manager)
    manager.until(lambda: not page.gathered)
    assert _stock(manager, FLOUR) == before + 2000


def test_goods_go_back_to_their_supplier(manager: Cashier, page: ReceivePage) -> None:
    before = _stock(manager, FLOUR)
    manager.hands.press(K.Key_F4)
    manager.hands.type("3*")
    manager.hands.scan(FLOUR)
    manager.until(lambda: page.gathered)
    _finish(manager)
    manager.until(lambda: "back to its supplier" in said(page))
    assert _stock(manager, FLOUR) == before - 3000
    manager.hands.press(K.Key_F6)
    manager.until(lambda: page.before.list.lines.rows)
    assert page.before.list.lines.rows[0].chip == "given back"
    manager.until(lambda: page.before.lines.lines.rows)
    assert page.before.lines.lines.rows[0].right == "-3"
    manager.hands.press(K.Key_Escape)
    assert not page.showing_before


def test_an_unknown_code_becomes_a_product_here(manager: Cashier, page: ReceivePage) -> None:
    manager.hands.type("6*")
    manager.hands.scan(NEW)
    manager.until(lambda: "No product has this code" in said(page))
    manager.hands.press(K.Key_Insert)
    form_of(manager, page)
    manager.hands.type("Green tea\r185")
    manager.hands.press(K.Key_Return, modifiers=CTRL)
    manager.until(lambda: titles(page) == ["Green tea"])
    assert _pieces(page) == [6]


def test_a_delivery_waits_while_the_page_is_left(manager: Cashier, page: ReceivePage) -> None:
    manager.hands.scan(FLOUR)
    manager.until(lambda: page.gathered)
    manager.hands.press(K.Key_Escape)
    assert open_page(manager, ReceivePage, "receive") is page
    assert _pieces(page) == [1]
    manager.hands.press(K.Key_Delete, modifiers=SHIFT)
    assert page.gathered
    manager.hands.press(K.Key_Delete, modifiers=SHIFT)
    assert not page.gathered
