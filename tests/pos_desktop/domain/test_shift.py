"""The drawer of a shift, and who may do what at it."""

from __future__ import annotations

from itertools import pairwise

import pytest

from pos_desktop.domain.errors import Refused
from pos_desktop.domain.receipt_number import check_till_code
from pos_desktop.domain.shift import Drawer
from pos_desktop.domain.staff import (
    PERMISSIONS,
    Permission,
    Role,
    check_pin,
    lockout_seconds,
    may,
    may_discount,
)


def test_a_drawer_should_hold_its_float_and_what_came_and_went() -> None:
    drawer = Drawer(
        float_cents=500_00,
        taken_cents=60_00,
        refunded_cents=20_00,
        in_cents=200_00,
        out_cents=300_00,
    )
    assert drawer.expected_cents == 440_00
    assert drawer.variance(435_00) == -5_00


@pytest.mark.parametrize(
    ("expected", "counted", "doubtful"),
    [
        (2000_00, 1000_00, False),
        (2000_00, 999_99, True),
        (2000_00, 3000_01, True),
        (50_000_00, 45_000_00, False),
        (50_000_00, 44_999_99, True),
        (0, 1000_00, False),
    ],
)
def test_a_count_far_from_what_is_expected_is_doubtful(
    expected: int, counted: int, *, doubtful: bool
) -> None:
    assert Drawer(float_cents=expected).is_doubtful(counted) is doubtful


def test_each_role_may_what_the_one_below_may() -> None:
    assert set(PERMISSIONS) == set(Role)
    for lower, higher in pairwise(Role):
        assert PERMISSIONS[lower] < PERMISSIONS[higher]
    assert not may(Role.CASHIER, Permission.SET_PRICE)
    assert may(Role.SUPERVISOR, Permission.SET_PRICE)
    assert all(may(Role.MANAGER, permission) for permission in Permission)


def test_what_each_role_may_not_do_alone() -> None:
    manager = set(Permission) - PERMISSIONS[Role.SUPERVISOR]
    supervisor = PERMISSIONS[Role.SUPERVISOR] - PERMISSIONS[Role.CASHIER]
    assert manager == {
        Permission.ACCEPT_UNVERIFIED,
        Permission.SECOND_Z,
        Permission.CATALOGUE,
        Permission.IMPORT,
        Permission.STAFF,
        Permission.SETTINGS,
    }
    assert supervisor == {
        Permission.SET_PRICE,
        Permission.DISCOUNT_OVER_CEILING,
        Permission.OPEN_DRAWER,
        Permission.CREDIT_OVER_LIMIT,
        Permission.CLOSE_OTHERS_SHIFT,
        Permission.STOCK,
        Permission.REPORTS,
        Permission.JOBS,
    }


def test_a_discount_has_a_ceiling_for_each_role() -> None:
    assert may_discount(Role.CASHIER, 1000)
    assert not may_discount(Role.CASHIER, 1001)
    assert may_discount(Role.SUPERVISOR, 3000)
    assert not may_discount(Role.SUPERVISOR, 3001)
    assert may_discount(Role.MANAGER, 10_000)


def test_pins() -> None:
    assert [check_pin(pin) for pin in ("1234", "1111", "12345678")] == ["1234", "1111", "12345678"]
    for pin in ("", "123", "123456789", "12a4", "١٢٣٤"):
        with pytest.raises(Refused):
            check_pin(pin)


def test_a_lockout_grows_to_its_longest() -> None:
    delays = [lockout_seconds(failures) for failures in range(200)]
    assert delays[:6] == [0, 0, 0, 5, 10, 20]
    assert delays == sorted(delays)
    assert delays[-1] == lockout_seconds(10**9) == 900


def test_till_codes() -> None:
    assert check_till_code("T1") == "T1"
    for text in ("", "t1", "TOOLONG", "T-1"):
        with pytest.raises(Refused):
            check_till_code(text)
