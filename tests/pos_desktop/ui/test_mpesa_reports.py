"""From M-Pesa's report to the screen, through a real relay: within a second."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pos_sync.testing.mpesa.habits import Habits, Merchant
from pos_sync.testing.mpesa.scripts import Script
from pos_sync.testing.mpesa.simulator import MpesaSimulator
from PySide6.QtCore import Qt

from tests.pos_desktop.services.mpesa.relay_scene import join, merchant_of
from tests.pos_desktop.services.mpesa.scene import AMINA, BARAKA, RELAY
from tests.pos_desktop.ui.conftest import FLOUR, Cashier
from tests.pos_desktop.ui.test_tenders_page import tenders
from tests.pos_sync.relay.scene import Clock, make_shop, running

K = Qt.Key
MOST_SECONDS = 1.0


@dataclass
class Counter:
    """A window, and M-Pesa behind a relay."""

    cashier: Cashier
    simulator: MpesaSimulator

    def seconds_to_change(self) -> float:
        """Return how long it takes from now until the sale is done."""
        began = time.perf_counter()
        self.cashier.until(lambda: self.cashier.page() is self.cashier.sell.change)
        return time.perf_counter() - began


@pytest.fixture
def counter(at_door: Cashier, tmp_path: Path) -> Iterator[Counter]:
    database = str(tmp_path / "relay.sqlite")
    made, shop = make_shop(database, tills=("T1",)), at_door.program.shop
    with running(database, hands=Clock()) as relay:
        merchant: Merchant = merchant_of(made)
        habits = Habits(routes={RELAY: relay.url}, repeat_seconds=0)
        with MpesaSimulator(
            merchant,
            now=lambda: datetime.now(UTC),
            monotonic=shop.clock.base.monotonic,
            habits=habits,
        ) as simulator:
            done: list[object] = []

            def set_up() -> None:
                join(shop, simulator, relay, made, "T1", is_shared=False)
                shop.mpesa.registering.register_confirmations(actor=None)

            at_door.program.lane.submit(set_up, done.append)
            at_door.until(lambda: done)
            simulator.script(Script(code=None))
            at_door.sign_in()
            at_door.until(lambda: shop.mpesa.relay.is_live)
            yield Counter(at_door, simulator)


def test_a_push_is_paid_on_the_screen_within_a_second(counter: Counter) -> None:
    cashier = counter.cashier
    for _sale in range(3):
        cashier.hands.scan(FLOUR)
        cashier.hands.press(K.Key_F9)
        cashier.until(lambda: cashier.page() is cashier.sell.money.mpesa.page)
        cashier.hands.type("0712345678\r")
        cashier.until(lambda: counter.simulator.open_prompts)
        cashier.until(lambda: cashier.page() is cashier.sell.money.mpesa.watch)
        paid = counter.simulator.answer(AMINA)
        assert paid is not None
        assert counter.seconds_to_change() < MOST_SECONDS
        assert tenders(cashier)[-1] == ("mpesa", 190_00, paid.receipt)
        cashier.hands.press(K.Key_Escape)


def test_what_comes_by_itself_is_on_the_screen_within_a_second(counter: Counter) -> None:
    cashier = counter.cashier
    for _sale in range(3):
        cashier.hands.scan(FLOUR)
        cashier.hands.press(K.Key_F9)
        cashier.until(lambda: cashier.page() is cashier.sell.money.mpesa.page)
        paid = counter.simulator.pay_by_hand(BARAKA, 190_00, "FLOUR")
        assert counter.seconds_to_change() < MOST_SECONDS
        assert tenders(cashier)[-1] == ("mpesa", 190_00, paid.receipt)
        cashier.hands.press(K.Key_Escape)
