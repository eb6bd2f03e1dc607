"""PINs: the right one opens, wrong ones cost more and more time, all of it is in the journal."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pos_desktop.domain import staff
from pos_desktop.domain.clock import ManualClock
from pos_desktop.domain.errors import Refused
from pos_desktop.domain.staff import Permission
from pos_desktop.security.pins import hash_pin
from pos_desktop.services.people.sign_in import LockedOut
from pos_desktop.shop import Shop, open_shop
from pos_desktop.storage.database import ShopDatabase
from pos_desktop.storage.errors import DiskFull
from pos_desktop.storage.moments import from_stored
from tests.pos_desktop.conftest import CASHIER, MANAGER


def _kinds(shop: Shop) -> list[str]:
    return [row["kind"] for row in shop.database.rows("SELECT kind FROM journal ORDER BY seq")]


NINE = datetime(2026, 11, 24, 9, tzinfo=UTC)


def test_the_right_pin_signs_in_whatever_the_case_of_the_login(shop: Shop) -> None:
    person = shop.sign_in.sign_in(" Cashier ", CASHIER[1])
    assert (person.name, person.role) == ("Wanjiku", staff.CASHIER)
    assert _kinds(shop)[-1] == "sign in"


@pytest.mark.parametrize(("login", "pin"), [("cashier", "1112"), ("nobody", "1111"), ("", "")])
def test_a_wrong_pair_is_refused_with_the_same_sentence(shop: Shop, login: str, pin: str) -> None:
    with pytest.raises(Refused, match="do not belong together"):
        shop.sign_in.sign_in(login, pin)


def test_what_is_too_long_for_a_pin_locks_nobody_out(shop: Shop) -> None:
    for _ in range(4):
        with pytest.raises(Refused, match="at most eight digits"):
            shop.sign_in.approve("manager", "6161990000105", Permission.SET_PRICE)
    assert shop.sign_in.approve(*MANAGER, Permission.SET_PRICE).login == "manager"
    assert "sign in failed" not in _kinds(shop)


def test_wrong_pins_lock_the_person_out_for_a_growing_time(shop_directory: Path) -> None:
    clock = ManualClock(datetime(2026, 11, 24, 9, tzinfo=UTC))
    shop = open_shop(shop_directory, clock=clock)
    for _ in range(3):
        with pytest.raises(Refused, match="do not belong together"):
            shop.sign_in.sign_in("cashier", "0000")
    with pytest.raises(Refused, match="try again in"):
        shop.sign_in.sign_in(*CASHIER)
    clock.advance(timedelta(minutes=1))
    assert shop.sign_in.sign_in(*CASHIER).name == "Wanjiku"
    with pytest.raises(Refused, match="do not belong together"):
        shop.sign_in.sign_in("cashier", "0000")
    assert shop.sign_in.sign_in(*CASHIER).name == "Wanjiku"
    assert _kinds(shop).count("sign in failed") == 4
    shop.close()


def test_each_further_wrong_pin_locks_the_person_out_for_longer(shop_directory: Path) -> None:
    clock = ManualClock(datetime(2026, 11, 24, 9, tzinfo=UTC))
    shop = open_shop(shop_directory, clock=clock)
    locked = []
    for _ in range(6):
        with pytest.raises(Refused, match="do not belong together"):
            shop.sign_in.sign_in("cashier", "0000")
        until = shop.database.value("SELECT locked_until FROM staff WHERE login = 'cashier'")
        locked.append(from_stored(until) - clock.now())
        clock.advance(locked[-1])
    assert [delay.total_seconds() for delay in locked] == [0, 0, 5, 10, 20, 40]
    shop.close()


@pytest.mark.usefixtures("full_cost_of_pins")
def test_an_unknown_login_costs_as_much_as_a_wrong_pin(shop: Shop) -> None:
    """Counted in the processor's time, the least of a few: a first one also fetches memory."""

    def refused(login: str) -> None:
        with pytest.raises(Refused):
            shop.sign_in.sign_in(login, "1111")

    cost = min(_processor_seconds(hash_pin, "1111") for _time in range(3))
    spent = min(_processor_seconds(refused, login) for login in ("nobody", "noone", "none"))
    assert spent > cost / 2


def _processor_seconds(act: Callable[[str], object], given: str) -> float:
    began = time.process_time()
    act(given)
    return time.process_time() - began


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(datetime(2028, 11, 24, 9, tzinfo=UTC), NINE, id="years ahead, set right"),
        pytest.param(NINE, datetime(2026, 11, 24, 11, tzinfo=UTC), id="set forward"),
    ],
)
def test_a_clock_that_is_set_neither_ends_a_lock_out_nor_makes_it_longer(
    shop_directory: Path, before: datetime, after: datetime
) -> None:
    clock = ManualClock(before)
    shop = open_shop(shop_directory, clock=clock)
    for _ in range(3):
        with pytest.raises(Refused, match="do not belong together"):
            shop.sign_in.sign_in("cashier", "0000")
    clock.set(after)
    with pytest.raises(Refused, match=r"in [1-6] seconds"):
        shop.sign_in.sign_in(*CASHIER)
    clock.advance(timedelta(seconds=7))
    assert shop.sign_in.sign_in(*CASHIER).name == "Wanjiku"
    shop.close()


def test_nobody_gets_a_login_twice_or_a_pin_that_is_none(shop: Shop) -> None:
    for login, pin in (("cashier", "2222"), ("amina", "12"), ("two words", "2222")):
        with pytest.raises(Refused):
            shop.staffing.add(login=login, name="Amina", role=staff.CASHIER, pin=pin, actor=None)
    assert len(shop.sign_in.people()) == 2


def test_only_who_may_do_it_can_approve_it(shop: Shop) -> None:
    assert shop.sign_in.approve(*MANAGER, Permission.SET_PRICE).name == "Njeri"
    with pytest.raises(Refused, match="Wanjiku"):
        shop.sign_in.approve(*CASHIER, Permission.SET_PRICE)


def test_no_pin_stands_in_the_file(shop: Shop) -> None:
    shop.staffing.add(login="amina", name="Amina", role=staff.CASHIER, pin="83619274", actor=None)
    shop.database.value("PRAGMA wal_checkpoint(TRUNCATE)")
    assert b"83619274" not in (shop.directory / "shop.sqlite").read_bytes()


def _full(_database: ShopDatabase) -> None:
    raise DiskFull


def test_a_full_disk_keeps_nobody_in_or_out(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as full:
        full.setattr(ShopDatabase, "write", _full)
        person = shop.sign_in.sign_in(*CASHIER)
        shop.sign_in.sign_out(person)
        manager = shop.sign_in.sign_in(*MANAGER)
        shop.closing.leave_till(manager)
    before = _kinds(shop)
    shop.sign_in.sign_out(manager)
    late = ["sign in", "sign out", "sign in", "kiosk left"]
    assert _kinds(shop) == [*before, *late, "sign out"]
    told = shop.database.rows("SELECT detail FROM journal ORDER BY seq DESC LIMIT 5")
    assert ["was_at" in str(row["detail"]) for row in told] == [False, True, True, True, True]
    shop.sign_in.sign_in(*CASHIER)
    assert _kinds(shop) == [*before, *late, "sign out", "sign in"]


def test_a_full_disk_is_no_way_to_try_pins(
    shop_directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = ManualClock(NINE)
    shop = open_shop(shop_directory, clock=clock)
    waits: list[int] = []
    with monkeypatch.context() as full:
        full.setattr(ShopDatabase, "write", _full)
        for _ in range(6):
            with pytest.raises(Refused, match="do not belong together"):
                shop.sign_in.approve("manager", "0000", Permission.SETTINGS)
            with pytest.raises(LockedOut) as locked:
                shop.sign_in.approve(*MANAGER, Permission.SETTINGS)
            waits.append(locked.value.seconds)
            clock.advance(timedelta(seconds=waits[-1]))
    assert waits == [6, 6, 6, 11, 21, 41]
    with pytest.raises(Refused, match="do not belong together"):
        shop.sign_in.sign_in("manager", "0000")
    assert shop.database.value("SELECT failures FROM staff WHERE login = 'manager'") == 7
    shop.close()


def test_the_right_pin_ends_what_was_counted_in_memory(
    shop_directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = ManualClock(NINE)
    shop = open_shop(shop_directory, clock=clock)
    monkeypatch.setattr(ShopDatabase, "write", _full)
    for _ in range(2):
        with pytest.raises(Refused, match="do not belong together"):
            shop.sign_in.sign_in("cashier", "0000")
        clock.advance(timedelta(seconds=6))
        assert shop.sign_in.sign_in(*CASHIER).name == "Wanjiku"
    shop.close()
