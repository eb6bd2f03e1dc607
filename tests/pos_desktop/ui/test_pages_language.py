"""The pages of people follow the language while they are open, with what is typed in them."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from pos_desktop.shop import open_shop
from pos_desktop.ui.screens.office.customers_page import CustomersPage
from pos_desktop.ui.screens.office.roles_page import RolesPage
from pos_desktop.ui.screens.office.staff_page import StaffPage
from tests.pos_desktop.services.customers import add_customer
from tests.pos_desktop.ui.behind_counter import form_of, open_page
from tests.pos_desktop.ui.conftest import Cashier
from tests.pos_desktop.ui.names import nameless
from tests.pos_desktop.ui.pseudo import pseudo, seen, words_left
from tests.pos_desktop.ui.room import squeezed_in_any
from tests.pos_desktop.ui.test_language import _begin_a_minute, _data

__all__ = ["pseudo"]

K = Qt.Key
OWN = {"Akinyi", "Otieno", "akinyi@example.com", "C00001", "Ctrl", "cashier", "manager", "xyz"}
State = Callable[[Cashier], None]


@pytest.fixture
def with_a_customer(shop_folder: Path) -> Path:
    with closing(open_shop(shop_folder)) as shop:
        add_customer(shop)
    return shop_folder


def people(cashier: Cashier) -> None:
    open_page(cashier, StaffPage, "staff")


def somebody_asked_about(cashier: Cashier) -> None:
    open_page(cashier, StaffPage, "staff")
    cashier.hands.press(K.Key_Delete)


def somebody_new(cashier: Cashier) -> None:
    page = open_page(cashier, StaffPage, "staff")
    cashier.hands.press(K.Key_F2)
    form_of(cashier, page)
    cashier.hands.type("xyz\r")


def roles(cashier: Cashier) -> None:
    open_page(cashier, RolesPage, "roles")


def customers(cashier: Cashier) -> None:
    open_page(cashier, CustomersPage, "customers")


def a_customer(cashier: Cashier) -> None:
    page = open_page(cashier, CustomersPage, "customers")
    cashier.hands.press(K.Key_Return)
    cashier.until(lambda: page.account)
    cashier.hands.press(K.Key_Delete)


def a_customer_s_form(cashier: Cashier) -> None:
    page = open_page(cashier, CustomersPage, "customers")
    cashier.hands.press(K.Key_Return)
    cashier.until(lambda: page.account)
    cashier.hands.press(K.Key_Return)
    form_of(cashier, page)


@pytest.mark.parametrize(
    "state",
    [people, somebody_asked_about, somebody_new, roles, customers, a_customer, a_customer_s_form],
)
def test_nothing_is_cut_in_any_size_and_language(
    with_a_customer: Path, at_door: Cashier, state: State
) -> None:
    at_door.sign_in_only("manager", "1234")
    state(at_door)
    at_door.drained()
    assert not squeezed_in_any(at_door)


@pytest.mark.parametrize(
    "state",
    [people, somebody_asked_about, somebody_new, roles, customers, a_customer, a_customer_s_form],
)
def test_all_is_said_anew_and_comes_back_as_it_was(
    with_a_customer: Path, at_door: Cashier, pseudo: str, state: State
) -> None:
    at_door.sign_in_only("manager", "1234")
    _begin_a_minute(at_door)
    state(at_door)
    at_door.drained()
    at_door.lay_out()
    window = at_door.window
    data = _data(at_door) | OWN
    assert not nameless(window)
    window.wall_clock.stop()
    window.jobs.stop()
    before = seen(window)
    window.speak(pseudo)
    at_door.lay_out()
    assert not words_left(window, data)
    window.speak("en")
    at_door.lay_out()
    assert seen(window) ^ before == set()
