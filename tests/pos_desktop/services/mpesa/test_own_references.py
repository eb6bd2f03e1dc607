"""A till that has another code now knows what it has asked for by the earlier one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from pos_desktop.domain.mpesa_money import MoneyState
from pos_desktop.domain.mpesa_reference import make_reference
from pos_desktop.services.mpesa.own_references import is_another_tills
from pos_desktop.storage import mpesa_waits, node
from tests.pos_desktop.services.mpesa.scene import AMINA, Scene, opened
from tests.pos_desktop.services.mpesa.test_scenarios import (
    SUGAR,
    fate,
    furnished,
    read_list,
    wait_for_it,
)


@pytest.fixture
def scene(shop_directory: Path) -> Iterator[Scene]:
    with opened(shop_directory) as scene:
        yield furnished(scene)


def rename(scene: Scene) -> None:
    database, now = scene.shop.database, scene.shop.books.node
    with database.write():
        node.begin_epoch(
            database, scene.clock, shop_id=now.shop_id, till_id=now.till_id, till_code="T2"
        )


def test_what_waits_by_the_earlier_code_has_its_payment(scene: Scene) -> None:
    scene.answer("SUGAR")
    cart = wait_for_it(scene)
    wait = mpesa_waits.find(scene.shop.database, cart)
    assert wait is not None
    scene.answer("hold")
    rename(scene)
    paid = scene.simulator.pay_by_hand(AMINA, SUGAR, wait.reference.lower())
    read_list(scene)
    assert fate(scene, paid) == (MoneyState.MATCHED, cart)


def test_what_was_sold_by_the_earlier_code_was_this_tills(scene: Scene) -> None:
    scene.answer("SUGAR", "pay cash")
    rename(scene)
    paid = scene.simulator.pay_by_hand(AMINA, SUGAR, make_reference("T1", 99))
    read_list(scene)
    assert fate(scene, paid)[0] is MoneyState.UNMATCHED


def test_a_code_by_which_nothing_was_done_here_is_another_tills(scene: Scene) -> None:
    rename(scene)
    other = scene.simulator.pay_by_hand(AMINA, SUGAR, make_reference("T1", 99))
    read_list(scene)
    assert fate(scene, other)[0] is MoneyState.ELSEWHERE
    assert is_another_tills(scene.shop.database, make_reference("T3", 99))
    assert not is_another_tills(scene.shop.database, "SHOES")
