"""The page of customers, driven by keys in the real window."""

from __future__ import annotations

import json
import shutil
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from pos_desktop.domain.customer import Customer
from pos_desktop.services.people.customers import Particulars
from pos_desktop.shop import open_shop
from pos_desktop.ui.screens.office.customer_forms import CustomerForm
from pos_desktop.ui.screens.office.customers_page import CustomersPage
from tests.pos_desktop.services.customers import add_customer
from tests.pos_desktop.services.play import play
from tests.pos_desktop.ui.behind_counter import form_of, open_page, said, titles
from tests.pos_desktop.ui.conftest import FLOUR, Cashier
from tests.pos_desktop.ui.pseudo import seen

K = Qt.Key
SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture(scope="session")
def folder_with_customers(demo_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A shop with a customer who owes 100.00 of 130.00, and one who owes nothing; made once."""
    folder = shutil.copytree(demo_folder, tmp_path_factory.mktemp("customers") / "shop")
    with closing(open_shop(folder)) as shop:
        akinyi = add_customer(shop)
        shop.customers.add(Particulars(name="Brian Mwangi"), actor=None)
        play(shop, "login cashier 1111", "shift open 2000", "2*6161990000105")
        play(shop, f"customer {akinyi.code}", "pay credit", f"customer {akinyi.code}", "settle 30")
        play(shop, "clear", "logout")
    return folder


@pytest.fixture
def shop_folder(folder_with_customers: Path, tmp_path: Path) -> Path:
    return shutil.copytree(folder_with_customers, tmp_path / "shop")


@pytest.fixture
def manager(at_door: Cashier) -> Cashier:
    at_door.sign_in_only("manager", "1234")
    return at_door


@pytest.fixture
def page(manager: Cashier) -> CustomersPage:
    return open_page(manager, CustomersPage, "customers")


def _look(cashier: Cashier, page: CustomersPage) -> Customer:
    cashier.hands.press(K.Key_Return)
    cashier.until(lambda: page.account is not None)
    assert page.account is not None
    return page.account.customer


def test_the_list_says_who_owes_and_masks_phones(manager: Cashier, page: CustomersPage) -> None:
    first, second = page.list.lines.rows
    assert (first.title, first.right) == ("Akinyi Otieno", "owes 100.00")
    assert "0712 *** 678" in first.note
    assert (second.title, second.right) == ("Brian Mwangi", "")


def test_typing_searches(manager: Cashier, page: CustomersPage) -> None:
    manager.hands.type("mwa")
    manager.until(lambda: titles(page) == ["Brian Mwangi"])
    for _letter in "mwa":
        manager.hands.press(K.Key_Backspace)
    manager.hands.type("0712345678")
    manager.until(lambda: titles(page) == ["Akinyi Otieno"])
    manager.hands.type("9")
    manager.until(lambda: not page.list.lines.rows)
    assert page.list._empty[0] == "Nobody fits"


def test_a_customer_is_looked_at_with_history(manager: Cashier, page: CustomersPage) -> None:
    customer = _look(manager, page)
    assert customer.name == "Akinyi Otieno"
    facts = dict(page.view.facts.facts)
    assert facts["Account"] == "owes 100.00"
    assert facts["May owe up to"] == "1,000.00"
    assert facts["Phone"] == "0712 *** 678"
    payment, sale = page.view.list.lines.rows
    assert (payment.title, payment.right) == ("Payment T1-P00001", "30.00")
    assert (sale.title, sale.right) == ("Sale T1-000001", "130.00")
    assert "on account: 130.00" in sale.note
    whole = {one for one in seen(manager.window) if "12345678" in one or "345 678" in one}
    assert not whole
    manager.hands.press(K.Key_Escape)
    assert titles(page) == ["Akinyi Otieno", "Brian Mwangi"]
    assert manager.window.screen_shown is page


def test_a_customer_is_added_by_keys(manager: Cashier, page: CustomersPage) -> None:
    manager.hands.press(K.Key_F2)
    form_of(manager, page)
    manager.hands.type("Cherono\r0799 000\r")
    manager.hands.press(K.Key_Return, modifiers=Qt.KeyboardModifier.ControlModifier)
    manager.until(lambda: said(page))
    assert "mobile number" in said(page)
    form = page.form
    assert isinstance(form, CustomerForm)
    form.phone.show_text("0799 000 111")
    manager.hands.press(K.Key_Return, modifiers=Qt.KeyboardModifier.ControlModifier)
    manager.until(lambda: page.account is not None)
    assert said(page) == "Cherono is a customer now."
    assert page.account is not None
    assert page.account.customer.phone == "254799000111"


def test_the_form_alone_shows_the_whole_phone(manager: Cashier, page: CustomersPage) -> None:
    _look(manager, page)
    manager.hands.press(K.Key_Return)
    form = form_of(manager, page)
    assert isinstance(form, CustomerForm)
    assert form.phone.text == "0712345678"
    manager.window.resize(1024, 600)
    manager.lay_out()
    assert not form.verticalScrollBar().isVisible()
    manager.hands.type("Akinyi O.")
    manager.until(lambda: form.name.text == "Akinyi O.")
    manager.hands.press(K.Key_Return, modifiers=Qt.KeyboardModifier.ControlModifier)
    manager.until(lambda: page.form is None)
    assert said(page) == "Saved."
    assert page.account is not None
    assert page.account.customer.name == "Akinyi O."


def test_what_another_has_changed_is_looked_at_anew(manager: Cashier, page: CustomersPage) -> None:
    customer = _look(manager, page)
    manager.hands.press(K.Key_Return)
    form_of(manager, page)
    with closing(open_shop(manager.program.shop.directory)) as other:
        other.customers.change(customer, Particulars(name="Akinyi Obama"), actor=None)
    manager.hands.type("X")
    manager.hands.press(K.Key_Return, modifiers=Qt.KeyboardModifier.ControlModifier)
    manager.until(lambda: page.form is None)
    assert "Somebody else has changed this" in said(page)
    assert page.account is not None
    assert page.account.customer.name == "Akinyi Obama"


def test_consent_and_limit(manager: Cashier, page: CustomersPage) -> None:
    _look(manager, page)
    manager.hands.press(K.Key_F5)
    manager.until(lambda: page.account and page.account.customer.mail_consent_at)
    assert "wants mail" in said(page)
    manager.hands.press(K.Key_F5)
    manager.until(lambda: page.account and not page.account.customer.mail_consent_at)
    manager.hands.press(K.Key_F6)
    form_of(manager, page)
    manager.hands.type("much\r")
    manager.until(lambda: said(page))
    assert page.form is not None
    manager.hands.type("2500\r")
    manager.until(lambda: page.form is None)
    assert page.account is not None
    assert page.account.customer.credit_limit_cents == 2500_00


def test_consent_needs_an_address(manager: Cashier, page: CustomersPage) -> None:
    manager.hands.press(K.Key_Down)
    _look(manager, page)
    manager.hands.press(K.Key_F5)
    manager.until(lambda: said(page))
    assert said(page) == "Type the customer's e-mail address first."


def test_a_person_gets_their_data_in_a_file(manager: Cashier, page: CustomersPage) -> None:
    customer = _look(manager, page)
    manager.hands.press(K.Key_F7)
    manager.until(lambda: said(page))
    path = Path(said(page).removeprefix("All that is known stands in "))
    assert path.parent == (manager.program.shop.directory / "exports").absolute()
    known = json.loads(path.read_text(encoding="utf-8"))
    assert known["customer"]["code"] == customer.code
    assert known["balance_cents"] == 100_00
    assert len(known["history"]) == 2


def _press_and_wait(cashier: Cashier, key: Qt.Key) -> None:
    cashier.hands.press(key)
    cashier.drained()


def test_erasing_is_asked_twice_and_can_be_left(manager: Cashier, page: CustomersPage) -> None:
    manager.hands.press(K.Key_Down)
    brian = _look(manager, page)
    _press_and_wait(manager, K.Key_Delete)
    assert "Erase Brian Mwangi?" in said(page)
    manager.hands.press(K.Key_Return)
    assert said(page) == ""
    manager.hands.press(K.Key_Delete, modifiers=SHIFT)
    manager.drained()
    for _time in range(5):
        _press_and_wait(manager, K.Key_Delete)
    assert "for good" in said(page)
    manager.drained()
    assert manager.program.shop.customers.get(brian.id) == brian
    manager.hands.press(K.Key_Escape)
    assert page.account is not None
    _press_and_wait(manager, K.Key_Delete)
    _press_and_wait(manager, K.Key_Delete)
    manager.hands.press(K.Key_Delete, modifiers=SHIFT)
    manager.until(lambda: page.account is None)
    manager.until(lambda: titles(page) == ["Akinyi Otieno"])
    assert said(page) == f"The customer of the code {brian.code} is erased."
    assert manager.program.shop.customers.get(brian.id) is None


def test_who_owes_is_not_erased(manager: Cashier, page: CustomersPage) -> None:
    _look(manager, page)
    manager.hands.press(K.Key_Delete)
    manager.until(lambda: "100.00" in said(page))
    assert "settle it first" in said(page)
    assert "Erase for good" not in [act.title for act in page.acts]


def test_a_cashier_changes_customers_and_no_limits(at_door: Cashier) -> None:
    at_door.sign_in_only()
    page = open_page(at_door, CustomersPage, "customers")
    _look(at_door, page)
    assert [act.cap for act in page.acts] == ["↵", "F5"]


def test_a_form_that_a_scan_interrupts_is_still_open_for_the_same_person(
    manager: Cashier,
) -> None:
    manager.window.open_shift.submitted.emit(2000_00)
    manager.until(lambda: manager.window.screen_shown is manager.sell)
    page = open_page(manager, CustomersPage, "customers")
    manager.hands.press(K.Key_F2)
    form = form_of(manager, page)
    manager.hands.type("jane")
    manager.hands.scan(FLOUR)
    manager.until(lambda: manager.window.screen_shown is manager.sell and manager.lines())
    assert open_page(manager, CustomersPage, "customers").form is form
    assert isinstance(form, CustomerForm)
    assert form.name.text == "jane"
    assert "as you left it" in said(page)


def test_a_form_of_somebody_else_is_gone(manager: Cashier, page: CustomersPage) -> None:
    manager.hands.press(K.Key_F2)
    form_of(manager, page)
    state = manager.program.shop.till.state
    first = state.person
    manager.hands.press(K.Key_F12)
    manager.until(lambda: manager.window.screen_shown is manager.window.sign_in)
    manager.sign_in_only("cashier", "1111")
    assert first is not None
    assert state.person is not None
    state.person = replace(state.person, role=first.role)
    assert open_page(manager, CustomersPage, "customers").form is None
