"""One receipt is of one push, whatever was taken for it before; and no row stops there."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from pos_sync.testing.mpesa.scripts import Script

from pos_desktop.domain.mpesa_money import MoneyState
from pos_desktop.services.mpesa.tray.tray_acts import OfAnotherPush, Target
from pos_desktop.storage import mpesa_money, notifications
from pos_desktop.storage.mpesa_money import Money
from tests.pos_desktop.conftest import MANAGER
from tests.pos_desktop.services.mpesa.scene import AMINA, BARAKA, Scene, opened
from tests.pos_desktop.services.mpesa.test_scenarios import (
    ASK,
    LOST,
    SUGAR,
    M,
    S,
    fate,
    furnished,
    last,
    read_list,
    sold,
)


@pytest.fixture
def scene(shop_directory: Path) -> Iterator[Scene]:
    with opened(shop_directory) as scene:
        yield furnished(scene)


def test_the_code_of_an_earlier_push_is_typed_while_a_later_one_is_paid_too(scene: Scene) -> None:
    """Its answer is lost; a manager has ended it; she shows her message, and pays again."""
    scene.simulator.plan(LOST)
    scene.answer("SUGAR", ASK)
    cart = scene.shop.till.state.open_cart()
    assert cart is not None
    scene.clock.advance(timedelta(minutes=4))
    first = last(scene, cart.id)
    manager = scene.shop.sign_in.sign_in(*MANAGER)
    scene.mpesa.overriding.override(first.id, actor=manager)
    scene.simulator.script(Script(code=None))
    second = scene.shop.mpesa_desk.begin(cart, SUGAR, AMINA, scene.person)
    scene.mpesa.pushing.push(second.id)
    [paid] = scene.simulator.ledger.payments_by(AMINA)
    assert scene.answer(f"pay mpesa-code {paid.receipt}")["receipt"] == "T1-000001"
    scene.simulator.answer(AMINA)
    scene.pass_by(15)
    other = scene.simulator.pay_by_hand(BARAKA, 300_00, "SHOES")
    read_list(scene)
    _sale, sale_id = sold(scene)
    too_much = next(
        one for one in scene.simulator.ledger.payments_by(AMINA) if one.receipt != paid.receipt
    )
    assert fate(scene, paid) == (M.MATCHED, sale_id)
    assert fate(scene, too_much) == (M.SUSPENSE, None)
    assert fate(scene, other)[0] is M.UNMATCHED
    found = [scene.mpesa.attempts.find(one.id) for one in (first, second)]
    assert [one.receipt for one in found] == [paid.receipt, too_much.receipt]
    assert found[1].state is S.LATE_PAID


def test_what_another_push_has_brought_is_no_sales_missing_code(scene: Scene) -> None:
    scene.simulator.plan(LOST)
    scene.answer("SUGAR", ASK, "pay cash")
    read_list(scene)
    [paid] = scene.simulator.ledger.payments_by(AMINA)
    assert scene.answer("SUGAR", "pay mpesa 0110000001")["receipt"] == "T1-000002"
    _sale, sale_id = sold(scene)
    named = last(scene, sale_id).reference
    acts, manager = scene.mpesa.acts, scene.shop.sign_in.sign_in(*MANAGER)
    assert [one for one in acts.targets(paid.receipt) if one.named] == []
    target = Target(sale_id=sale_id, sale_number="T1-000002", named=named)
    with pytest.raises(OfAnotherPush):
        acts.attach(paid.receipt, target, actor=manager)
    assert fate(scene, paid)[0] is MoneyState.SUSPENSE
    read_list(scene)
    [own] = scene.simulator.ledger.payments_by(BARAKA)
    assert fate(scene, own) == (M.MATCHED, sale_id)


def test_a_row_that_cannot_be_taken_in_stops_none_behind_it(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad = scene.simulator.pay_by_hand(AMINA, 200_00, "HAT")
    good = scene.simulator.pay_by_hand(BARAKA, 300_00, "SHOES")
    take_in = scene.mpesa.money.take_in

    def fail(told: Money) -> Money:
        if told.receipt == bad.receipt:
            raise RuntimeError("no")
        return take_in(told)

    monkeypatch.setattr(scene.mpesa.money, "take_in", fail)
    scene.clock.advance(timedelta(minutes=1))
    assert scene.mpesa.payment_list.run().unread == 1
    scene.clock.advance(timedelta(minutes=1))
    scene.mpesa.payment_list.run()
    assert fate(scene, good)[0] is M.UNMATCHED
    manager = scene.shop.sign_in.sign_in(*MANAGER)
    texts = [one.text for one in notifications.unread(scene.shop.database, manager.id, 9)]
    assert len([one for one in texts if bad.receipt in one]) == 1, "told of once"
    monkeypatch.undo()
    read_list(scene)
    assert mpesa_money.find(scene.shop.database, bad.receipt) is not None
