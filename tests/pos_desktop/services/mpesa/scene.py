"""A shop that is paid through the simulated M-Pesa, under a clock that stands still."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from pos_queue.premises import Terms
from pos_sync.mpesa.account import Account, AccountKind, Secrets
from pos_sync.testing.mpesa.habits import Habits, Merchant
from pos_sync.testing.mpesa.simulator import MpesaSimulator

from pos_desktop import settings
from pos_desktop.cli.play_command import play_line
from pos_desktop.domain.clock import ManualClock
from pos_desktop.domain.ids import Id
from pos_desktop.services.mpesa.mpesa_room import MpesaRoom
from pos_desktop.services.mpesa.setup.mpesa_setup import MpesaKey
from pos_desktop.services.people.sign_in import Person
from pos_desktop.shop import Shop, open_shop
from pos_desktop.storage import carts
from pos_desktop.storage.carts import StoredCart
from pos_desktop.storage.moments import to_stored
from pos_desktop.storage.mpesa_attempts import Attempt
from tests.pos_desktop.conftest import CASHIER

AMINA = "254712345678"
BARAKA = "254110000001"
RELAY = "https://relay.example.com"
PATH = "k7x9"
NOON = datetime(2026, 11, 24, 9, tzinfo=UTC)
KEYS = Secrets(
    consumer_key="key",
    consumer_secret="secret",
    passkey="pass",
    initiator="till",
    credential="Y3JlZGVudGlhbA==",
)
ACCOUNT = Account(kind=AccountKind.PAYBILL, number="174379", callback_url=f"{RELAY}/s/{PATH}")
TILL = Account(
    kind=AccountKind.TILL,
    number="5123456",
    head_office="600001",
    callback_url=ACCOUNT.callback_url,
)
"""Customers pay to it without a reference."""


@dataclass
class Scene:
    """The shop, its clock, and M-Pesa."""

    shop: Shop
    clock: ManualClock
    simulator: MpesaSimulator
    person: Person

    @property
    def mpesa(self) -> MpesaRoom:
        return self.shop.mpesa

    def pass_by(self, seconds: float) -> None:
        """Let time pass, and the queue do what is due by then."""
        self.clock.advance(timedelta(seconds=seconds))
        self.work()

    def answer(self, *lines: str) -> dict[str, Any]:
        """Let the cashier type; return what the last line was answered."""
        return [play_line(self.shop, number, line) for number, line in enumerate(lines, 1)][-1]

    def play(self, *lines: str) -> dict[str, Any]:
        """Let the cashier type what the till takes; return what the last line was answered."""
        answer: dict[str, Any] = {}
        for number, line in enumerate(lines, 1):
            answer = play_line(self.shop, number, line)
            assert answer["ok"], (line, answer)
        return answer

    def open_day(self) -> None:
        """Let the cashier come in, and open a shift."""
        self.shop.till.sign_in(*CASHIER)
        self.shop.till.state.shift = self.shop.closing.open_shift(self.person, 2_000_00)

    def work(self) -> None:
        self.shop.queue.runner(Terms(when_empty=True)).run()

    def restart(self) -> None:
        """End the program where it stands, and start it again."""
        directory = self.shop.directory
        self.shop.close()
        self.shop = open_shop(directory, clock=self.clock)
        self.shop.till.resume()
        self.person = self.shop.till.sign_in(*CASHIER)

    def listed(self) -> None:
        """Let the shop have the list of payments."""
        self.mpesa.daraja.calls().register_pull("254722000000", f"{RELAY}/s/{PATH}/pull")

    def cart(self) -> Id:
        """Keep an open cart; return its id."""
        cart_id = self.shop.books.new_id()
        at = to_stored(self.clock.now())
        cart = StoredCart(cart_id, carts.OPEN, "", self.person.id, {}, at)
        with self.shop.database.write():
            carts.put(self.shop.database, cart, till_id=self.shop.books.node.till_id)
        return cart_id

    def give_up(self, cart_id: Id) -> None:
        with self.shop.database.write():
            carts.remove(self.shop.database, cart_id)

    def ask(self, cart_id: Id, cents: int = 1_450_00, phone: str = AMINA) -> Attempt:
        """Ask a phone for money; return what has become of the attempt so far."""
        attempt = self.mpesa.attempts.begin(cart_id, cents, phone, self.person)
        return self.mpesa.pushing.push(attempt.id)


@contextmanager
def opened(
    folder: Path,
    habits: Habits | None = None,
    ahead: timedelta | Callable[[], timedelta] = timedelta(),
    account: Account = ACCOUNT,
) -> Iterator[Scene]:
    """Open the shop of a folder beside a simulator that serves it, its clock ahead by so much."""
    clock = ManualClock(NOON)
    with MpesaSimulator(
        Merchant(account=account, secrets=KEYS),
        now=lambda: clock.now() + (ahead if isinstance(ahead, timedelta) else ahead()),
        monotonic=clock.monotonic,
        habits=habits,
    ) as simulator:
        shop = open_shop(folder, clock=clock)
        set_up(shop, simulator, account)
        scene = Scene(shop, clock, simulator, shop.sign_in.sign_in(*CASHIER))
        try:
            yield scene
        finally:
            scene.shop.close()


def set_up(shop: Shop, simulator: MpesaSimulator, account: Account = ACCOUNT) -> None:
    """Let a shop be paid through the simulator."""
    for setting, value in (
        (settings.MPESA_KIND, account.kind.value),
        (settings.MPESA_SHORTCODE, account.number),
        (settings.MPESA_HEAD_OFFICE, account.head_office),
        (settings.MPESA_BASE_URL, simulator.base_url),
        (settings.MPESA_CALLBACK_URL, RELAY),
    ):
        shop.configuration.set(setting, value, shop.books, actor=None)
    keys = {
        MpesaKey.CONSUMER_KEY: KEYS.consumer_key,
        MpesaKey.CONSUMER_SECRET: KEYS.consumer_secret,
        MpesaKey.PASSKEY: KEYS.passkey,
        MpesaKey.RELAY_PATH: PATH,
    }
    shop.mpesa.setup.put_keys(keys, actor=None)


def let_reverse(shop: Shop) -> None:
    """Let a shop have payments given back by M-Pesa."""
    keys = {MpesaKey.INITIATOR: KEYS.initiator, MpesaKey.CREDENTIAL: KEYS.credential}
    shop.mpesa.setup.put_keys(keys, actor=None)
