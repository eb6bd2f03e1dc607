"""A till of the torture, a process of its own: it sells as a cashier does, until it is killed.

    python -m tests.pos_desktop.services.mpesa.torture_till till|worker FOLDER CLOCK SEED NETWORK

Everything goes through the program's own commands and services. What only the customer knows is
asked by a line of JSON, and answered by one. The worker carries the queue's jobs out beside it.
"""

from __future__ import annotations

import json
import os
import random
import sys
import time
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

from pos_queue.errors import NoNetwork
from pos_queue.premises import Terms
from pos_sync.http.transport import TimeLimits
from pos_sync.mpesa.errors import MpesaError

from pos_desktop.cli.play_command import play_line
from pos_desktop.domain import commands as do
from pos_desktop.domain.errors import PosError
from pos_desktop.domain.ids import Id
from pos_desktop.domain.money import Cents
from pos_desktop.domain.mpesa_attempt import UNDER_WAY
from pos_desktop.services.counter.steps import finish
from pos_desktop.services.mpesa.list_reading import TimesUnclear
from pos_desktop.services.people.sign_in import Person
from pos_desktop.shop import Shop, open_shop
from pos_desktop.shop_locks import till_open
from tests.pos_desktop.services.mpesa.shared_time import TILL, SharedTime

NO_NETWORK = "http://127.0.0.1:9"
CASHIER = "cashier"
NO_REFERENCE = "RUTH"
"""What a customer types who was told none."""
CODES = ("SUGAR", "MILK", "TOM", "EGG")
LIMITS = TimeLimits(connect=2, silence=0.3, whole=0.4)
"""Shorter than in a shop, so that answers are lost that come too late."""
_BASE_URL = "POS_MPESA_BASE_URL"


class Seller:
    """Serves one customer after the other."""

    def __init__(self, shop: Shop, clock: SharedTime, seed: int, network: str) -> None:
        self._shop = shop
        self._clock = clock
        self._chance = random.Random(seed)
        self._network = network
        self._number = seed * 10_000

    def serve(self) -> None:
        """Serve a customer, from the first product to the end of the cart."""
        self._look_at_network()
        self._clock.sleep(self._chance.choice((5, 20, 60)))
        if self._shop.till.state.basket.is_empty:
            for code in self._chance.sample(CODES, self._chance.randint(1, 3)):
                self._type(f"{self._chance.randint(1, 9)}*{code}")
        ways: dict[Callable[[], object], int] = {
            self._by_push: 45,
            self._by_two_phones: 10,
            self._in_parts: 8,
            self._by_hand: 25,
            self._by_false_code: 1,
            self._by_nothing: 3,
        }
        (way,) = self._chance.choices([*ways], [*ways.values()])
        way()
        self.finish()

    def finish(self) -> None:
        """End the open cart: by what has come, another tender, or the customer leaves."""
        self._look_at_network()
        for _time in range(3):
            if not self._take_what_came():
                break
        if self._shop.till.state.basket.is_empty:
            return
        if self._chance.random() < 0.7:
            self._type("pay cash")
        if not self._shop.till.state.basket.is_empty:
            self._shop.till.clear()

    # the ways to pay

    def _by_push(self) -> None:
        phone = self._phone()
        for _time in range(self._chance.choice((1, 1, 2, 3))):
            if self._type(f"pay mpesa {phone}")["ok"]:
                return
            if self._is_under_way():
                self._in_doubt(phone)
                return
            if self._chance.random() < 0.3:
                self._by_hand()
                return
            self._clock.sleep(self._chance.choice((1, 30, 130)))

    def _by_two_phones(self) -> None:
        """Ask a phone as the window does, which waits beside it, and at once another: in vain."""
        cart, cents = self._shop.till.state.open_cart(), self._due() // 100 * 100
        if cart is None or cents <= 0:
            return
        self._shop.carts.keep_open(cart)
        self._shop.mpesa.waits.open(cart.id, cents)
        for _phone in range(2):
            with suppress(PosError):
                attempt = self._shop.mpesa.attempts.begin(
                    cart.id, cents, self._phone(), self._shop.till.person
                )
                self._shop.mpesa.pushing.push(attempt.id)
        for _look in range(10):
            if not self._is_under_way():
                break
            self._clock.sleep(20)
            for one in self._shop.mpesa.attempts.of_sale(cart.id):
                self._shop.mpesa.push_query.ask_if_due(one.id)

    def _in_parts(self) -> None:
        due = self._due()
        if due > 300_00:
            self._type(f"pay mpesa {self._phone()} {due // 200}")
        self._by_push()

    def _in_doubt(self, phone: str) -> None:
        """Look at the customer's phone, wait for the list, try another phone in vain, or go on."""
        match self._chance.randrange(4):
            case 0 if receipt := self._customer("sms", phone=phone):
                self._type(f"pay mpesa-code {receipt}")
            case 1:
                self._clock.sleep(self._chance.choice((60, 700)))
                self._read_list()
            case 2:
                self._type(f"pay mpesa {self._phone()}")
            case _:
                self._by_hand()

    def _by_hand(self) -> None:
        if self._shop.till.state.basket.is_empty or self._due() <= 0:
            return
        cart, cents = self._shop.till.state.open_cart(), self._due()
        if cart is None:
            return
        self._shop.carts.keep_open(cart)
        phone = self._phone()
        typed = phone if self._chance.random() < 0.3 else None
        wait = self._shop.mpesa.waits.open(cart.id, cents, typed)
        reference = wait.reference if self._chance.random() < 0.6 else NO_REFERENCE
        receipt = self._customer("hand", phone=phone, cents=cents, reference=reference)
        if receipt and (self._clock.is_offline or self._chance.random() < 0.3):
            self._type(f"pay mpesa-code {receipt}")
            if self._chance.random() < 0.1:
                self._type(f"pay mpesa-code {receipt}")
            return
        if self._chance.random() < 0.8:
            self._read_list()
            self._pick(cart.id)

    def _pick(self, cart_id: Id) -> None:
        wait_found = list(self._shop.mpesa.waits.look(cart_id).offers)
        due = self._due()
        for money in wait_found:
            if money.amount_cents <= due and self._chance.random() < 0.5:
                self._customer("chosen", receipt=money.receipt)
                self._shop.mpesa.waits.pick(cart_id, money.receipt)
                return

    def _by_false_code(self) -> None:
        signs = "ABCDEFGHJKLMNPQRSTUVWXYZ0123456789"
        code = "F" + "".join(self._chance.choices(signs, k=9))
        self._type(f"pay mpesa-code {code}")

    def _by_nothing(self) -> None:
        self._clock.sleep(30)

    # what all of them need

    def _take_what_came(self) -> bool:
        cart = self._shop.till.state.open_cart()
        if cart is None:
            return False
        tenders = self._shop.till.payment().tenders
        for come in self._shop.mpesa.waits.come(cart.id, tenders):
            try:
                self._shop.desk.execute(do.TakeMpesa(come.reference))
            except PosError:
                continue
            return True
        return False

    def _is_under_way(self) -> bool:
        cart_id = self._shop.till.state.cart_id
        if cart_id is None:
            return False
        return any(one.state in UNDER_WAY for one in self._shop.mpesa.attempts.of_sale(cart_id))

    def _due(self) -> Cents:
        payment = self._shop.till.payment()
        return payment.remaining_cents

    def _phone(self) -> str:
        """Return the phone of somebody new, or of one of a few who come often."""
        if self._chance.random() < 0.05:
            return f"25471000000{self._chance.randrange(5)}"
        self._number += 1
        return f"2547{20_000_000 + self._number:08}"

    def _type(self, line: str) -> dict[str, Any]:
        return play_line(self._shop, 1, line)

    def _read_list(self) -> None:
        with suppress(NoNetwork, MpesaError, TimesUnclear):
            self._shop.mpesa.payment_list.run()

    def _customer(self, what: str, **asked: object) -> str:
        """Ask the customer something; return what they say, nothing where they say nothing."""
        cart_id = self._shop.till.state.cart_id
        print(json.dumps({"what": what, "cart": cart_id, **asked}), flush=True)
        return str(json.loads(sys.stdin.readline())["says"])

    def _look_at_network(self) -> None:
        look_at_network(self._clock, self._network)


def look_at_network(clock: SharedTime, network: str) -> None:
    """Let the shop ask where nobody listens while there is no network."""
    os.environ[_BASE_URL] = NO_NETWORK if clock.is_offline else network


def sell(shop: Shop, clock: SharedTime, seed: int, network: str) -> None:
    """Sell until the day is over, and leave no cart open then."""
    with till_open(shop.directory, shop.till):
        shop.till.resume()
        shop.till.state.person = cashier(shop)
        shop.till.state.shift = shop.closing.current()
        seller = Seller(shop, clock, seed, network)
        if not shop.till.state.basket.is_empty:
            seller.finish()
        while not clock.is_over:
            seller.serve()
        for held in shop.carts.held():
            finish(shop.till.recalling(held.id))
            seller.finish()


def cashier(shop: Shop) -> Person:
    """Return who sells, without asking for the PIN."""
    return next(one for one in shop.sign_in.people() if one.login == CASHIER)


def work(shop: Shop, clock: SharedTime, network: str) -> None:
    """Carry out the jobs of the queue until the day is over."""
    while not clock.is_over:
        look_at_network(clock, network)
        shop.queue.runner(Terms(when_empty=True)).run()
        time.sleep(0.08)


def main() -> None:
    """Do what the command line says."""
    part, folder, clock_file, seed, network = sys.argv[1:]
    clock = SharedTime(Path(clock_file), TILL if part == "till" else None)
    look_at_network(clock, network)
    with closing(open_shop(Path(folder), clock=clock)) as shop:
        shop.mpesa.daraja.limits = LIMITS
        print(json.dumps({"what": "ready"}), flush=True)
        if part == "till":
            sell(shop, clock, int(seed), network)
        else:
            work(shop, clock, network)


if __name__ == "__main__":
    main()
