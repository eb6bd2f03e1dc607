"""A shop, or two tills of one number, beside the simulated M-Pesa and a relay that runs here."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pos_sync.testing.mpesa.habits import Habits, Merchant
from pos_sync.testing.mpesa.simulator import MpesaSimulator

from pos_desktop import settings
from pos_desktop.domain.clock import ManualClock
from pos_desktop.services.mpesa.setup.mpesa_setup import MpesaKey
from pos_desktop.shop import Shop, open_shop
from tests.pos_desktop.conftest import CASHIER
from tests.pos_desktop.services.mpesa.scene import ACCOUNT, KEYS, NOON, RELAY, Scene, set_up
from tests.pos_sync.relay.scene import Hands, Running, make_shop, running

INITIATOR, CREDENTIAL = "till-operator", "sealed-password"


@dataclass
class RelayScene(Scene):
    """A scene with a relay; `made` has its secrets."""

    relay: Running
    made: Any

    def hear(self) -> None:
        """Let M-Pesa's reports arrive, read them, and do what follows from them."""
        self.simulator.wait_for(lambda one: one.is_quiet)
        self.shop.mpesa.reading.read()
        self.work()

    def post(self, path: str, document: Any) -> int:
        """Post a report as anybody could who knows the shop's secret."""
        return self.relay.post(f"/s/{self.made.secret}/{path}", document)


@contextmanager
def relayed(folder: Path, database: Path, habits: Habits | None = None) -> Iterator[RelayScene]:
    """Open the shop of a folder beside both; the relay keeps its messages in `database`."""
    with relayed_tills({"T1": folder}, database, habits) as scenes:
        yield scenes["T1"]


@contextmanager
def relayed_tills(
    folders: dict[str, Path], database: Path, habits: Habits | None = None
) -> Iterator[dict[str, RelayScene]]:
    """Open tills, by their codes, that are paid by one number."""
    clock, made = ManualClock(NOON), make_shop(str(database), tills=tuple(folders))
    with ExitStack() as stack:
        relay = stack.enter_context(running(str(database), hands=Hands(NOON)))
        simulator = stack.enter_context(_simulator(clock, relay, made, habits))
        scenes = {}
        for code, folder in folders.items():
            shop = stack.enter_context(closing(open_shop(folder, clock=clock)))
            join(shop, simulator, relay, made, code, is_shared=len(folders) > 1)
            person = shop.sign_in.sign_in(*CASHIER)
            scenes[code] = RelayScene(shop, clock, simulator, person, relay, made)
        yield scenes


def merchant_of(made: Any) -> Merchant:
    """Return the shop as M-Pesa knows it, for which a relay was made."""
    account = replace(ACCOUNT, callback_url=f"{RELAY}/s/{made.secret}")
    return Merchant(
        account=account, secrets=replace(KEYS, initiator=INITIATOR, credential=CREDENTIAL)
    )


def _simulator(
    clock: ManualClock, relay: Running, made: Any, habits: Habits | None
) -> MpesaSimulator:
    habits = replace(habits or Habits(), routes={RELAY: relay.url})
    return MpesaSimulator(
        merchant_of(made),
        now=clock.now,
        monotonic=clock.monotonic,
        habits=habits,
    )


def join(
    shop: Shop,
    simulator: MpesaSimulator,
    relay: Running,
    made: Any,
    code: str,
    *,
    is_shared: bool,
) -> None:
    """Let a shop be paid through the simulator, and read the relay as one of its tills."""
    set_up(shop, simulator)
    if code != shop.books.node.till_code:
        shop.configuration.set(settings.TILL_CODE, code, shop.books, actor=None)
    shop.configuration.set(settings.MPESA_RELAY_URL, relay.url, shop.books, actor=None)
    shop.configuration.set(settings.MPESA_SHARED, is_shared, shop.books, actor=None)
    keys = {
        MpesaKey.RELAY_PATH: made.secret,
        MpesaKey.RELAY_KEY: made.keys[code],
        MpesaKey.INITIATOR: INITIATOR,
        MpesaKey.CREDENTIAL: CREDENTIAL,
    }
    shop.mpesa.setup.put_keys(keys, actor=None)
