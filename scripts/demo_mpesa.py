"""The demo day's M-Pesa: one phone pays, one cancels, one customer has paid by hand already.

It is the simulator of the tests, over a real line; the shop's programs are told where it is.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from pos_sync.testing.mpesa.habits import Merchant
from pos_sync.testing.mpesa.pushes import CANCEL
from pos_sync.testing.mpesa.scripts import Script
from pos_sync.testing.mpesa.simulator import MpesaSimulator

from pos_desktop.demo_mpesa import CANCELS
from pos_desktop.shop import open_shop

_ADDRESS = "POS_MPESA_BASE_URL"
_RICE_CENTS = 520_00
LINES = """\
at 2026-11-24T17:30:00
login cashier 1111
shift open 2000
P004
pay mpesa 0712345678
# this customer cancels, and pays in cash
P004
pay mpesa 0700000001
pay cash
# and this one shows the message of a payment that he has made on his own
P004
pay mpesa-code {code}
shift close 2520
logout
"""


@contextmanager
def simulated(shop_folder: Path) -> Iterator[MpesaSimulator]:
    """Let the programs of a demo shop be paid through a simulator that lists what was paid."""
    with closing(open_shop(shop_folder)) as shop:
        setup = shop.mpesa.setup
        merchant = Merchant(account=setup.account, secrets=setup.secrets)
    with MpesaSimulator(
        merchant, now=lambda: datetime.now(UTC), monotonic=time.monotonic
    ) as simulator:
        simulator.script(Script(phone=CANCELS, code=CANCEL))
        os.environ[_ADDRESS] = simulator.base_url
        try:
            with closing(open_shop(shop_folder)) as shop:
                shop.mpesa.registering.register_list("0722000000", actor=None)
            yield simulator
        finally:
            del os.environ[_ADDRESS]


def pay_by_hand(simulator: MpesaSimulator) -> str:
    """Let one customer pay for his rice, and another one for nobody knows what; return the code."""
    paid = simulator.pay_by_hand("254733000111", _RICE_CENTS, "RICE")
    simulator.pay_by_hand("254733000222", 250_00, "RENT")
    return paid.receipt
