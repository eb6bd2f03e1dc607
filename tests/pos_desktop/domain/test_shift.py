"""The drawer of a shift, and who may do what at it."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest

from pos_desktop.domain.errors import Refused
from pos_desktop.domain.receipt_number import check_till_code
from pos_desktop.domain.shift import Drawer
from pos_desktop.domain.staff import (
    BUILT_IN,
    CASHIER,
    MANAGER,
    SUPERVISOR,
    Permission,
    Role,
    check_pin,
    check_role,
    lockout_seconds,
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
    for lower, higher in pairwise(BUILT_IN.values()):
        assert lower.permissions < higher.permissions
    assert not CASHIER.may(Permission.SET_PRICE)
    assert SUPERVISOR.may(Permission.SET_PRICE)
    assert all(MANAGER.may(permission) for permission in Permission)


def test_what_each_role_may_not_do_alone() -> None:
    assert MANAGER.permissions - SUPERVISOR.permissions == {
        Permission.ACCEPT_UNVERIFIED,
        Permission.MPESA,
        Permission.SECOND_Z,
        Permission.CATALOGUE,
        Permission.CUSTOMER_CREDIT,
        Permission.PERSONAL_DATA,
        Permission.IMPORT,
        Permission.STAFF,
        Permission.MAIL,
        Permission.SETTINGS,
    }
    assert SUPERVISOR.permissions - CASHIER.permissions == {
        Permission.SET_PRICE,
        Permission.DISCOUNT_OVER_CEILING,
        Permission.OPEN_DRAWER,
        Permission.CREDIT_OVER_LIMIT,
        Permission.REFUND_WITHOUT_RECEIPT,
        Permission.REFUND_OTHERWISE,
        Permission.CLOSE_OTHERS_SHIFT,
        Permission.STOCK,
        Permission.REPORTS,
        Permission.JOBS,
    }


def test_a_discount_has_a_ceiling_for_each_role() -> None:
    assert CASHIER.may_discount(1000)
    assert not CASHIER.may_discount(1001)
    assert SUPERVISOR.may_discount(3000)
    assert not SUPERVISOR.may_discount(3001)
    assert MANAGER.may_discount(10_000)


def test_a_role_of_the_shop_is_one_word_with_a_possible_ceiling() -> None:
    own = Role("stockkeeper", frozenset({Permission.STOCK}), 0)
    assert check_role(own) is own
    for wrong in ("", "Two Words", "a" * 30, "Chef"):
        with pytest.raises(Refused):
            check_role(replace(own, name=wrong))
    for share in (-1, 100_01):
        with pytest.raises(Refused):
            check_role(replace(own, ceiling_bp=share))


def test_a_manager_may_do_everything_for_ever() -> None:
    assert check_role(MANAGER) is MANAGER
    with pytest.raises(Refused):
        check_role(replace(MANAGER, permissions=frozenset()))


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
