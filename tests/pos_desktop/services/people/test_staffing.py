"""People and roles: who may change them, and what no change may do."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pos_desktop.domain import staff
from pos_desktop.domain.errors import Refused
from pos_desktop.domain.staff import Permission, Role
from pos_desktop.services.people.acting import NeedsApproval
from pos_desktop.services.people.staffing import check_login, suggest_login
from pos_desktop.shop import Shop
from tests.pos_desktop.conftest import CASHIER, MANAGER, bad_books
from tests.pos_desktop.services.play import play


def test_a_person_comes_gets_a_role_and_a_pin_and_goes(shop: Shop) -> None:
    manager = shop.sign_in.sign_in(*MANAGER)
    shop.staffing.add(login="amina", name="Amina", role=staff.CASHIER, pin="2222", actor=manager)
    shop.staffing.give_role("amina", "supervisor", actor=manager)
    shop.staffing.set_pin("amina", "3333", actor=manager)
    shop.staffing.rename("amina", "Amina W.", actor=manager)
    person = shop.sign_in.sign_in("amina", "3333")
    assert (person.name, person.role) == ("Amina W.", staff.SUPERVISOR)
    shop.staffing.let_go("amina", actor=manager)
    with pytest.raises(Refused):
        shop.sign_in.sign_in("amina", "3333")
    assert [one.person.login for one in shop.staffing.everybody(actor=manager) if not one.active]
    with pytest.raises(Refused, match="taken"):
        shop.staffing.add(login="amina", name="A", role=staff.CASHIER, pin="4444", actor=manager)
    shop.staffing.take_back("amina", actor=manager)
    assert shop.sign_in.sign_in("amina", "3333").name == "Amina W."


def test_one_may_change_ones_own_pin_and_no_other(shop: Shop) -> None:
    cashier = shop.sign_in.sign_in(*CASHIER)
    shop.staffing.set_pin("cashier", "7777", actor=cashier)
    assert shop.sign_in.sign_in("cashier", "7777").id == cashier.id
    with pytest.raises(NeedsApproval):
        shop.staffing.set_pin("manager", "7777", actor=cashier)


def test_a_new_pin_ends_a_lock_out(shop: Shop) -> None:
    for _ in range(3):
        with pytest.raises(Refused):
            shop.sign_in.sign_in("cashier", "0000")
    shop.staffing.set_pin("cashier", "1111", actor=None)
    assert shop.sign_in.sign_in(*CASHIER).name == "Wanjiku"


def test_with_a_new_pin_wrong_ones_are_counted_anew(shop: Shop) -> None:
    for _ in range(3):
        with pytest.raises(Refused):
            shop.sign_in.sign_in("cashier", "0000")
    shop.staffing.set_pin("cashier", "2222", actor=None)
    with pytest.raises(Refused, match="do not belong together"):
        shop.sign_in.sign_in("cashier", "0000")
    assert shop.sign_in.sign_in("cashier", "2222").name == "Wanjiku"


def test_a_shop_always_has_a_manager(shop: Shop) -> None:
    with pytest.raises(Refused, match="only manager"):
        shop.staffing.let_go("manager", actor=None)
    with pytest.raises(Refused, match="only manager"):
        shop.staffing.give_role("manager", "cashier", actor=None)
    manager = shop.sign_in.sign_in(*MANAGER)
    shop.staffing.add(login="second", name="Second", role=staff.MANAGER, pin="5555", actor=manager)
    with pytest.raises(Refused, match="yourself"):
        shop.staffing.let_go("manager", actor=manager)
    shop.staffing.let_go("manager", actor=shop.sign_in.sign_in("second", "5555"))


def test_a_role_is_what_the_shop_makes_of_it(shop: Shop) -> None:
    allowed = staff.CASHIER.permissions - {Permission.REFUND} | {Permission.SET_PRICE}
    role = replace(staff.CASHIER, permissions=allowed, ceiling_bp=5_00)
    shop.staffing.put_role(role, actor=None)
    person = shop.sign_in.sign_in(*CASHIER)
    assert (person.may(Permission.SET_PRICE), person.may(Permission.REFUND)) == (True, False)
    assert not person.role.may_discount(6_00)
    shop.staffing.restore_role("cashier", actor=None)
    assert shop.sign_in.sign_in(*CASHIER).role == staff.CASHIER


def test_a_shop_has_roles_of_its_own(shop: Shop) -> None:
    keeper = Role("stockkeeper", frozenset({Permission.STOCK}), 0)
    shop.staffing.put_role(keeper, actor=None)
    shop.staffing.give_role("cashier", "stockkeeper", actor=None)
    person = shop.sign_in.sign_in(*CASHIER)
    assert (person.role, person.role.label) == (keeper, "stockkeeper")
    with pytest.raises(Refused, match="no role"):
        shop.staffing.give_role("cashier", "king", actor=None)


def test_nobody_gives_what_they_may_not_do(shop: Shop) -> None:
    chief = replace(staff.CASHIER, permissions=staff.CASHIER.permissions | {Permission.STAFF})
    shop.staffing.put_role(chief, actor=None)
    person = shop.sign_in.sign_in(*CASHIER)
    with pytest.raises(Refused, match="only what you may do"):
        shop.staffing.put_role(staff.SUPERVISOR, actor=person)
    with pytest.raises(Refused, match="only what you may do"):
        shop.staffing.give_role("cashier", "manager", actor=person)
    with pytest.raises(Refused, match="only what you may do"):
        shop.staffing.add(login="x", name="X", role=staff.MANAGER, pin="1212", actor=person)
    with pytest.raises(Refused, match="only what you may do"):
        shop.staffing.set_pin("manager", "1212", actor=person)
    with pytest.raises(Refused, match="only what you may do"):
        shop.staffing.rename("manager", "Nobody", actor=person)
    with pytest.raises(Refused, match="only what you may do"):
        shop.staffing.put_role(replace(chief, ceiling_bp=chief.ceiling_bp + 1), actor=person)


def test_nobody_takes_from_a_role_what_they_may_not_give(shop: Shop) -> None:
    chief = replace(staff.CASHIER, permissions=staff.CASHIER.permissions | {Permission.STAFF})
    shop.staffing.put_role(chief, actor=None)
    with pytest.raises(Refused, match="only what you may do"):
        shop.staffing.put_role(
            replace(staff.SUPERVISOR, permissions=frozenset(), ceiling_bp=0),
            actor=shop.sign_in.sign_in(*CASHIER),
        )


def test_nobody_brings_somebody_back_who_may_do_more_than_they(shop: Shop) -> None:
    chief = replace(staff.CASHIER, permissions=staff.CASHIER.permissions | {Permission.STAFF})
    shop.staffing.put_role(chief, actor=None)
    shop.staffing.add(login="second", name="Second", role=staff.MANAGER, pin="5555", actor=None)
    shop.staffing.let_go("second", actor=None)
    with pytest.raises(Refused, match="only what you may do"):
        shop.staffing.take_back("second", actor=shop.sign_in.sign_in(*CASHIER))


@pytest.mark.spoils_books
def test_a_role_that_was_edited_past_the_program_is_found(shop: Shop) -> None:
    shop.staffing.put_role(replace(staff.CASHIER, ceiling_bp=0), actor=None)
    assert bad_books(shop) == set()
    shop.database.execute_sql("UPDATE role SET ceiling_bp = 10000")
    assert bad_books(shop) == {"seals"}


@pytest.mark.spoils_books
def test_a_role_that_was_put_in_past_the_program_is_found(shop: Shop) -> None:
    shop.database.execute_sql(
        "INSERT INTO role (name, permissions, ceiling_bp, origin, ver, changed_at) "
        "VALUES ('cashier', '[\"staff\"]', 0, 'x', 1, 1)"
    )
    assert bad_books(shop) == {"seals"}


@pytest.mark.parametrize(
    ("name", "login"),
    [
        ("Amina Otieno", "amina"),
        ("Cashier", "cashier3"),
        ("Ng'ang'a wa Kamau", "nganga"),
        ("José", "jose"),
        ("2nd Till", "till"),
        ("李", ""),
        ("  ", ""),
    ],
)
def test_a_login_is_suggested_from_the_name(name: str, login: str) -> None:
    assert suggest_login(name, {"cashier", "cashier2", "manager"}) == login
    assert not login or check_login(login) == login


def test_who_is_let_go_sells_no_more_and_another_role_holds_at_once(selling_shop: Shop) -> None:
    play(selling_shop, "MILK")
    selling_shop.staffing.put_role(Role("helper", frozenset({Permission.SELL}), 0), actor=None)
    selling_shop.staffing.give_role("cashier", "helper", actor=None)
    with pytest.raises(NeedsApproval):
        play(selling_shop, "void")
    selling_shop.staffing.let_go("cashier", actor=None)
    for typed in ("MILK", "pay cash", "x"):
        with pytest.raises(Refused, match="Wanjiku was let go"):
            play(selling_shop, typed)
    play(selling_shop, "logout", "login manager 1234", "pay cash")
    assert selling_shop.database.value("SELECT count(*) FROM sale") == 1
