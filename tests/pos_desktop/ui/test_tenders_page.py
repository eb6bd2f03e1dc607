"""Tenders beside cash, split payments and approval of what is over a limit, on the real window."""

from __future__ import annotations

import json

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from pos_desktop.domain.customer import Customer
from tests.pos_desktop.conftest import MANAGER, person
from tests.pos_desktop.services.customers import add_customer
from tests.pos_desktop.ui.conftest import FLOUR, MILK, RICE, Cashier
from tests.pos_desktop.ui.finger import Finger

K = Qt.Key


def scan_three(cashier: Cashier) -> None:
    for code in (FLOUR, RICE, MILK):
        cashier.hands.scan(code)
    assert cashier.total() == "495.00"


def tenders(cashier: Cashier) -> list[tuple[str, int, str]]:
    sale = cashier.sales()[0].sale
    return [(one.kind.value, one.amount_cents, one.reference) for one in sale.tenders]


def on_lane(cashier: Cashier, *, limit_cents: int = 1000_00) -> Customer:
    """Add a customer as the office does."""
    found: list[Customer] = []
    shop = cashier.program.shop
    cashier.program.lane.submit(lambda: add_customer(shop, limit_cents), found.append)
    cashier.until(lambda: found)
    return found[0]


def buy_as(cashier: Cashier, customer: Customer) -> None:
    """Let a customer buy what is scanned."""
    cashier.program.shop.till.set_customer(customer)
    cashier.window.counter._refresh()


def sold_voucher(cashier: Cashier, cents: int) -> str:
    """Sell a voucher and return its code."""
    cashier.hands.press(K.Key_5, modifiers=Qt.KeyboardModifier.ControlModifier)
    cashier.until(lambda: cashier.page() is cashier.sell.money.voucher)
    cashier.hands.type("s")
    cashier.until(lambda: cashier.page() is cashier.sell.money.page)
    cashier.hands.type(f"{cents // 100}\r\r")
    cashier.until(lambda: "a voucher of" in cashier.notice())
    row = cashier.program.shop.reader.row("SELECT code FROM voucher")
    assert row is not None
    return str(row["code"])


def test_a_card_takes_what_is_due_with_the_reference_of_its_slip(cashier: Cashier) -> None:
    scan_three(cashier)
    cashier.hands.presses = 0
    cashier.hands.press(K.Key_F10)
    cashier.hands.type("\r")
    assert "reference" in cashier.notice()
    assert cashier.sell.money.page.field.text() == "495"
    cashier.hands.type("A77\r")
    cashier.until(lambda: cashier.page() is cashier.sell.change)
    assert tenders(cashier) == [("card", 495_00, "A77")]
    cashier.hands.scan(MILK)
    assert cashier.page() is cashier.sell.tenders
    assert cashier.sell.last_sale._paid.text == "Card 495"


def test_the_number_of_a_slip_is_never_taken_for_an_amount(cashier: Cashier) -> None:
    scan_three(cashier)
    cashier.hands.press(K.Key_F10)
    cashier.hands.type("0317\r")
    cashier.until(lambda: cashier.page() is cashier.sell.change)
    assert tenders(cashier) == [("card", 495_00, "0317")]


def test_a_machine_that_eats_f10_takes_cards_by_another_key(cashier: Cashier) -> None:
    scan_three(cashier)
    cashier.hands.press(K.Key_3, modifiers=Qt.KeyboardModifier.ControlModifier)
    assert cashier.page() is cashier.sell.money.page


def test_a_split_payment_is_listed_and_can_be_given_back(cashier: Cashier) -> None:
    scan_three(cashier)
    cashier.hands.press(K.Key_F10)
    cashier.hands.press(K.Key_Up)
    cashier.hands.type("200\rB1\r")
    cashier.until(lambda: cashier.total() == "295.00")
    paid = cashier.sell.tenders.paid
    assert cashier.page() is cashier.sell.tenders
    cashier.hands.type("\r100\r")
    assert paid.facts.rows == (("Card · B1", "200.00"), ("Cash", "100.00"))
    Finger(cashier).touch("Undo 300.00", within=paid)
    assert "undoes Card 200.00 + Cash 100.00. Esc" in cashier.notice()
    Finger(cashier).touch("Undo 300.00", within=paid)
    cashier.until(lambda: cashier.total() == "495.00")
    back = "Cancel 200.00 on the card terminal. Give 100.00 back to the customer."
    assert back in cashier.notice(), "cash is handed out for cash alone"
    assert not paid.isVisible()
    cashier.hands.press(K.Key_F8)
    cashier.until(lambda: cashier.page() is cashier.sell.change)
    assert tenders(cashier) == [("cash", 495_00, "")]


def test_where_room_is_short_the_rest_of_a_split_payment_is_summed(cashier: Cashier) -> None:
    scan_three(cashier)
    for cash in ("200", "100", "50", "20"):
        cashier.hands.type(f"\r{cash}\r")
    paid = cashier.sell.tenders.paid
    cashier.until(lambda: cashier.total() == "125.00")
    assert paid.facts.rows == (("Cash", "200.00"), ("Cash", "100.00"), ("2 more", "70.00"))


def test_a_touched_amount_is_typed_over_and_the_slip_keeps_its_number(cashier: Cashier) -> None:
    cashier.hands.scan(FLOUR)
    cashier.sell.toggle_pad()
    cashier.hands.press(K.Key_F10)
    page, finger = cashier.sell.money.page, Finger(cashier)
    finger.touch("7", "1", within=page.pad)
    assert (page.field.text(), page.reference.text) == ("190", "71")
    QTest.mouseClick(page.field, Qt.MouseButton.LeftButton)
    finger.touch("5", "0", within=page.pad)
    assert (page.field.text(), page.reference.text) == ("50", "71")
    finger.touch("Take card", "Take card", within=page)
    cashier.until(lambda: cashier.total() == "140.00")


def test_after_the_help_the_number_of_the_slip_is_typed_on(cashier: Cashier) -> None:
    cashier.hands.scan(FLOUR)
    cashier.hands.press(K.Key_F10)
    for _press in range(2):
        cashier.hands.press(K.Key_F1)
    cashier.hands.press(K.Key_K, modifiers=Qt.KeyboardModifier.ControlModifier)
    cashier.hands.type("0077")
    page = cashier.sell.money.page
    cashier.until(lambda: page.reference.text == "0077")
    assert page.field.text() == "190"


def test_a_scan_while_a_card_is_taken_changes_what_is_offered(cashier: Cashier) -> None:
    cashier.hands.scan(FLOUR)
    cashier.hands.press(K.Key_F10)
    cashier.hands.scan(MILK)
    page = cashier.sell.money.page
    assert cashier.page() is page
    cashier.until(lambda: page.field.text() == "255")
    cashier.hands.press(K.Key_Escape)
    assert cashier.page() is cashier.sell.tenders


def test_more_than_is_due_is_refused_on_the_page(cashier: Cashier) -> None:
    cashier.hands.scan(FLOUR)
    cashier.hands.press(K.Key_F10)
    cashier.hands.press(K.Key_Up)
    cashier.hands.type("500\r")
    cashier.until(lambda: "No more than 190.00 is left" in cashier.notice())
    page = cashier.sell.money.page
    assert cashier.page() is page
    assert page.keyboard_target() is page.field, "it is typed anew where it is wrong"
    cashier.hands.scan(MILK)
    cashier.until(lambda: page.field.text() == "255")
    assert cashier.sales() == []


@pytest.mark.parametrize("key", [K.Key_F10, K.Key_4])
def test_nothing_is_paid_by_any_tender_without_goods(cashier: Cashier, key: K) -> None:
    held = Qt.KeyboardModifier.ControlModifier if key == K.Key_4 else Qt.KeyboardModifier(0)
    cashier.hands.press(key, modifiers=held)
    assert "nothing to pay" in cashier.notice()
    assert cashier.page() is cashier.sell.tenders


def test_on_account_shows_what_is_owed_and_stays_within_the_limit(cashier: Cashier) -> None:
    customer = on_lane(cashier)
    scan_three(cashier)
    buy_as(cashier, customer)
    assert cashier.sell.total.buyer.text() == "Akinyi Otieno · 0712 *** 678"
    Finger(cashier).touch("Account", within=cashier.sell.tenders)
    page = cashier.sell.money.page
    cashier.until(lambda: cashier.page() is page)
    assert page.facts.rows == (
        ("Owes", "0.00"),
        ("May owe", "1,000.00"),
        ("Left of it", "1,000.00"),
    )
    cashier.hands.type("\r")
    cashier.until(lambda: cashier.page() is cashier.sell.change)
    assert tenders(cashier) == [("credit", 495_00, "")]
    assert cashier.program.shop.customers.balance(customer.id) == 495_00
    assert cashier.sell.total.buyer.text() == ""


def test_over_the_limit_a_manager_approves_in_place_with_a_reason(cashier: Cashier) -> None:
    customer = on_lane(cashier, limit_cents=100_00)
    scan_three(cashier)
    buy_as(cashier, customer)
    cashier.hands.press(K.Key_4, modifiers=Qt.KeyboardModifier.ControlModifier)
    cashier.hands.type("\r")
    cashier.approve()
    cashier.until(lambda: cashier.page() is cashier.sell.change)
    assert tenders(cashier) == [("credit", 495_00, "")]
    sql = "SELECT approver_id, detail FROM journal WHERE kind = 'sale'"
    entry = cashier.program.shop.reader.row(sql)
    assert entry is not None
    assert entry["approver_id"]
    assert json.loads(entry["detail"])["reason"] == "Regular customer"


def test_what_is_on_account_already_counts_towards_the_limit(cashier: Cashier) -> None:
    customer = on_lane(cashier, limit_cents=200_00)
    cashier.hands.scan(RICE)
    buy_as(cashier, customer)
    page = cashier.sell.money.page
    cashier.hands.press(K.Key_4, modifiers=Qt.KeyboardModifier.ControlModifier)
    cashier.hands.type("100\r")
    cashier.until(lambda: cashier.total() == "140.00")
    cashier.hands.press(K.Key_4, modifiers=Qt.KeyboardModifier.ControlModifier)
    assert (page.field.text(), page._hint.isVisible()) == ("140", True)
    assert "a manager approves it" in page._hint.text()


def test_a_voucher_is_sold_and_pays_what_it_can_when_it_is_scanned(cashier: Cashier) -> None:
    code = sold_voucher(cashier, 300_00)
    assert cashier.page() is cashier.sell.tenders
    cashier.hands.scan(code)
    cashier.until(lambda: "300.00 is left of this voucher" in cashier.notice())
    scan_three(cashier)
    cashier.hands.scan(code)
    cashier.until(lambda: cashier.total() == "195.00")
    assert cashier.sell.tenders.paid.facts.rows == ((f"Voucher · ***{code[-4:]}", "300.00"),)
    cashier.hands.press(K.Key_F8)
    cashier.until(lambda: cashier.page() is cashier.sell.change)
    assert tenders(cashier) == [("voucher", 300_00, code), ("cash", 195_00, "")]
    assert cashier.sell.change._paid.text() == "Voucher 300 (0 left) + Cash 195"


def test_the_exact_cash_key_sells_the_voucher_that_was_typed(cashier: Cashier) -> None:
    cashier.hands.press(K.Key_5, modifiers=Qt.KeyboardModifier.ControlModifier)
    cashier.until(lambda: cashier.page() is cashier.sell.money.voucher)
    cashier.hands.type("s")
    page = cashier.sell.money.page
    cashier.until(lambda: cashier.page() is page)
    cashier.hands.press(K.Key_F8)
    assert "more than zero" in cashier.notice()
    cashier.hands.type("500")
    cashier.hands.press(K.Key_F8)
    cashier.until(lambda: "a voucher of 500.00" in cashier.notice())
    paid = cashier.program.shop.closing.x(person(cashier.program.shop, MANAGER)).figures.tenders
    assert [(one.kind.value, one.amount_cents) for one in paid] == [("cash", 500_00)]


def test_with_nothing_to_pay_the_voucher_page_says_what_comes_first(cashier: Cashier) -> None:
    page, till = cashier.sell.money.voucher, cashier.program.shop.till
    cashier.hands.press(K.Key_5, modifiers=Qt.KeyboardModifier.ControlModifier)
    cashier.until(lambda: cashier.page() is page)
    assert "scan what is bought first" in page._hint.text()
    assert till.state.basket.is_empty
    cashier.drained()
    assert cashier.program.shop.reader.value("SELECT count(*) FROM cart") == 0
    cashier.hands.scan(FLOUR)
    cashier.until(lambda: "as much as it can" in page._hint.text())


def test_a_voucher_that_pays_all_ends_the_sale(cashier: Cashier) -> None:
    code = sold_voucher(cashier, 1000_00)
    cashier.hands.scan(FLOUR)
    cashier.hands.press(K.Key_5, modifiers=Qt.KeyboardModifier.ControlModifier)
    cashier.until(lambda: cashier.page() is cashier.sell.money.voucher)
    cashier.hands.scan(code)
    cashier.until(lambda: cashier.page() is cashier.sell.change)
    assert tenders(cashier) == [("voucher", 190_00, code)]
    assert cashier.sell.change._paid.text() == "Voucher 190 (810 left)"
    cashier.hands.scan(MILK)
    cashier.hands.type(f"{code}\r")
    cashier.until(lambda: cashier.page() is cashier.sell.change)
    assert tenders(cashier) == [("voucher", 65_00, code)]
    assert cashier.sales()[0].sale.receipt.counter == 2


def test_goods_scanned_while_a_voucher_is_asked_for_are_sold(cashier: Cashier) -> None:
    code = sold_voucher(cashier, 300_00)
    cashier.hands.press(K.Key_5, modifiers=Qt.KeyboardModifier.ControlModifier)
    cashier.until(lambda: cashier.page() is cashier.sell.money.voucher)
    cashier.hands.scan(FLOUR)
    cashier.until(lambda: cashier.total() == "190.00")
    assert cashier.page() is cashier.sell.money.voucher
    cashier.hands.scan(code)
    cashier.until(lambda: cashier.page() is cashier.sell.change)
    assert tenders(cashier) == [("voucher", 190_00, code)]


def test_a_key_of_selling_does_not_throw_an_approval_away(cashier: Cashier) -> None:
    cashier.hands.scan(FLOUR)
    cashier.hands.type("=150\r")
    page = cashier.sell.approval
    cashier.until(lambda: cashier.page() is page)
    cashier.hands.type("12")
    cashier.until(lambda: page.who.field.text() == "12")
    for key in (K.Key_F8, K.Key_F5, K.Key_F3):
        cashier.hands.press(key)
        cashier.sell.do_key(key)
    cashier.hands.press(K.Key_S, modifiers=Qt.KeyboardModifier.ControlModifier)
    cashier.drained()
    assert cashier.page() is page
    assert page.who.field.text() == "12"
    assert page.who.strip.notice is not None
    assert "leave it with Esc" in page.who.strip.notice.text
    cashier.hands.press(K.Key_Escape)
    cashier.hands.press(K.Key_F8)
    cashier.until(lambda: cashier.page() is cashier.sell.change)


def test_a_key_of_selling_does_not_throw_a_reason_away(cashier: Cashier) -> None:
    cashier.hands.scan(FLOUR)
    cashier.hands.type("=150\r")
    page = cashier.sell.approval
    cashier.until(lambda: cashier.page() is page)
    cashier.hands.type("torn")
    cashier.until(lambda: page.reason.text == "torn")
    cashier.hands.press(K.Key_F8)
    cashier.drained()
    assert (cashier.page(), page.reason.text) == (page, "torn")


def test_the_lock_is_heard_while_a_pin_is_typed(cashier: Cashier) -> None:
    cashier.hands.scan(FLOUR)
    cashier.hands.type("=150\r")
    cashier.until(lambda: cashier.page() is cashier.sell.approval)
    cashier.hands.type("12")
    cashier.hands.press(K.Key_F12)
    cashier.until(lambda: cashier.window.screen_shown is cashier.window.sign_in)


def test_a_pin_never_stands_in_the_reason(cashier: Cashier) -> None:
    cashier.hands.scan(FLOUR)
    cashier.hands.type("=150\r")
    page = cashier.sell.approval
    cashier.until(lambda: cashier.page() is page)
    page.reason.field.setFocus()
    cashier.hands.type("1234")
    cashier.until(lambda: page.who.field.text() == "1234")
    page.reason.field.insert("1234")  # as it is pasted
    assert page.reason.text == ""
    cashier.hands.type("\r")
    cashier.until(lambda: page.who.strip.notice and "Say why" in page.who.strip.notice.text)
    cashier.hands.type("old stock")
    cashier.until(lambda: page.reason.text == "old stock")
    assert page.who.field.text() == "1234"
    cashier.hands.type("\r")
    cashier.until(lambda: cashier.total() == "150.00")
    cashier.drained()
    sql = "SELECT detail FROM journal WHERE kind = 'price set'"
    entry = cashier.program.shop.reader.row(sql)
    assert entry is not None
    assert json.loads(entry["detail"])["reason"] == "old stock"


def test_beside_the_keys_amount_and_reference_stand_on_one_line(cashier: Cashier) -> None:
    cashier.window.resize(1024, 600)
    cashier.sell.toggle_pad()
    scan_three(cashier)
    cashier.hands.press(K.Key_F10)
    cashier.lay_out()
    page = cashier.sell.money.page
    assert cashier.page() is page
    fields = (page.field, page.reference.field)
    feet = {one.mapTo(page, one.rect().bottomLeft()).y() for one in fields}
    assert len(feet) == 1


@pytest.mark.parametrize("keypad", [False, True])
@pytest.mark.parametrize("size", [(1366, 768), (1024, 600)])
def test_the_pages_of_the_tenders_find_room(
    cashier: Cashier, size: tuple[int, int], *, keypad: bool
) -> None:
    cashier.window.resize(*size)
    if keypad:
        cashier.sell.toggle_pad()
    customer = on_lane(cashier, limit_cents=100_00)
    scan_three(cashier)
    buy_as(cashier, customer)
    for key in (K.Key_3, K.Key_5, K.Key_4):
        cashier.hands.press(key, modifiers=Qt.KeyboardModifier.ControlModifier)
        cashier.lay_out()
        assert cashier.page() in cashier.sell.money.pages
        assert cashier.sell.page.minimumSizeHint().height() <= cashier.sell.page.height()
    cashier.hands.type("\r")
    cashier.until(lambda: cashier.page() is cashier.sell.approval)
    for said in (False, True):
        if said:
            cashier.hands.press(K.Key_Down)
        cashier.lay_out()
        assert cashier.sell.page.minimumSizeHint().height() <= cashier.sell.page.height()
    cashier.hands.press(K.Key_Escape)
    for amount in (10, 20, 30, 40):
        cashier.hands.press(K.Key_F10)
        cashier.hands.type(f"{amount}\rA\r")
        cashier.until(lambda: cashier.page() is cashier.sell.tenders)
        cashier.lay_out()
        assert cashier.sell.page.minimumSizeHint().height() <= cashier.sell.page.height()
