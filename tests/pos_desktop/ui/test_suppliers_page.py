"""The page of suppliers, driven by keys in the real window."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt

from pos_desktop.shop import open_shop
from pos_desktop.ui.screens.stock.supplier_form import SupplierFields
from pos_desktop.ui.screens.stock.suppliers_page import SuppliersPage
from tests.pos_desktop.ui.behind_counter import form_of, open_page, said, titles
from tests.pos_desktop.ui.conftest import Cashier

K = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def manager(at_door: Cashier) -> Cashier:
    at_door.sign_in_only("manager", "1234")
    return at_door


@pytest.fixture
def page(manager: Cashier) -> SuppliersPage:
    return open_page(manager, SuppliersPage, "suppliers")


def _add(cashier: Cashier, page: SuppliersPage, typed: str) -> None:
    cashier.hands.press(K.Key_F2)
    form_of(cashier, page)
    cashier.hands.type(typed)
    cashier.hands.press(K.Key_Return, modifiers=CTRL)


def _fields(cashier: Cashier, page: SuppliersPage) -> SupplierFields:
    form = form_of(cashier, page)
    assert isinstance(form, SupplierFields)
    return form


def test_suppliers_are_added_found_and_changed(manager: Cashier, page: SuppliersPage) -> None:
    _add(manager, page, "Kapa Oil\rKO\rWanjiku\r0722 000 111")
    manager.until(lambda: titles(page) == ["Kapa Oil"])
    _add(manager, page, "Brookside")
    manager.until(lambda: titles(page) == ["Brookside", "Kapa Oil"])
    manager.hands.type("wanj")
    manager.until(lambda: titles(page) == ["Kapa Oil"])
    manager.hands.press(K.Key_Return)
    form = _fields(manager, page)
    assert form.phone.text == "0722 000 111"
    form.days.show_text("soon")
    manager.hands.press(K.Key_Return, modifiers=CTRL)
    manager.until(lambda: "whole number" in said(page))
    form.days.show_text("30")
    manager.hands.press(K.Key_Return, modifiers=CTRL)
    manager.until(lambda: said(page) == "Saved.")
    manager.drained()
    assert page.list.lines.rows[0].right == "30 days"


def test_a_name_that_is_taken_is_refused(manager: Cashier, page: SuppliersPage) -> None:
    _add(manager, page, "Brookside")
    manager.until(lambda: titles(page) == ["Brookside"])
    _add(manager, page, "brookside")
    manager.until(lambda: "There is a supplier Brookside already" in said(page))
    assert page.form is not None
    manager.hands.press(K.Key_Escape)
    assert page.form is None


def test_what_another_has_changed_is_listed_anew(manager: Cashier, page: SuppliersPage) -> None:
    _add(manager, page, "Brookside")
    manager.until(lambda: page.chosen)
    manager.hands.press(K.Key_Return)
    _fields(manager, page)
    seen = page.chosen
    assert seen is not None
    with closing(open_shop(manager.program.shop.directory)) as other:
        other.goods.suppliers.change(seen, replace(seen.form, name="Brookside Dairy"), actor=None)
    manager.hands.type("New KCC")
    manager.hands.press(K.Key_Return, modifiers=CTRL)
    manager.until(lambda: "Somebody else has changed this" in said(page))
    manager.until(lambda: titles(page) == ["Brookside Dairy"])


def test_a_supplier_is_removed_when_asked_twice(manager: Cashier, page: SuppliersPage) -> None:
    _add(manager, page, "Brookside")
    _add_done = manager.until
    _add_done(lambda: titles(page) == ["Brookside"])
    manager.hands.press(K.Key_Delete)
    assert "Del removes it" in said(page)
    assert titles(page) == ["Brookside"]
    manager.hands.press(K.Key_Delete)
    manager.until(lambda: not titles(page))
    assert said(page) == "Brookside is no supplier any more."
