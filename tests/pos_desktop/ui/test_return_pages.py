"""Goods come back at the till: by receipt, without one, in an exchange; on the real window."""

from __future__ import annotations

import json

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from pos_desktop import settings
from pos_desktop.domain.receipt_number import ReceiptNumber
from pos_desktop.ui.screens.sell.cart_model import ITEM, QUANTITY, TOTAL
from tests.pos_desktop.ui.conftest import FLOUR, MILK, RICE, SALT, Cashier
from tests.pos_desktop.ui.finger import Finger

K = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier


def _sold(cashier: Cashier, *codes: str, card: bool = False) -> None:
    for code in codes:
        cashier.hands.scan(code)
    if card:
        cashier.hands.press(K.Key_F10)
        cashier.hands.type("A77\r")
    else:
        cashier.hands.press(K.Key_F8)
    cashier.until(lambda: cashier.page() is cashier.sell.change)


def _open(cashier: Cashier, receipt: str = "T1-000001") -> None:
    cashier.hands.scan(receipt)
    cashier.until(lambda: cashier.page() is cashier.sell.returns.lines)


def _cart(cashier: Cashier) -> list[tuple[str, str, str]]:
    model = cashier.sell.cart.model()
    return [
        tuple(str(model.index(row, column).data()) for column in (ITEM, QUANTITY, TOTAL))  # type: ignore[misc]
        for row in range(model.rowCount())
    ]


def _money(cashier: Cashier, counter: int) -> list[tuple[str, int]]:
    found = cashier.program.shop.selling.find(ReceiptNumber("T1", counter))
    return [(one.kind.value, one.amount_cents) for one in found.sale.tenders]


def test_a_receipt_that_is_scanned_comes_back_whole_with_three_keys(cashier: Cashier) -> None:
    _sold(cashier, FLOUR, MILK)
    cashier.hands.presses = 0
    _open(cashier)
    scanned = cashier.hands.presses
    cashier.hands.type("a\r")
    cashier.until(lambda: cashier.page() is cashier.sell.tenders)
    assert _cart(cashier) == [
        ("Jogoo maize flour 2 kg", "−1", "−190.00"),
        ("Brookside milk 500 ml", "−1", "−65.00"),
    ]
    assert cashier.sell.total._head.text() == "TO GIVE BACK · KES"
    assert cashier.total() == "255.00"
    assert cashier.sell.tabs._open.text() == "Return · 255.00"
    cashier.hands.press(K.Key_F8)
    assert cashier.hands.presses == scanned + 3
    cashier.until(lambda: cashier.page() is cashier.sell.change)
    assert cashier.sell.change._head.text() == "GIVEN BACK · T1-000002"
    assert cashier.sell.change.amount.text == "255.00"
    assert _money(cashier, 2) == [("cash", -255_00)]
    cashier.hands.scan(SALT)
    assert cashier.sell.last_sale._receipt.text() == "LAST REFUND T1-000002"
    assert cashier.sell.last_sale._paid.text == "Given back: Cash 255"


def test_a_part_comes_back_by_keys_and_the_rest_later(cashier: Cashier) -> None:
    _sold(cashier, FLOUR, MILK, MILK, MILK)
    cashier.hands.press(K.Key_F11)
    cashier.until(lambda: cashier.page() is cashier.sell.returns.ask)
    cashier.until(lambda: cashier.sell.returns.ask.list.key == "T1-000001")
    cashier.hands.type("1\r")
    lines = cashier.sell.returns.lines
    cashier.until(lambda: cashier.page() is lines)
    cashier.hands.type("\r")
    assert "Choose what comes back" in cashier.notice()
    cashier.hands.press(K.Key_Down)
    cashier.hands.type("4")
    cashier.until(lambda: "At most 3 of it" in cashier.notice())
    cashier.hands.type("3--+\r")
    cashier.until(lambda: cashier.page() is cashier.sell.tenders)
    assert _cart(cashier) == [("Brookside milk 500 ml", "−2", "−130.00")]
    _open(cashier)
    assert lines.chosen == ((2, 2000),)
    cashier.hands.press(K.Key_Escape)
    cashier.until(lambda: cashier.page() is cashier.sell.returns.ask)
    cashier.hands.press(K.Key_Escape)
    cashier.hands.press(K.Key_F8)
    cashier.until(lambda: cashier.page() is cashier.sell.change)
    _open(cashier)
    assert "2 came back" in lines.list.lines.rows[1].note
    assert lines.list.lines.rows[1].right == "0 of 1"


@pytest.mark.parametrize("way", ["scan", "a", "+"])
def test_what_asks_to_choose_is_gone_once_something_is_chosen(cashier: Cashier, way: str) -> None:
    _sold(cashier, FLOUR, MILK)
    _open(cashier)
    cashier.hands.type("\r")
    assert "Choose what comes back" in cashier.notice()
    cashier.hands.scan(MILK) if way == "scan" else cashier.hands.type(way)
    cashier.until(lambda: cashier.sell.returns.lines.chosen)
    assert cashier.notice() == ""


def test_what_comes_back_is_chosen_by_touch_and_by_scan(cashier: Cashier) -> None:
    _sold(cashier, FLOUR, MILK, MILK)
    _open(cashier)
    lines, finger = cashier.sell.returns.lines, Finger(cashier)
    finger.touch("More", "More", "Less", within=lines)
    assert not lines.chosen
    finger.touch("More", within=lines)
    cashier.hands.scan(MILK)
    assert lines.chosen == ((1, 1000), (2, 1000))
    cashier.hands.scan(SALT)
    assert cashier.lines() == [("Table salt 500 g", 1, 30_00)]
    assert cashier.page() is lines
    finger.touch("All of it", "Into the cart", within=lines)
    cashier.until(lambda: cashier.page() is cashier.sell.tenders)
    assert cashier.total() == "290.00"


def test_a_line_that_comes_back_is_selected_and_taken_out_again(cashier: Cashier) -> None:
    _sold(cashier, FLOUR, MILK)
    cashier.hands.scan(SALT)
    _open(cashier)
    cashier.hands.type("a\r")
    cashier.until(lambda: len(_cart(cashier)) == 3)
    assert cashier.sell.cart.currentIndex().row() == 2
    cashier.hands.type("*2\r")
    cashier.until(lambda: "comes back" in cashier.notice())
    cashier.hands.press(K.Key_Escape)
    cashier.hands.press(K.Key_Up)
    assert cashier.sell.cart.currentIndex().row() == 1
    cashier.hands.press(K.Key_Delete)
    assert [name for name, *_rest in _cart(cashier)] == [
        "Table salt 500 g",
        "Brookside milk 500 ml",
    ]
    cashier.hands.press(K.Key_Delete)
    assert _cart(cashier) == [("Table salt 500 g", "1", "30.00")]
    cashier.hands.press(K.Key_Delete)
    assert _cart(cashier) == []


def test_an_exchange_pays_the_difference_and_names_both_receipts(cashier: Cashier) -> None:
    _sold(cashier, FLOUR)
    _open(cashier)
    cashier.hands.type("a\r")
    cashier.until(lambda: cashier.total() == "190.00")
    cashier.hands.scan(RICE)
    assert (cashier.total(), cashier.sell.total._head.text()) == ("50.00", "TO PAY · KES")
    assert _cart(cashier) == [
        ("Pishori rice 1 kg", "1", "240.00"),
        ("Jogoo maize flour 2 kg", "−1", "−190.00"),
    ]
    cashier.hands.type("\r100\r")
    cashier.until(lambda: cashier.page() is cashier.sell.change)
    assert cashier.sell.change._head.text() == "CHANGE · T1-000002 · T1-000003"
    assert cashier.sell.change.amount.text == "50.00"
    assert _money(cashier, 2) == [("exchange", 190_00), ("cash", 50_00)]
    assert _money(cashier, 3) == [("exchange", -190_00)]
    cashier.hands.press(K.Key_F7)
    cashier.until(lambda: "Copy 1 of receipts T1-000002 and T1-000003 goes" in cashier.notice())
    cashier.hands.press(K.Key_E, modifiers=Qt.KeyboardModifier.ControlModifier)
    cashier.until(lambda: cashier.page() is cashier.sell.mail.page)
    assert cashier.sell.mail.page.receipt.text == "T1-000002"
    cashier.hands.press(K.Key_Escape)
    cashier.window.resize(1024, 600)
    cashier.lay_out()
    shown = cashier.sell.last_sale.findChildren(QLabel)[0].text()
    assert shown in ("LAST SALE T1-000002 and 3", "T1-000002 and 3")


def test_an_exchange_for_less_gives_the_rest_back(cashier: Cashier) -> None:
    _sold(cashier, RICE)
    _open(cashier)
    cashier.hands.type("a\r")
    cashier.hands.scan(FLOUR)
    cashier.until(lambda: cashier.sell.total._head.text() == "TO GIVE BACK · KES")
    assert cashier.total() == "50.00"
    cashier.hands.press(K.Key_F8)
    cashier.until(lambda: cashier.page() is cashier.sell.change)
    assert cashier.sell.change._head.text() == "GIVEN BACK · T1-000002 · T1-000003"
    assert cashier.sell.change.amount.text == "50.00"


def test_money_goes_back_by_the_card_it_came_with(cashier: Cashier) -> None:
    _sold(cashier, FLOUR, card=True)
    _open(cashier)
    cashier.hands.type("a\r")
    cashier.until(lambda: cashier.page() is cashier.sell.tenders)
    assert cashier.sell.tenders._other._note == "Card"
    cashier.hands.type("\r")
    page = cashier.sell.money.page
    cashier.until(lambda: cashier.page() is page)
    assert (page.field.text(), page.reference.text) == ("190", "A77")
    cashier.hands.type("\r")
    cashier.until(lambda: cashier.page() is cashier.sell.change)
    assert _money(cashier, 2) == [("card", -190_00)]


def test_cash_for_what_was_paid_by_card_is_approved_in_place(cashier: Cashier) -> None:
    _sold(cashier, FLOUR, card=True)
    _open(cashier)
    cashier.hands.type("a\r")
    cashier.until(lambda: cashier.page() is cashier.sell.tenders)
    cashier.hands.press(K.Key_F8)
    cashier.approve()
    cashier.until(lambda: cashier.page() is cashier.sell.change)
    assert _money(cashier, 2) == [("cash", -190_00)]


def test_what_is_still_to_give_goes_by_what_is_left_of_the_rule(cashier: Cashier) -> None:
    cashier.hands.scan(FLOUR)
    cashier.hands.press(K.Key_F10)
    cashier.hands.press(K.Key_Up)
    cashier.hands.type("100\rA77\r")
    cashier.until(lambda: cashier.total() == "90.00")
    cashier.hands.press(K.Key_F8)
    cashier.until(lambda: cashier.page() is cashier.sell.change)
    _open(cashier)
    cashier.hands.type("a\r")
    cashier.until(lambda: cashier.sell.tenders._other._note == "Card + Cash")
    page = cashier.sell.money.page
    cashier.hands.type("\r")
    cashier.until(lambda: cashier.page() is page)
    assert page.field.text() == "100"
    cashier.hands.type("\r")
    cashier.until(lambda: cashier.total() == "90.00")
    assert cashier.sell.tenders._other._note == "Cash"
    cashier.hands.type("\r")
    cashier.until(lambda: cashier.page() is page)
    assert page.field.text() == "90"
    cashier.hands.type("\r")
    cashier.until(lambda: cashier.page() is cashier.sell.change)
    assert _money(cashier, 2) == [("card", -100_00), ("cash", -90_00)]


def test_money_goes_back_in_two_parts(cashier: Cashier) -> None:
    _sold(cashier, FLOUR)
    _open(cashier)
    cashier.hands.type("a\r")
    cashier.until(lambda: cashier.page() is cashier.sell.tenders)
    cashier.hands.press(K.Key_5, modifiers=CTRL)
    page = cashier.sell.money.page
    cashier.until(lambda: cashier.page() is page)
    cashier.hands.type("100\r")
    cashier.until(lambda: cashier.total() == "90.00")
    assert "100.00 given back" in cashier.notice()
    assert cashier.sell.total._head.text() == "STILL TO GIVE BACK · KES"
    assert cashier.sell.tenders.paid.facts.rows == (("Voucher", "100.00"),)
    cashier.hands.press(K.Key_F8)
    cashier.until(lambda: cashier.page() is cashier.sell.change)
    assert _money(cashier, 2) == [("voucher", -100_00), ("cash", -90_00)]


def test_a_scan_while_cash_goes_back_offers_the_rounded_rest(cashier: Cashier) -> None:
    _sold(cashier, FLOUR)
    _open(cashier)
    cashier.hands.type("a\r")
    cashier.until(lambda: cashier.page() is cashier.sell.tenders)
    cashier.hands.scan(MILK)
    cashier.hands.type("3%\r")
    cashier.until(lambda: cashier.total() == "126.95")
    cashier.hands.type("\r")
    page = cashier.sell.money.page
    cashier.until(lambda: cashier.page() is page)
    assert page.field.text() == "127"
    cashier.hands.scan(SALT)
    cashier.until(lambda: page.field.text() == "97")
    cashier.hands.type("\r")
    cashier.until(lambda: cashier.page() is cashier.sell.change)
    assert ("cash", -97_00) in _money(cashier, 2) + _money(cashier, 3)


def test_a_page_that_gives_back_goes_when_something_is_to_pay(cashier: Cashier) -> None:
    _sold(cashier, FLOUR)
    _open(cashier)
    cashier.hands.type("a\r")
    cashier.until(lambda: cashier.page() is cashier.sell.tenders)
    cashier.hands.type("\r")
    cashier.until(lambda: cashier.page() is cashier.sell.money.page)
    cashier.hands.scan(RICE)
    cashier.until(lambda: cashier.page() is cashier.sell.tenders)
    assert cashier.sell.total._head.text() == "TO PAY · KES"


def test_goods_without_a_receipt_are_approved_once_for_all(cashier: Cashier) -> None:
    cashier.hands.press(K.Key_F11)
    cashier.until(lambda: cashier.page() is cashier.sell.returns.ask)
    cashier.hands.press(K.Key_F11)
    loose = cashier.sell.returns.loose
    cashier.until(lambda: cashier.page() is loose)
    cashier.hands.scan("5901234123457")
    cashier.until(lambda: "No product has the code 5901234123457" in cashier.notice())
    assert "Ins" not in cashier.notice()
    for code in (MILK, FLOUR, MILK, SALT):
        cashier.hands.scan(code)
    cashier.hands.press(K.Key_Delete)
    assert [(row.title, row.right) for row in loose.list.lines.rows] == [
        ("Brookside milk 500 ml", "2"),
        ("Jogoo maize flour 2 kg", "1"),
    ]
    cashier.hands.type("\r")
    cashier.approve()
    cashier.until(lambda: cashier.page() is cashier.sell.tenders)
    assert cashier.total() == "320.00"
    cashier.hands.press(K.Key_F8)
    cashier.until(lambda: cashier.page() is cashier.sell.change)
    sql = "SELECT detail FROM journal WHERE kind = 'return without receipt'"
    noted = cashier.program.shop.reader.rows(sql)
    assert [json.loads(one["detail"])["reason"] for one in noted] == ["Damaged goods"] * 2


@pytest.mark.parametrize(
    ("number", "sentence"),
    [("T1-000009", "There is no receipt T1-000009"), ("T2-000001", "another till")],
)
def test_a_receipt_that_is_not_here_is_said(cashier: Cashier, number: str, sentence: str) -> None:
    cashier.hands.scan(number)
    cashier.until(lambda: sentence in cashier.notice())
    assert cashier.page() is cashier.sell.tenders


def test_a_receipt_number_typed_slowly_opens_it_too(cashier: Cashier) -> None:
    _sold(cashier, FLOUR)
    cashier.hands.type("t1-000001\r")
    cashier.until(lambda: cashier.page() is cashier.sell.returns.lines)


def test_the_rule_of_the_shop_is_shown_and_vouchers_are_given(cashier: Cashier) -> None:
    shop = cashier.program.shop
    _sold(cashier, FLOUR)
    cashier.program.lane.submit(
        lambda: shop.configuration.set(settings.REFUND_TENDER, "voucher", shop.books, actor=None),
        lambda _done: None,
    )
    cashier.drained()
    _open(cashier)
    cashier.hands.type("a\r")
    cashier.until(lambda: cashier.sell.tenders._other._note == "Voucher")
    cashier.hands.type("\r\r")
    cashier.until(lambda: cashier.page() is cashier.sell.change)
    assert _money(cashier, 2) == [("voucher", -190_00)]
    cashier.drained()
    assert shop.reader.value("SELECT count(*) FROM print_job WHERE kind = 'voucher'") == 1


def test_clearing_takes_what_comes_back_out_of_the_cart(cashier: Cashier) -> None:
    _sold(cashier, FLOUR)
    _open(cashier)
    cashier.hands.type("a\r")
    cashier.until(lambda: cashier.page() is cashier.sell.tenders)
    for _press in range(2):
        cashier.hands.press(K.Key_Delete, modifiers=Qt.KeyboardModifier.ShiftModifier)
    cashier.until(lambda: _cart(cashier) == [])
    assert cashier.total() == "0.00"


@pytest.mark.parametrize("size", [(1366, 768), (1024, 600)])
def test_the_pages_of_returns_find_room(cashier: Cashier, size: tuple[int, int]) -> None:
    cashier.window.resize(*size)
    _sold(cashier, FLOUR, MILK)
    for page in cashier.sell.returns.pages:
        cashier.sell._open(page)
        cashier.lay_out()
        assert page.minimumSizeHint().height() <= page.height(), page.accessibleName()


def test_goods_that_come_back_are_an_open_sale_too(cashier: Cashier) -> None:
    _sold(cashier, FLOUR)
    _open(cashier)
    cashier.hands.type("a\r")
    cashier.until(lambda: cashier.page() is cashier.sell.tenders)
    cashier.hands.press(K.Key_S, modifiers=CTRL)
    cashier.until(lambda: cashier.page() is cashier.sell.shift.now)
    cashier.hands.type("\r")
    cashier.until(lambda: "A sale is open" in cashier.notice())
    cashier.hands.press(K.Key_F12)
    cashier.until(lambda: cashier.window.screen_shown is cashier.window.sign_in)
    assert cashier.window.sign_in._waiting.text() == "An open return of 190.00 waits."
