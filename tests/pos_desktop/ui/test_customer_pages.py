"""Who buys: found, added and taken back at the till, and what they pay on account."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from pos_desktop.domain.customer import Customer
from pos_desktop.services.people.customers import Particulars
from pos_desktop.ui.kit.pill import Tone
from tests.pos_desktop.conftest import MANAGER, person
from tests.pos_desktop.ui.conftest import FLOUR, MILK, Cashier
from tests.pos_desktop.ui.finger import Finger
from tests.pos_desktop.ui.test_tenders_page import buy_as, on_lane, tenders

K = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier


def _search(cashier: Cashier, text: str = "") -> None:
    cashier.hands.press(K.Key_F4)
    find = cashier.sell.customers.find
    cashier.until(lambda: cashier.page() is find)
    cashier.hands.type(text)
    cashier.until(lambda: find.field.text() == text)
    cashier.until(lambda: find._found is not None and find._text == text)


@pytest.mark.parametrize("typed", ["akin", "0712345", "c00001"])
def test_a_customer_is_found_by_name_phone_or_code_and_buys(cashier: Cashier, typed: str) -> None:
    customer = on_lane(cashier)
    cashier.hands.scan(FLOUR)
    _search(cashier, typed)
    cashier.hands.scan(MILK)
    assert cashier.page() is cashier.sell.customers.find
    cashier.hands.type("\r")
    cashier.until(lambda: cashier.page() is cashier.sell.tenders)
    assert cashier.sell.total.buyer.text() == "Akinyi Otieno · 0712 *** 678"
    assert cashier.notice().endswith(", on account 0.00")
    cashier.hands.press(K.Key_F8)
    cashier.until(lambda: cashier.page() is cashier.sell.change)
    assert cashier.sales()[0].frame.customer_id == customer.id


def test_the_customer_is_shown_and_taken_back(cashier: Cashier) -> None:
    customer = on_lane(cashier)
    cashier.hands.scan(FLOUR)
    buy_as(cashier, customer)
    cashier.hands.press(K.Key_F4)
    now = cashier.sell.customers.now
    cashier.until(lambda: cashier.page() is now)
    assert now.name.text() == "Akinyi Otieno"
    assert now._particulars.text() == "C00001 · 0712 *** 678"
    assert now.facts.rows[0] == ("Owes", "0.00")
    cashier.hands.type("w")
    cashier.until(lambda: cashier.page() is cashier.sell.tenders)
    assert cashier.sell.total.buyer.text() == ""
    assert cashier.notice() == "Walk-in customer"
    assert cashier.total() == "190.00"


def test_a_new_customer_is_added_in_place(cashier: Cashier) -> None:
    cashier.hands.scan(FLOUR)
    _search(cashier, "wairimu")
    assert cashier.sell.customers.find.take.text() == "Add"
    cashier.hands.type("\r")
    new = cashier.sell.customers.new
    cashier.until(lambda: cashier.page() is new)
    assert new.name.text == "wairimu"
    cashier.hands.type("12\r\r")
    cashier.until(cashier.notice)
    assert cashier.page() is new
    new.phone.field.setFocus()
    new.phone.field.selectAll()
    cashier.hands.type("0722000111\r\r")
    cashier.until(lambda: cashier.page() is cashier.sell.tenders)
    assert cashier.sell.total.buyer.text() == "wairimu · 0722 *** 111"


def _begin_with_address(cashier: Cashier) -> None:
    cashier.hands.scan(FLOUR)
    _search(cashier, "wairimu")
    cashier.hands.type("\r")
    new = cashier.sell.customers.new
    cashier.until(lambda: cashier.page() is new)
    cashier.hands.type("0722000111\r")
    assert not new.agreed.isVisible()
    cashier.hands.type("w@example.org\r")
    assert new.agreed.isVisible()
    assert new.agreed.hasFocus()


def test_a_new_customer_who_agrees_to_mail_gets_the_receipt_by_it(cashier: Cashier) -> None:
    _begin_with_address(cashier)
    cashier.hands.press(K.Key_Right)
    cashier.hands.type("\r")
    cashier.until(lambda: cashier.page() is cashier.sell.tenders)
    customers = cashier.program.shop.customers
    found = customers.find("0722000111")
    assert found.email == "w@example.org"
    assert found.mail_consent_at is not None
    cashier.hands.press(K.Key_F8)
    cashier.until(lambda: cashier.page() is cashier.sell.change)
    cashier.hands.press(K.Key_E, modifiers=CTRL)
    cashier.until(lambda: cashier.page() is cashier.sell.mail.page)
    cashier.until(lambda: cashier.sell.mail.page.address.text == "w@example.org")


def test_a_new_customer_has_agreed_to_nothing_by_an_address_alone(cashier: Cashier) -> None:
    _begin_with_address(cashier)
    cashier.hands.type("\r")
    cashier.until(lambda: cashier.page() is cashier.sell.tenders)
    assert cashier.program.shop.customers.find("0722000111").mail_consent_at is None


def test_an_address_that_is_taken_out_again_takes_the_agreement_along(cashier: Cashier) -> None:
    _begin_with_address(cashier)
    new = cashier.sell.customers.new
    Finger(cashier).touch("Yes", within=new.agreed)
    cashier.hands.press(K.Key_Up)
    cashier.hands.press(K.Key_Backspace)
    assert (new.email.text, new.agreed.isVisible()) == ("", False)
    cashier.hands.type("\r")
    cashier.until(lambda: cashier.page() is cashier.sell.tenders)
    assert cashier.program.shop.customers.find("0722000111").mail_consent_at is None


def test_on_account_asks_first_who_buys_and_goes_on_with_what_is_paid(cashier: Cashier) -> None:
    on_lane(cashier)
    cashier.hands.scan(FLOUR)
    cashier.hands.press(K.Key_F10)
    cashier.hands.press(K.Key_Up)
    cashier.hands.type("100\rA1\r")
    cashier.until(lambda: cashier.total() == "90.00")
    cashier.hands.press(K.Key_4, modifiers=CTRL)
    cashier.until(lambda: cashier.page() is cashier.sell.customers.find)
    assert "which customer" in cashier.notice()
    shown = cashier.sell.strip.notice
    assert shown is not None
    assert shown.tone is Tone.ACCENT
    find = cashier.sell.customers.find
    cashier.until(lambda: find._found)
    Finger(cashier).touch("Take", within=find)
    page = cashier.sell.money.page
    cashier.until(lambda: cashier.page() is page)
    assert page.field.text() == "90"
    cashier.hands.type("\r")
    cashier.until(lambda: cashier.page() is cashier.sell.change)
    assert tenders(cashier) == [("card", 100_00, "A1"), ("credit", 90_00, "")]


@pytest.mark.parametrize("reference", ["", "B7"])
def test_a_customer_pays_what_is_owed(cashier: Cashier, reference: str) -> None:
    customer = on_lane(cashier)
    shop = cashier.program.shop
    cashier.hands.scan(FLOUR)
    buy_as(cashier, customer)
    cashier.hands.press(K.Key_4, modifiers=CTRL)
    cashier.hands.type("\r")
    cashier.until(lambda: cashier.page() is cashier.sell.change)
    _search(cashier, "akinyi")
    cashier.hands.type("\r")
    cashier.until(lambda: cashier.sell.total.buyer.text() != "")
    assert cashier.notice().endswith(
        ", on account 190.00. F4 once more, then P, takes a payment of it."
    )
    cashier.hands.press(K.Key_F4)
    cashier.until(lambda: cashier.page() is cashier.sell.customers.now)
    cashier.hands.type("p")
    settle = cashier.sell.customers.settle
    cashier.until(lambda: cashier.page() is settle)
    assert settle.field.text() == "190"
    cashier.hands.type(f"150\r{reference}\r")
    cashier.until(lambda: "now on account 40.00" in cashier.notice())
    assert shop.customers.balance(customer.id) == 40_00
    paid = {
        one.kind.value: one.amount_cents
        for one in shop.closing.x(person(shop, MANAGER)).figures.tenders
    }
    assert paid["card" if reference else "cash"] == 150_00
    assert cashier.sell.total.buyer.text() == ""
    assert cashier.page() is cashier.sell.tenders


def test_the_exact_cash_key_pays_all_that_is_owed(cashier: Cashier) -> None:
    customer = on_lane(cashier)
    shop, settle = cashier.program.shop, cashier.sell.customers.settle
    cashier.hands.scan(FLOUR)
    buy_as(cashier, customer)
    cashier.hands.press(K.Key_4, modifiers=CTRL)
    cashier.hands.type("\r")
    cashier.until(lambda: cashier.page() is cashier.sell.change)
    cashier.hands.scan(MILK)
    buy_as(cashier, customer)
    cashier.hands.press(K.Key_F4)
    cashier.until(lambda: cashier.page() is cashier.sell.customers.now)
    cashier.hands.type("p")
    cashier.until(lambda: cashier.page() is settle)
    cashier.hands.type("15")
    cashier.hands.press(K.Key_F8)
    cashier.until(lambda: "paid 190.00, now on account 0.00" in cashier.notice())
    assert shop.customers.balance(customer.id) == 0
    assert (cashier.total(), len(cashier.sales())) == ("65.00", 1)


@pytest.mark.parametrize("size", [(1366, 768), (1024, 600)])
def test_the_pages_of_customers_find_room(cashier: Cashier, size: tuple[int, int]) -> None:
    cashier.window.resize(*size)
    customer = on_lane(cashier)
    cashier.hands.scan(FLOUR)
    buy_as(cashier, customer)
    flow = cashier.sell.customers
    for page in flow.pages:
        cashier.sell._open(page)
        cashier.lay_out()
        assert page.minimumSizeHint().height() <= page.height(), page.accessibleName()


def test_a_long_name_leaves_the_cart_its_room(cashier: Cashier) -> None:
    shop, names = cashier.program.shop, Particulars(name="Wanjiku" + "wa" * 36)
    found: list[Customer] = []
    cashier.program.lane.submit(lambda: shop.customers.add(names, actor=None), found.append)
    cashier.until(lambda: found)
    cashier.hands.scan(FLOUR)
    cashier.lay_out()
    before = cashier.sell.cart.width()
    buy_as(cashier, found[0])
    for key in (K.Key_4, K.Key_F4):
        held = CTRL if key == K.Key_4 else Qt.KeyboardModifier.NoModifier
        cashier.hands.press(key, modifiers=held)
        cashier.lay_out()
        assert cashier.sell.cart.width() == before
    name = cashier.sell.customers.now.name
    small = name.font().pixelSize()
    cashier.window.toggle_theme()
    cashier.lay_out()
    assert (name.font().pixelSize(), name.text()[-1]) == (small, "…")
    cashier.window.toggle_theme()
