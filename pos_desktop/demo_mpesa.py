"""M-Pesa in the window of a demo shop: the simulator answers, and no customer has to be there.

A phone pays after four seconds. 0700 000 001 cancels, 0700 000 002 types a wrong PIN, and nobody
answers at 0700 000 003.
"""

from __future__ import annotations

from threading import Event

from pos_desktop import settings
from pos_desktop.domain.chance import draw
from pos_desktop.services.demo import MPESA_KEY
from pos_desktop.services.mpesa.setup.mpesa_setup import MpesaKey
from pos_desktop.shop import Shop

CANCELS, MISTYPES, SLEEPS = "254700000001", "254700000002", "254700000003"
_ANSWERS_AFTER = 4.0
_SERIES = 1_000_000
_WRONG_PIN = "2001"


class DemoMpesa:
    """The simulator of one window; goes on beside its jobs."""

    name = "demo-mpesa"

    def __init__(self, shop: Shop) -> None:
        self._shop = shop

    def run(self, ending: Event) -> None:
        """Answer as M-Pesa would until the event is set."""
        from pos_sync.testing.mpesa.habits import Merchant
        from pos_sync.testing.mpesa.pushes import CANCEL
        from pos_sync.testing.mpesa.scripts import Script
        from pos_sync.testing.mpesa.simulator import MpesaSimulator

        setup, clock = self._shop.mpesa.setup, self._shop.clock.base
        merchant = Merchant(account=setup.account, secrets=setup.secrets)
        series = int(draw() * _SERIES)  # the receipts of another day are used already
        with MpesaSimulator(
            merchant, now=clock.now, monotonic=clock.monotonic, series=series
        ) as simulator:
            simulator.script(
                Script(phone=CANCELS, code=CANCEL, delay=_ANSWERS_AFTER),
                Script(phone=MISTYPES, code=_WRONG_PIN, delay=_ANSWERS_AFTER),
                Script(phone=SLEEPS, code=None),
                Script(delay=_ANSWERS_AFTER),
            )
            if is_demonstrated(self._shop):
                setup.ask_here(simulator.base_url)
            ending.wait()

    def interrupt(self) -> None:
        """Wait for nothing any more: the event is set already."""


def is_demonstrated(shop: Shop) -> bool:
    """Tell whether a shop is a demo whose M-Pesa is that of the demo, too."""
    is_demo = shop.configuration.get(settings.SHOP_DEMO) and not shop.mpesa.setup.is_training
    return is_demo and shop.mpesa.setup.key(MpesaKey.CONSUMER_KEY) == MPESA_KEY
