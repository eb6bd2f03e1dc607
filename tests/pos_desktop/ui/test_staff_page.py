"""The pages of people and roles, driven by keys in the real window."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit

from pos_desktop.domain.staff import CASHIER, Permission
from pos_desktop.ui.screens.office.roles_page import RolesPage
from pos_desktop.ui.screens.office.staff_forms import AddForm
from pos_desktop.ui.screens.office.staff_page import StaffPage
from tests.pos_desktop.ui.behind_counter import (
    choose,
    form_of,
    offered,
    open_page,
    said,
    titles,
)
from tests.pos_desktop.ui.conftest import Cashier
from tests.pos_desktop.ui.finger import Finger

K = Qt.Key


@pytest.fixture
def manager(at_door: Cashier) -> Cashier:
    at_door.sign_in_only("manager", "1234")
    return at_door


@pytest.fixture
def staff(manager: Cashier) -> StaffPage:
    return open_page(manager, StaffPage, "staff")


@pytest.fixture
def roles(manager: Cashier) -> RolesPage:
    return open_page(manager, RolesPage, "roles")


def _add_amina(cashier: Cashier, page: StaffPage, again: str = "2468") -> None:
    cashier.hands.press(K.Key_F2)
    form_of(cashier, page)
    cashier.hands.type("Amina Otieno\r\r\r2468\r" + again + "\r")
    cashier.drained()


def test_a_cashier_is_not_offered_people_and_roles(at_door: Cashier) -> None:
    at_door.sign_in_only()
    assert not {"staff", "roles"} & set(offered(at_door))


def test_a_person_is_added_by_keys_alone_and_signs_in(manager: Cashier, staff: StaffPage) -> None:
    _add_amina(manager, staff)
    manager.until(lambda: staff.form is None)
    manager.until(lambda: titles(staff) == ["Amina Otieno", "Wanjiku", "Njeri"])
    assert staff.list.key == "amina"
    assert said(staff) == "Amina Otieno signs in as amina with that PIN."
    assert manager.program.shop.sign_in.sign_in("amina", "2468").role == CASHIER


def test_the_login_follows_the_name_until_it_is_typed(manager: Cashier, staff: StaffPage) -> None:
    manager.hands.press(K.Key_F2)
    form = form_of(manager, staff)
    assert isinstance(form, AddForm)
    manager.hands.type("Cashier")
    manager.until(lambda: form.login.text == "cashier2")
    manager.hands.type("\rami\r")
    manager.until(lambda: form.login.text == "ami")
    form.name.field.setFocus()
    manager.hands.type("xx")
    manager.until(lambda: "xx" in form.name.text)
    assert form.login.text == "ami"


def test_two_different_pins_are_refused_and_never_seen(manager: Cashier, staff: StaffPage) -> None:
    _add_amina(manager, staff, again="8642")
    assert said(staff) == "These are two different PINs; type both again."
    form = staff.form
    assert isinstance(form, AddForm)
    for part in (form.pin, form.again):
        assert part.field.echoMode() == QLineEdit.EchoMode.Password
    assert form.name.text == "Amina Otieno"
    assert "Amina Otieno" not in titles(staff)
    manager.hands.press(K.Key_Escape)
    assert staff.form is None
    assert manager.window.screen_shown is staff


def test_name_and_role_change(manager: Cashier, staff: StaffPage) -> None:
    choose(staff, "cashier")
    manager.hands.press(K.Key_Return)
    form_of(manager, staff)
    manager.hands.type("Wanjiku K.\r")
    manager.hands.press(K.Key_Right)
    manager.hands.type("\r")
    manager.until(lambda: staff.form is None)
    manager.drained()
    person = manager.program.shop.sign_in.people()[0]
    assert (person.name, person.role.name) == ("Wanjiku K.", "supervisor")


def test_a_rule_that_refuses_says_so_and_leaves_the_form(
    manager: Cashier, staff: StaffPage
) -> None:
    choose(staff, "manager")
    manager.hands.press(K.Key_Return)
    form_of(manager, staff)
    manager.hands.type("\r")
    manager.hands.press(K.Key_Left)
    manager.hands.type("\r")
    manager.until(lambda: said(staff))
    assert "only manager" in said(staff)
    assert staff.form is not None


def test_a_new_pin_is_typed_twice(manager: Cashier, staff: StaffPage) -> None:
    choose(staff, "cashier")
    manager.hands.press(K.Key_F3)
    form_of(manager, staff)
    manager.hands.type("7777\r7777\r")
    manager.until(lambda: staff.form is None)
    assert manager.program.shop.sign_in.sign_in("cashier", "7777").login == "cashier"


def test_who_leaves_is_asked_about_listed_on_request_and_taken_back(
    manager: Cashier, staff: StaffPage
) -> None:
    choose(staff, "cashier")
    manager.hands.press(K.Key_Delete)
    assert "Let Wanjiku go?" in said(staff)
    manager.drained()
    assert titles(staff) == ["Wanjiku", "Njeri"]
    manager.hands.press(K.Key_Delete)
    manager.until(lambda: titles(staff) == ["Njeri"])
    manager.hands.press(K.Key_F4)
    assert titles(staff) == ["Wanjiku", "Njeri"]
    row = staff.list.lines.rows[0]
    assert (row.chip, row.faded) == ("Has left", True)
    choose(staff, "cashier")
    manager.hands.press(K.Key_Delete)
    manager.until(lambda: not staff.list.lines.rows[0].faded)
    assert manager.program.shop.sign_in.sign_in("cashier", "1111").login == "cashier"


def test_another_line_forgets_the_question(manager: Cashier, staff: StaffPage) -> None:
    choose(staff, "cashier")
    manager.hands.press(K.Key_Delete)
    manager.hands.press(K.Key_Down)
    assert said(staff) == ""
    manager.hands.press(K.Key_Up)
    manager.hands.press(K.Key_Delete)
    assert "Let Wanjiku go?" in said(staff)


def test_a_permission_is_switched_and_given_back(manager: Cashier, roles: RolesPage) -> None:
    staffing = manager.program.shop.staffing

    def may_void() -> bool:
        return Permission.VOID in staffing.roles()[0].permissions

    choose(roles, Permission.VOID.value)
    assert roles.acts[0].title == "Let it need approval"
    manager.hands.press(K.Key_Return)
    manager.until(lambda: not may_void())
    manager.drained()
    assert roles.acts[0].title == "Let it be allowed"
    assert said(roles) == "Cashier: “Remove lines” needs approval from now on."
    manager.hands.type(" ")
    manager.until(may_void)
    manager.drained()
    assert said(roles) == "Cashier: “Remove lines” is allowed from now on."
    manager.hands.press(K.Key_Return)
    manager.until(lambda: not may_void())
    manager.drained()
    manager.hands.press(K.Key_F8)
    assert "back what it may do in every shop" in said(roles)
    manager.hands.press(K.Key_F8)
    manager.until(may_void)


def test_the_manager_may_always_everything(manager: Cashier, roles: RolesPage) -> None:
    roles.choice.choose("manager")
    choose(roles, Permission.STAFF.value)
    manager.hands.press(K.Key_Return)
    manager.until(lambda: said(roles))
    assert said(roles) == "The manager may do everything: change another role."


def test_a_role_of_the_shop_s_own_begins_like_another(manager: Cashier, roles: RolesPage) -> None:
    manager.hands.press(K.Key_F2)
    form_of(manager, roles)
    manager.hands.type("Two words\r")
    manager.until(lambda: said(roles))
    assert "one word in small letters" in said(roles)
    manager.hands.press(K.Key_Escape)
    manager.hands.press(K.Key_F2)
    form_of(manager, roles)
    manager.hands.type("Stockkeeper\r")
    manager.until(lambda: roles.form is None)
    manager.drained()
    assert roles.choice.key == "stockkeeper"
    assert roles.role is not None
    assert roles.role.permissions == CASHIER.permissions
    assert [act.cap for act in roles.acts] == ["↵", "F2"]


@pytest.mark.parametrize(("typed", "ceiling"), [("12.5", 12_50), ("25%", 25_00)])
def test_the_ceiling_of_discounts_changes(
    manager: Cashier, roles: RolesPage, typed: str, ceiling: int
) -> None:
    manager.hands.press(K.Key_Return)
    form_of(manager, roles)
    manager.hands.type("900\r")
    manager.until(lambda: said(roles))
    assert "from 0 to 100" in said(roles)
    roles.form.parts[0].field.clear()  # type: ignore[union-attr]
    manager.hands.type(typed + "\r")
    manager.until(lambda: roles.form is None)
    assert manager.program.shop.staffing.roles()[0].ceiling_bp == ceiling


def test_arrows_choose_the_role(manager: Cashier, roles: RolesPage) -> None:
    assert roles.choice.key == "cashier"
    manager.hands.press(K.Key_Right)
    assert roles.choice.key == "supervisor"
    assert roles.list.lines.rows[0].right == "up to 30 %"


def test_a_person_is_added_by_touch_alone_in_a_small_window(
    manager: Cashier, staff: StaffPage
) -> None:
    manager.window.resize(1024, 600)
    manager.lay_out()
    finger = Finger(manager)
    finger.touch("Add a person")
    form = form_of(manager, staff)
    assert isinstance(form, AddForm)
    manager.lay_out()
    finger.touch("Letters")
    manager.lay_out()
    finger.touch(*"AMI", "Space", "O", "↵", within=staff.letters)
    assert (form.name.text, form.login.text) == ("Ami O", "ami")
    finger.touch("↵", "↵", *"2468", "↵", *"2468", "↵", within=staff.letters)
    manager.until(lambda: staff.form is None)
    manager.drained()
    assert "Ami O" in titles(staff)
