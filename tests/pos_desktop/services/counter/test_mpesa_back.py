"""Payments given back over the counter: the drawer and the Z add up with each."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from pos_desktop.cli.play_command import play_line
from pos_desktop.domain.errors import Refused
from pos_desktop.domain.mpesa_money import MoneyState
from pos_desktop.services.people.acting import Approval, ChangedMeanwhile, NeedsApproval
from pos_desktop.services.people.customers import Particulars
from pos_desktop.services.people.sign_in import Person
from pos_desktop.storage import shifts
from tests.pos_desktop.conftest import CASHIER, MANAGER, add_product
from tests.pos_desktop.services.mpesa.scene import Scene, opened
from tests.pos_desktop.services.mpesa.told import CODE, state_of, told

S = MoneyState


@pytest.fixture
def scene(shop_directory: Path) -> Iterator[Scene]:
    with opened(shop_directory) as scene:
        add_product(scene.shop, "SUGAR", "Sugar 1 kg", 165_00)
        scene.shop.till.sign_in(*CASHIER)
        scene.shop.till.state.shift = scene.shop.closing.open_shift(scene.person, 2_000_00)
        yield scene


@pytest.fixture
def manager(scene: Scene) -> Person:
    return scene.shop.sign_in.sign_in(*MANAGER)


def expected(scene: Scene) -> int:
    """Return what the drawer should hold."""
    shift = scene.shop.closing.current()
    assert shift is not None
    return shifts.drawer(scene.shop.database, shift).expected_cents


def customer(scene: Scene) -> str:
    return scene.shop.customers.add(Particulars(name="Amina"), actor=None).id


def test_cash_leaves_the_drawer_once(scene: Scene, manager: Person) -> None:
    told(scene, 500_40)
    back = scene.shop.mpesa_back
    with pytest.raises(NeedsApproval):
        back.in_cash(CODE, actor=scene.person)
    assert back.in_cash(CODE, actor=scene.person, approval=Approval(manager)) == 500_00
    assert (expected(scene), state_of(scene)) == (1_500_00, S.REFUNDED)
    with pytest.raises(ChangedMeanwhile):
        back.in_cash(CODE, actor=manager)
    assert expected(scene) == 1_500_00
    [move] = scene.shop.database.rows("SELECT reason, amount_cents FROM cash_move")
    assert move == {"reason": f"M-Pesa {CODE} given back", "amount_cents": -500_00}


def test_without_a_shift_nothing_is_given(scene: Scene, manager: Person) -> None:
    told(scene)
    scene.shop.closing.close_shift(scene.person, 2_000_00)
    with pytest.raises(Refused):
        scene.shop.mpesa_back.in_cash(CODE, actor=manager)
    with pytest.raises(Refused, match="Open a shift first"):
        scene.shop.mpesa_back.in_credit(CODE, customer(scene), actor=manager)
    assert state_of(scene) is S.UNMATCHED


def test_a_customers_credit_is_a_payment_on_account_by_m_pesa(
    scene: Scene, manager: Person
) -> None:
    told(scene)
    taken = scene.shop.mpesa_back.in_credit(CODE, customer(scene), actor=manager)
    assert (taken.owed_cents, state_of(scene), expected(scene)) == (-500_00, S.REFUNDED, 2_000_00)
    [paid] = scene.shop.database.rows("SELECT kind, amount_cents, reference FROM account_payment")
    assert paid == {"kind": "mpesa", "amount_cents": 500_00, "reference": CODE}
    with pytest.raises(ChangedMeanwhile):
        scene.shop.mpesa_back.in_credit(CODE, customer(scene), actor=manager)


def test_of_more_than_was_typed_only_the_difference_goes_back(
    scene: Scene, manager: Person
) -> None:
    for line in ("SUGAR", f"pay mpesa-code {CODE}"):
        assert play_line(scene.shop, 1, line)["ok"]
    told(scene, 200_00)
    assert state_of(scene) is S.DIFFERS
    assert scene.shop.mpesa_back.in_cash(CODE, actor=manager) == 35_00
    assert (expected(scene), state_of(scene)) == (1_965_00, S.MATCHED)


def test_the_z_adds_up(scene: Scene, manager: Person) -> None:
    told(scene)
    scene.shop.mpesa_back.in_cash(CODE, actor=manager)
    scene.shop.closing.close_shift(scene.person, expected(scene))
    z = scene.shop.closing.z(manager)
    assert z.number == 1
    [closed] = scene.shop.database.rows("SELECT counted_cents, expected_cents FROM shift_close")
    assert closed == {"counted_cents": 1_500_00, "expected_cents": 1_500_00}
