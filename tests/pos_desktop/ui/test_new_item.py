"""An item that is not in the catalogue: added at the till while the customer waits."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from pos_desktop.ui.kit.number_pad import ENTER
from tests.pos_desktop.ui.conftest import MILK, Cashier

K = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier
NEW = "5901234123457"


@pytest.fixture
def manager(at_door: Cashier) -> Cashier:
    at_door.sign_in("manager", "1234")
    return at_door


def _scan_unknown(cashier: Cashier, code: str = NEW) -> None:
    cashier.hands.scan(code)
    cashier.until(lambda: "Ins or a touch here adds it" in cashier.notice())


def _open(cashier: Cashier) -> None:
    _scan_unknown(cashier)
    cashier.hands.press(K.Key_Insert)
    cashier.until(lambda: cashier.page() is cashier.sell.new_items.page)


def test_an_unknown_code_becomes_an_item_on_the_sale(manager: Cashier) -> None:
    manager.hands.type("6*")
    _open(manager)
    assert manager.sell.strip.notice is None
    manager.hands.type("green tea\r185\r\r")
    manager.until(lambda: manager.lines() == [("green tea", 6, 1110_00)])
    assert manager.page() is manager.sell.tenders
    card = manager.program.shop.goods.products.with_code(NEW)
    assert card is not None
    assert card.form.barcodes == (NEW,)
    manager.hands.scan(NEW)
    manager.until(lambda: manager.lines() == [("green tea", 7, 1295_00)])


def test_a_cashier_needs_a_manager(cashier: Cashier) -> None:
    _open(cashier)
    cashier.hands.type("Green tea\r185")
    cashier.hands.press(K.Key_Return, modifiers=CTRL)
    cashier.approve()
    cashier.until(lambda: cashier.lines() == [("Green tea", 1, 185_00)])
    notes = cashier.program.shop.reader.rows(
        "SELECT approver_id FROM journal WHERE kind = 'item added' ORDER BY seq DESC LIMIT 1"
    )
    assert notes[0]["approver_id"]


def test_a_scan_meanwhile_is_sold_and_what_is_typed_stays(manager: Cashier) -> None:
    _open(manager)
    manager.hands.type("Green")
    manager.hands.scan(MILK)
    manager.until(lambda: len(manager.lines()) == 1)
    assert manager.page() is manager.sell.new_items.page
    assert manager.sell.new_items.page.form.name.text == "Green"
    manager.hands.press(K.Key_Escape)
    assert manager.page() is manager.sell.tenders
    manager.hands.type("5")
    manager.box_holds("5")


def test_what_is_missing_is_asked_for_before_a_manager_is(cashier: Cashier) -> None:
    _open(cashier)
    cashier.hands.press(K.Key_Return, modifiers=CTRL)
    cashier.until(lambda: "what it is called" in cashier.notice())
    cashier.hands.type("Tea\r")
    cashier.hands.press(K.Key_Return, modifiers=CTRL)
    cashier.until(lambda: "Type the price" in cashier.notice())
    assert cashier.page() is cashier.sell.new_items.page


def test_without_a_code_it_says_how(cashier: Cashier) -> None:
    cashier.hands.press(K.Key_Insert)
    cashier.until(lambda: "Scan the item" in cashier.notice())
    _scan_unknown(cashier)
    cashier.hands.scan(MILK)
    cashier.until(cashier.lines)
    assert cashier.sell.new_items.code, "it is still spoken of: the next scan is no answer"
    cashier.hands.type("MILK\r")
    cashier.until(lambda: cashier.notice() == "")
    assert not cashier.sell.new_items.code


def test_it_is_done_by_touch(manager: Cashier) -> None:
    _scan_unknown(manager, "AB12")
    manager.qtbot.mouseClick(manager.sell.strip, Qt.MouseButton.LeftButton)
    manager.until(lambda: manager.page() is manager.sell.new_items.page)
    manager.sell.box.letters_wanted.emit()
    assert not manager.sell.letters.isHidden()
    for key in "tea":
        manager.sell.letters.pressed.emit(key)
    assert manager.sell.new_items.page.form.name.text == "Tea"
    manager.sell.letters.pressed.emit(ENTER)
    manager.hands.type("95")
    page = manager.sell.new_items.page
    manager.until(lambda: page.form.price.text == "95")
    page.submitted.emit(page.form)
    manager.until(lambda: manager.lines() == [("Tea", 1, 95_00)])


def test_a_price_that_is_none_is_typed_over_where_it_stands(cashier: Cashier) -> None:
    _open(cashier)
    cashier.hands.type("Green tea\r18S\r\r")
    cashier.until(lambda: "Type an amount" in cashier.notice())
    form = cashier.sell.new_items.page.form
    assert form.price.field.selectedText() == "18S"
    cashier.hands.type("185\r\r")
    cashier.until(lambda: cashier.page() is cashier.sell.approval)
    assert (form.name.text, form.price.text) == ("Green tea", "185")
    assert cashier.notice() == ""
