"""A till that sells at a steady pace and measures each sale."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from pos_desktop.cli.bench import goods
from pos_desktop.domain.tender import Payment
from pos_desktop.services.sales.selling import Checkout
from pos_desktop.shop import Shop

LINES = 5
PACE_SECONDS = 0.02

Times = dict[str, list[float]]
"""In seconds: `sale` from the payment to the answer, `lock` from asking to holding the lock (once a
transaction, in the thread that sells), and
`late` by how much a sleep between two sales was too long: what the machine itself costs."""


def no_times() -> Times:
    """Return times before the first sale."""
    return {"sale": [], "lock": [], "late": []}


class Seller:
    """Sells baskets of five lines and notes how long each took."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop
        self.times = no_times()
        items = [shop.catalogue.item(goods.barcode(place)) for place in range(0, 500, 7)]
        self._items = items
        self._measure_lock()

    def _measure_lock(self) -> None:
        write, this, depth = self._shop.database.write, threading.current_thread(), 0

        @contextmanager
        def timed() -> Iterator[None]:
            nonlocal depth
            is_outermost = not depth and threading.current_thread() is this
            if not is_outermost:
                with write():
                    yield
                return
            began, depth = time.perf_counter(), 1
            try:
                with write():
                    self.times["lock"].append(time.perf_counter() - began)
                    yield
            finally:
                depth = 0

        self._shop.database.write = timed  # type: ignore[method-assign, assignment]

    def sell(self) -> None:
        """Record one sale; only that is measured, not the scanning before."""
        shop, number = self._shop, len(self.times["sale"])
        basket = shop.till.state.basket
        for place in range(LINES):
            basket = basket.add(self._items[(number * LINES + place) % len(self._items)], 1000)
        due = shop.selling.price(basket, shop.till.shift.business_day).totals.gross_cents
        payment = Payment(due_cents=due, rules=shop.configuration.rounding).cash(None)
        checkout = Checkout(
            basket=basket, payment=payment, person=shop.till.person, shift=shop.till.shift
        )
        began = time.perf_counter()
        shop.selling.complete(checkout)
        self.times["sale"].append(time.perf_counter() - began)

    def sell_until(self, over: Callable[[], Any], pace: float = PACE_SECONDS) -> Times:
        """Sell one basket after another, each a little after the one before."""
        while not over():
            self.sell()
            began = time.perf_counter()
            time.sleep(pace)
            self.times["late"].append(time.perf_counter() - began - pace)
        return self.times
