"""Who has paid is forgotten after a month, and what is overdue is told of once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from pos_sync.testing.mpesa.scripts import Script

from pos_desktop.domain.mpesa_attempt import AttemptState
from pos_desktop.domain.mpesa_money import MoneySource
from pos_desktop.services.job_keeping import PRUNE_JOBS
from pos_desktop.services.mpesa import forgetting
from pos_desktop.services.mpesa.payment_list import PULL_MPESA
from pos_desktop.storage import (
    mpesa_attempts,
    mpesa_money,
    mpesa_reports,
    mpesa_waits,
    notifications,
    staff,
)
from pos_desktop.storage.moments import to_stored
from pos_desktop.storage.mpesa_money import Money
from tests.pos_desktop.services.mpesa.scene import AMINA, Scene, opened


@pytest.fixture
def scene(shop_directory: Path) -> Iterator[Scene]:
    with opened(shop_directory) as scene:
        yield scene


def told(scene: Scene, receipt: str) -> None:
    at = to_stored(scene.clock.now())
    scene.mpesa.money.take_in(
        Money(
            receipt=receipt,
            amount_cents=100_00,
            paid_at=at,
            short_code="174379",
            payer_phone=AMINA,
            payer_digest="0" * 64,
            payer_mask="2547*678",
            payer_name="AMINA",
            source=MoneySource.PULL,
            is_confirmed=True,
            told_at=at,
            changed_at=at,
        )
    )


def test_payers_are_forgotten_after_a_month(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forgetting, "_LOT", 2)
    database = scene.shop.database
    carts = [scene.cart() for _cart in range(5)]
    for place, cart in enumerate(carts):
        scene.mpesa.waits.open(cart, 100_00, AMINA)
        scene.ask(cart, 1_450_00 + place * 100)
        told(scene, f"RKL51ZDR4{place}")
        with database.write():
            mpesa_waits.close(database, cart, to_stored(scene.clock.now()))
    scene.pass_by(15)
    with database.write():
        mpesa_reports.add(database, to_stored(scene.clock.now()), "confirm", "", "{}")
    scene.clock.advance(timedelta(days=30))
    told(scene, "RKL51ZDR4N")
    scene.shop.queue.enqueue(PRUNE_JOBS)
    scene.work()
    assert mpesa_attempts.of_sale(database, carts[0])[0].phone == AMINA
    scene.clock.advance(timedelta(days=2))
    scene.shop.queue.enqueue(PRUNE_JOBS)
    scene.work()
    for place, cart in enumerate(carts):
        assert mpesa_attempts.of_sale(database, cart)[0].phone == ""
        assert mpesa_waits.find(database, cart) is None
        money = mpesa_money.find(database, f"RKL51ZDR4{place}")
        assert money is not None
        assert (money.payer_phone, money.payer_digest, money.payer_name) == (None, None, "")
        assert money.payer_mask == "2547*678"
    kept = mpesa_money.find(database, "RKL51ZDR4N")
    assert kept is not None
    assert kept.payer_name == "AMINA"
    assert mpesa_reports.find(database, 1) is None


def test_managers_hear_once_of_what_is_paid_and_in_no_list(scene: Scene) -> None:
    scene.simulator.script(Script(confirmations=()))
    attempt = scene.ask(scene.cart())
    scene.pass_by(10)
    assert scene.mpesa.attempts.find(attempt.id).state is AttemptState.PAID

    for hours, count in ((23, 0), (2, 1), (6, 1)):
        scene.clock.advance(timedelta(hours=hours))
        scene.shop.queue.enqueue(PULL_MPESA)
        scene.work()
        assert len(unread(scene)) == count
    assert "1,450.00" in unread(scene)[0]


def test_managers_hear_of_what_the_tray_shows_for_that(scene: Scene) -> None:
    scene.simulator.script(Script(confirmations=()))
    attempt = scene.ask(scene.cart())
    scene.pass_by(10)
    database = scene.shop.database
    database.execute_sql("UPDATE mpesa_attempt SET state = 'mismatch' WHERE id = ?", (attempt.id,))
    for hours, count in ((23, 0), (2, 1)):
        scene.clock.advance(timedelta(hours=hours))
        assert scene.mpesa.tray.count() == count
        assert scene.mpesa.missing_codes.tell(1) == count
    assert "1,450.00" in unread(scene)[0]


def unread(scene: Scene) -> list[str]:
    people = staff.everybody(scene.shop.database)
    found = (notifications.unread(scene.shop.database, one.id, 9) for one in people)
    return [one.text for some in found for one in some]
