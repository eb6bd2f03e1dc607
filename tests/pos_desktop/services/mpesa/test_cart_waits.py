"""What a till is told of that came for a sale which had gone on without it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from pos_sync.testing.mpesa.scripts import Script

from pos_desktop.domain.mpesa_money import MoneyEvent
from pos_desktop.storage import mpesa_money
from pos_desktop.storage.moments import to_stored
from tests.pos_desktop.services.mpesa.scene import AMINA, Scene, opened
from tests.pos_desktop.services.mpesa.test_scenarios import SUGAR, furnished, wait_for_it
from tests.pos_desktop.services.mpesa.told import CODE, told


@pytest.fixture
def scene(shop_directory: Path) -> Iterator[Scene]:
    with opened(shop_directory) as scene:
        yield scene


def come_late(scene: Scene, since: int) -> list[int]:
    return [one.amount_cents for one in scene.mpesa.waits.come_late(since)]


def test_a_push_that_is_paid_late_is_told_of_and_no_older_one(scene: Scene) -> None:
    scene.simulator.script(Script(code=None))
    since, cart = to_stored(scene.clock.now()), scene.cart()
    scene.ask(cart)
    assert come_late(scene, since) == []
    scene.give_up(cart)
    scene.simulator.answer(AMINA)
    scene.pass_by(60)
    assert come_late(scene, since) == [1_450_00]
    assert come_late(scene, to_stored(scene.clock.now()) + 1) == []


def test_money_is_told_of_when_it_comes_and_not_when_it_stays(scene: Scene) -> None:
    told(scene)
    after = to_stored(scene.clock.now()) + 1
    database = scene.shop.database
    with database.write():
        mpesa_money.move(database, CODE, MoneyEvent.ASK_BACK, after)
        mpesa_money.move(database, CODE, MoneyEvent.STAY, after)
    assert come_late(scene, after) == [], "it did not go back, and has not come now"
    assert come_late(scene, after - 1) == [500_00]


def test_a_cart_that_was_emptied_and_asks_again_waits_again(scene: Scene) -> None:
    furnished(scene)
    scene.play("SUGAR")
    cart = wait_for_it(scene)
    scene.play("void")
    assert not scene.mpesa.waits.is_open(cart)
    scene.clock.advance(timedelta(minutes=20))
    scene.play("SUGAR")
    assert wait_for_it(scene) == cart
    assert scene.mpesa.waits.is_open(cart)
    told(scene, SUGAR)
    assert [one.reference for one in scene.mpesa.waits.come(cart)] == [CODE]
