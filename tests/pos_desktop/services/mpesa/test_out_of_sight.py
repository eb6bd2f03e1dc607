"""Money that is there is seen: whatever somebody has said of it before M-Pesa told of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from pos_desktop.domain.mpesa_tray import TrayAct
from pos_desktop.services.people.sign_in import Person
from tests.pos_desktop.conftest import MANAGER
from tests.pos_desktop.services.mpesa.scene import AMINA, BARAKA, Scene, opened
from tests.pos_desktop.services.mpesa.test_scenarios import (
    SUGAR,
    M,
    fate,
    furnished,
    read_list,
    sold,
)
from tests.pos_desktop.services.mpesa.told import told


@pytest.fixture
def scene(shop_directory: Path) -> Iterator[Scene]:
    with opened(shop_directory) as scene:
        yield furnished(scene)


@pytest.fixture
def manager(scene: Scene) -> Person:
    return scene.shop.sign_in.sign_in(*MANAGER)


def to_do(scene: Scene) -> list[str]:
    return [one.code for one in scene.mpesa.tray.to_do(actor=None)]


@pytest.mark.parametrize("is_missing", [True, False])
def test_what_was_typed_for_a_cart_that_was_cleared(
    scene: Scene, manager: Person, *, is_missing: bool
) -> None:
    paid = scene.simulator.pay_by_hand(AMINA, SUGAR, "X")
    scene.answer("SUGAR", "SUGAR", f"pay mpesa-code {paid.receipt} 165")
    scene.answer("clear")
    scene.pass_by(30)
    if is_missing:
        scene.mpesa.acts.missing(paid.receipt, actor=manager)
    else:
        scene.mpesa.acts.elsewhere(paid.receipt, "not ours?", actor=manager)
    assert paid.receipt not in to_do(scene)
    read_list(scene)
    assert fate(scene, paid) == (M.SUSPENSE, None)
    item = scene.mpesa.tray.item(paid.receipt)
    assert item is not None
    assert TrayAct.CASH in item.acts
    assert paid.receipt in to_do(scene)


def test_a_true_code_in_whose_place_another_payment_came(scene: Scene, manager: Person) -> None:
    typed = scene.simulator.pay_by_hand(AMINA, SUGAR, "X")
    other = scene.simulator.pay_by_hand(BARAKA, SUGAR, "Y")
    scene.answer("SUGAR", f"pay mpesa-code {typed.receipt}")
    _sale, sale_id = sold(scene)
    told(scene, SUGAR, other.receipt)
    acts = scene.mpesa.acts
    [target] = [one for one in acts.targets(other.receipt) if one.named]
    acts.attach(other.receipt, target, actor=manager)
    read_list(scene)
    assert fate(scene, other) == (M.MATCHED, sale_id)
    assert fate(scene, typed) == (M.SUSPENSE, None)
    assert typed.receipt in to_do(scene)


def test_what_was_seen_as_typed_and_is_listed_otherwise(scene: Scene, manager: Person) -> None:
    paid = scene.simulator.pay_by_hand(AMINA, 100_00, "X")
    scene.answer("SUGAR", f"pay mpesa-code {paid.receipt}")
    _sale, sale_id = sold(scene)
    scene.mpesa.acts.seen(paid.receipt, actor=manager)
    assert fate(scene, paid) == (M.MATCHED, sale_id)
    read_list(scene)
    item = scene.mpesa.tray.item(paid.receipt)
    assert item is not None
    assert (item.money and item.money.state, item.amount_cents) == (M.DIFFERS, 100_00)
    assert paid.receipt in to_do(scene)
    acts = scene.mpesa.acts
    acts.accept(paid.receipt, actor=manager)
    scene.clock.advance(timedelta(minutes=1))
    read_list(scene)
    assert fate(scene, paid) == (M.MATCHED, sale_id), "it is told of once"
