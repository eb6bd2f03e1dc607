"""What the list does not show for certain ends no prompt, and no row of it is lost."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pos_sync.mpesa.nairobi import EAT
from pos_sync.testing.mpesa.calls import Call
from pos_sync.testing.mpesa.habits import Habits
from pos_sync.testing.mpesa.said import Said
from pos_sync.testing.mpesa.scripts import Script, Trouble

from pos_desktop.services.mpesa import list_reading
from pos_desktop.services.mpesa.setup.daraja_line import ClockFarOff
from pos_desktop.storage import mpesa_money
from pos_desktop.storage.moments import to_stored
from tests.pos_desktop.services.mpesa.scene import AMINA, BARAKA, Scene, opened
from tests.pos_desktop.services.mpesa.test_scenarios import (
    ASK,
    LOST,
    NOT_DONE,
    SUGAR,
    S,
    cart_id,
    charged,
    furnished,
    last,
    read_list,
)

CODE = "RKL51ZDR4F"
Row = dict[str, Any]


@pytest.fixture
def scene(shop_directory: Path) -> Iterator[Scene]:
    with opened(shop_directory) as scene:
        furnished(scene).mpesa.payment_list.run()
        yield scene


def said(code: str, rows: Sequence[Row] = (), status: int = 200) -> Said:
    words = "Failed to retrieve transactions" if code == "500" else "Success"
    body = {"ResponseCode": code, "ResponseMessage": words, "Response": [list(rows)]}
    return Said(status, json.dumps(body).encode())


def row(receipt: str, at: datetime, kind: str = "c2b-pay-bill-debit") -> Row:
    return {
        "transactionId": receipt,
        "trxDate": at.astimezone(EAT).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "msisdn": "2547*****678",
        "transactiontype": kind,
        "billreference": "SHOES",
        "amount": "300.00",
    }


def known(scene: Scene, receipt: str) -> bool:
    return mpesa_money.find(scene.shop.database, receipt) is not None


@pytest.mark.parametrize("status", [200, 500])
def test_a_list_that_fails_ends_no_prompt_and_is_read_again(scene: Scene, status: int) -> None:
    scene.simulator.plan(LOST)
    scene.answer("SUGAR", ASK)
    cart = cart_id(scene)
    scene.simulator.plan(Trouble(at=Call.PULL, say=said("500", status=status)))
    scene.clock.advance(timedelta(minutes=11))
    assert scene.mpesa.payment_list.run().cleared == 0
    assert last(scene, cart).state is S.UNKNOWN
    scene.simulator.plan()
    read_list(scene)
    assert last(scene, cart).state is S.CONFIRMED
    assert charged(scene) == SUGAR


def test_what_came_while_the_list_failed_is_read_with_the_next_run(scene: Scene) -> None:
    paid = scene.simulator.pay_by_hand(BARAKA, 300_00, "SHOES")
    scene.simulator.plan(Trouble(at=Call.PULL, say=said("500")))
    for _hour in range(3):
        read_list(scene, 60)
    assert not known(scene, paid.receipt)
    scene.simulator.plan()
    read_list(scene)
    assert known(scene, paid.receipt)


def test_a_clock_set_ahead_ends_no_prompt_that_the_customer_still_has(
    shop_directory: Path,
) -> None:
    with opened(shop_directory, Habits(prompt_seconds=600, minutes_off=10_000)) as scene:
        furnished(scene).mpesa.payment_list.run()
        scene.simulator.script(Script(code=None))
        scene.answer("SUGAR")
        cart = scene.shop.till.state.open_cart()
        assert cart is not None
        attempt = scene.shop.mpesa_desk.begin(cart, SUGAR, AMINA, scene.person)
        scene.mpesa.pushing.push(attempt.id)
        scene.clock.advance(timedelta(seconds=5))
        assert scene.mpesa.payment_list.run().cleared == 0
        scene.clock.set(scene.clock.now() + timedelta(days=1))
        assert scene.mpesa.payment_list.run().cleared == 0
        assert last(scene, cart.id).state is S.ACCEPTED


def test_a_clock_that_was_ahead_when_it_was_sent_keeps_no_prompt_in_doubt(scene: Scene) -> None:
    scene.clock.set(scene.clock.now() + timedelta(days=1))
    scene.simulator.plan(NOT_DONE)
    scene.answer("SUGAR", ASK)
    cart = cart_id(scene)
    scene.clock.set(scene.clock.now() - timedelta(days=1))
    read_list(scene, 13)
    assert last(scene, cart).state is S.CLEARED


def test_one_odd_row_stops_none_of_the_others(scene: Scene) -> None:
    now = scene.clock.now()
    rows = [
        row(CODE, now),
        row("SETTLE0001", now - timedelta(days=1), "merchant-to-organization-settlement"),
        row("RKL51ZDR5G", now - timedelta(hours=7)),
    ]
    scene.simulator.plan(
        Trouble(at=Call.PULL, say=said("1000", rows), times=1),
        Trouble(at=Call.PULL, say=said("1001")),
    )
    scene.clock.advance(timedelta(minutes=2))
    run = scene.mpesa.payment_list.run()
    assert (run.new, run.unread) == (1, 1)
    assert known(scene, CODE)
    assert not known(scene, "RKL51ZDR5G")


def test_a_list_of_more_pages_than_are_read_is_read_in_smaller_pieces(
    shop_directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(list_reading, "MOST_PAGES", 5)
    with opened(shop_directory, Habits(pull_page=10)) as scene:
        furnished(scene).mpesa.payment_list.run()
        scene.simulator.plan(LOST)
        scene.answer("SUGAR", ASK)
        cart = cart_id(scene)
        for number in range(60):
            scene.simulator.pay_by_hand(f"2547{number:08}", (number + 1) * 100, "Z")
            scene.clock.advance(timedelta(seconds=10))
        read_list(scene, 2)
        assert scene.shop.database.value("SELECT count(*) FROM mpesa_money") == 62
        assert last(scene, cart).state is S.CONFIRMED


def test_what_is_too_much_even_for_a_minute_is_not_read_past(
    shop_directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(list_reading, "MOST_PAGES", 5)
    with opened(shop_directory, Habits(pull_page=10)) as scene:
        furnished(scene).mpesa.payment_list.run()
        at = scene.clock.now()
        for number in range(60):
            scene.simulator.pay_by_hand(f"2547{number:08}", (number + 1) * 100, "Z")
        read_list(scene, 12)
        until = scene.mpesa.payment_list.read_until
        assert until is not None
        assert to_stored(until) <= to_stored(at)


def test_a_clock_that_is_days_off_clears_nothing(shop_directory: Path) -> None:
    """What it asks the list for is another time, of which it shows nothing."""
    habits = Habits(minutes_off=100_000)
    with opened(shop_directory, habits, lambda: lead[0]) as scene:
        lead[0] = timedelta()
        furnished(scene).mpesa.payment_list.run()
        scene.simulator.plan(LOST)
        scene.answer("SUGAR", ASK)
        cart = cart_id(scene)
        scene.clock.advance(timedelta(minutes=11))
        scene.clock.set(scene.clock.now() + timedelta(days=3))
        lead[0] = timedelta(days=-3)
        with pytest.raises(ClockFarOff):
            scene.mpesa.payment_list.run()
        assert last(scene, cart).state is S.UNKNOWN


lead = [timedelta()]
"""By how much M-Pesa's clock is ahead."""
