"""Letters for fingers: a name is searched without a keyboard, and nobody else sees them."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton

from tests.pos_desktop.ui.conftest import FLOUR, MILK, RICE, SALT, Cashier
from tests.pos_desktop.ui.finger import Finger

K = Qt.Key
SIZES = [(960, 540), (1024, 600), (1366, 768)]


def _resized(cashier: Cashier, size: tuple[int, int]) -> None:
    cashier.window.resize(*size)
    cashier.until(lambda: cashier.sell.width() == size[0])


def _with_letters(cashier: Cashier, size: tuple[int, int] = SIZES[1]) -> Finger:
    _resized(cashier, size)
    finger = Finger(cashier)
    finger.touch("ABC")
    cashier.lay_out()
    return finger


@pytest.mark.parametrize("size", SIZES)
def test_a_product_is_searched_and_sold_with_a_finger(
    cashier: Cashier, size: tuple[int, int]
) -> None:
    sell = cashier.sell
    finger = _with_letters(cashier, size)
    finger.touch("F", "R", "E", "S", "H", "Space", "M", "X", "⌫", within=sell.letters)
    assert sell.box.text == "fresh m"
    cashier.until(sell.finder.results.isVisible)
    QTest.mouseClick(sell.finder.results, Qt.MouseButton.LeftButton, pos=QPoint(100, 30))
    cashier.until(lambda: [name for name, _, _ in cashier.lines()] == ["Fresh milk 1 l"])
    assert sell.letters.isVisible()
    assert sell.box.text == ""
    finger.touch("Done")
    assert not sell.letters.isVisible()


def test_what_is_found_stays_over_a_notice_when_the_language_changes(cashier: Cashier) -> None:
    finger, sell = _with_letters(cashier), cashier.sell
    cashier.hands.scan("6160000000000")
    cashier.until(sell.strip.isVisible)
    sell.box.begin("")
    finger.touch("M", "I", "L", within=sell.letters)
    cashier.until(sell.finder.results.isVisible)
    assert sell.strip.isVisible()
    for language in ("sw", "en"):
        cashier.window.speak(language)
        assert sell.childAt(sell.strip.geometry().center()) is sell.finder.results, language


def test_a_code_of_letters_is_typed_with_a_finger(cashier: Cashier) -> None:
    finger = _with_letters(cashier)
    finger.touch("P", "0", "1", "0", "↵", within=cashier.sell.letters)
    cashier.until(lambda: cashier.lines() == [("Brookside milk 500 ml", 1, 65_00)])


def test_the_box_keeps_the_keyboard(cashier: Cashier) -> None:
    finger, sell = _with_letters(cashier), cashier.sell
    assert sell.box.field.hasFocus()
    finger.touch("M", "I", within=sell.letters)
    cashier.hands.type("l")
    cashier.box_holds("mil")
    finger.touch("Done")
    assert sell.box.field.hasFocus()
    cashier.box_holds("mil")


def test_who_has_a_keyboard_never_sees_the_letters(cashier: Cashier) -> None:
    sell = cashier.sell
    cashier.hands.scan(FLOUR)
    cashier.hands.press(K.Key_F2)
    cashier.hands.type("milk\r")
    cashier.hands.press(K.Key_F3)
    cashier.hands.press(K.Key_Escape)
    assert not sell.letters.isVisible()
    sell.do_key(K.Key_F2)
    assert not sell.letters.isVisible()


def test_the_letters_move_nothing_but_the_foot_of_the_cart(cashier: Cashier) -> None:
    sell = cashier.sell
    _resized(cashier, SIZES[1])
    for code in (FLOUR, RICE, MILK, SALT, "P005", "P007", "P008"):
        cashier.hands.scan(code)

    def places() -> list[object]:
        parts = (sell.box, sell.tabs, sell.total, sell.side)
        return [*(part.geometry() for part in parts), sell.cart.mapTo(sell, QPoint())]

    cashier.lay_out()
    before = places(), sell.cart.width()
    _with_letters(cashier)
    assert (places(), sell.cart.width()) == before
    line = sell.cart.visualRect(sell.cart.currentIndex())
    assert sell.cart.viewport().rect().contains(line)


@pytest.mark.parametrize("size", SIZES)
def test_what_is_found_leaves_the_letters_free(cashier: Cashier, size: tuple[int, int]) -> None:
    sell = cashier.sell
    _resized(cashier, size)
    cashier.hands.type("/s")
    cashier.until(lambda: len(sell.finder.results.items) == 8)
    _with_letters(cashier, size)
    assert 1 <= len(sell.finder.results.items) <= 8
    assert sell.finder.results.geometry().bottom() < sell.letters.geometry().top()
    Finger(cashier).touch("Done")
    assert len(sell.finder.results.items) == 8


@pytest.mark.parametrize("size", SIZES)
def test_every_letter_is_as_large_as_a_finger(cashier: Cashier, size: tuple[int, int]) -> None:
    _with_letters(cashier, size)
    window, letters = cashier.window, cashier.sell.letters
    for for_address in (False, True):
        letters.show_for_address(wanted=for_address)
        cashier.lay_out()
        shown = [key for key in letters.findChildren(QAbstractButton) if key.isVisible()]
        assert ("@" in [key.text() for key in shown]) is for_address
        for key in shown:
            assert key.width() >= 44, key.text()
            assert key.height() >= 44, key.text()
            middle = key.mapTo(window, key.rect().center())
            assert window.childAt(middle) is key


def test_a_page_that_is_typed_into_has_no_letters_below_the_cart(cashier: Cashier) -> None:
    sell = cashier.sell
    finger = _with_letters(cashier)
    cashier.hands.scan(FLOUR)
    assert sell.letters.isVisible()
    finger.touch("Cash received")
    cashier.until(lambda: cashier.page() is sell.pay)
    assert not sell.letters.isVisible()
    finger.touch("ABC", "M")
    assert cashier.page() is sell.tenders
    assert sell.box.text == "m"


def test_search_brings_letters_where_there_are_keys_for_fingers(cashier: Cashier) -> None:
    _resized(cashier, SIZES[1])
    finger, sell = Finger(cashier), cashier.sell
    finger.touch("Keypad", "Search")
    assert sell.letters.isVisible()
    finger.touch("R", "I", within=sell.letters)
    assert sell.box.text == "/ri"


def test_the_letters_are_gone_for_who_comes_next(cashier: Cashier) -> None:
    finger = _with_letters(cashier)
    finger.touch("Lock")
    cashier.until(lambda: cashier.window.screen_shown is cashier.window.sign_in)
    cashier.sign_in()
    assert not cashier.sell.letters.isVisible()


def test_a_new_customer_is_found_and_added_with_a_finger(cashier: Cashier) -> None:
    finger = Finger(cashier)
    finger.touch("Lock")
    cashier.until(lambda: cashier.window.screen_shown is cashier.window.sign_in)
    cashier.sign_in("manager", "1234")
    _resized(cashier, SIZES[1])
    sell = cashier.sell
    finger.touch("Keypad", "Customer")
    cashier.until(lambda: cashier.page() is sell.customers.find)
    assert sell.letters.isVisible()
    finger.touch("J", "O", "S", within=sell.letters)
    assert sell.customers.find.field.text() == "Jos"
    cashier.until(lambda: sell.customers.find.list.key is None)
    finger.touch("↵", within=sell.letters)
    cashier.until(lambda: cashier.page() is sell.customers.new)
    finger.touch("0", "7", "1", within=sell.letters)
    assert (sell.customers.new.name.text, sell.customers.new.phone.text) == ("Jos", "071")
    finger.touch("Done")
    assert cashier.page() is sell.customers.new


def test_the_reason_of_an_approval_is_typed_with_a_finger(cashier: Cashier) -> None:
    cashier.hands.scan(FLOUR)
    cashier.hands.type("=100\r")
    cashier.until(lambda: cashier.page() is cashier.sell.approval)
    finger = _with_letters(cashier)
    page = cashier.sell.approval
    finger.touch("O", "L", "D", "1", "2", within=cashier.sell.letters)
    assert (page.reason.text, page.who.field.text()) == ("Old", "12")
    finger.touch("⌫", "⌫", "⌫", within=cashier.sell.letters)
    assert (page.reason.text, page.who.field.text()) == ("Ol", "")
    finger.touch("D", "1", "2", "3", "4", "↵", within=cashier.sell.letters)
    cashier.until(lambda: cashier.total() == "100.00")


def test_a_touched_reason_leaves_the_keyboard_to_the_pin(cashier: Cashier) -> None:
    cashier.hands.scan(FLOUR)
    cashier.hands.type("=100\r")
    page = cashier.sell.approval
    cashier.until(lambda: cashier.page() is page)
    Finger(cashier).touch("Damaged goods", within=page)
    assert page.reason.text == "Damaged goods"
    assert page.who.field.hasFocus()
    cashier.hands.type(f"{MILK}\r")
    cashier.until(lambda: page.who.strip.notice and "at most eight" in page.who.strip.notice.text)
    cashier.hands.type("1234\r")
    cashier.until(lambda: cashier.total() == "100.00")


@pytest.mark.parametrize("size", SIZES)
def test_an_amount_with_cents_is_typed_with_a_finger(
    cashier: Cashier, size: tuple[int, int]
) -> None:
    finger, page = _with_letters(cashier, size), cashier.sell.new_items.page
    cashier.hands.scan("5901234123457")
    cashier.until(lambda: "adds it" in cashier.notice())
    cashier.hands.press(K.Key_Insert)
    cashier.until(lambda: cashier.page() is page)
    finger.touch("T", "E", "A", "↵", "4", "5", ".", "5", within=cashier.sell.letters)
    assert (page.form.name.text, page.form.price.text) == ("Tea", "45.5")


def test_an_amount_alone_needs_no_letters(cashier: Cashier) -> None:
    finger = Finger(cashier)
    _resized(cashier, SIZES[1])
    cashier.hands.scan(FLOUR)
    finger.touch("Keypad", "Voucher")
    cashier.until(lambda: cashier.page() is cashier.sell.money.voucher)
    assert cashier.sell.letters.isVisible()
    cashier.hands.press(K.Key_Escape)
    finger.touch("Cash received")
    cashier.until(lambda: cashier.page() is cashier.sell.pay)
    assert not cashier.sell.letters.isVisible()
