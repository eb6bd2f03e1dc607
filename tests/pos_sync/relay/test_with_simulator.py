"""From a push, or a customer's own doing, through the relay to the till that reads of it."""

from __future__ import annotations

import time
from contextlib import closing
from dataclasses import replace

from pos_sync.http.transport import Transport
from pos_sync.mpesa.addresses import Kind, ReportTo
from pos_sync.mpesa.callbacks import PaidIn, ResultReport, StkReport, read_report
from pos_sync.mpesa.daraja import Daraja
from pos_sync.mpesa.push import PushAccepted
from pos_sync.relay.fitting import By, Wait
from pos_sync.relay.waits import Claim
from pos_sync.testing.mpesa.habits import Habits, Merchant, PayerShown
from pos_sync.testing.mpesa.simulator import MpesaSimulator

from tests.pos_sync.mpesa.samples import SECRETS
from tests.pos_sync.relay.scene import NOW, Hands, make_shop, running
from tests.pos_sync.testing.mpesa.scene import PAYBILL, RELAY, order


def test_every_report_of_a_shop_reaches_its_till(file: str) -> None:
    shop, hands = make_shop(file), Hands()
    here = f"{RELAY}/s/{shop.secret}"
    account = replace(PAYBILL, callback_url=here)
    with running(file) as relay:
        habits = Habits(routes={RELAY: relay.url}, payer_in_confirmations=PayerShown.HASHED)
        merchant = Merchant(account=account, secrets=SECRETS)
        with MpesaSimulator(
            merchant, now=hands.now, monotonic=time.monotonic, habits=habits
        ) as mpesa:
            transport = Transport(mpesa.base_url, monotonic=time.monotonic)
            daraja = Daraja(account, SECRETS, transport, now=hands.now, monotonic=time.monotonic)
            with closing(daraja):
                daraja.register_confirmations(f"{here}/confirm", f"{here}/validate")
                assert isinstance(daraja.push(order()), PushAccepted)
                paid = mpesa.pay_by_hand("254110000001", 5_00, "T1A9")
                mpesa.wait_for(lambda simulator: simulator.is_quiet)
                to = ReportTo(result_url=f"{here}/r/s1", timeout_url=f"{here}/t/s1")
                daraja.transaction_status(paid.receipt, to)
                mpesa.wait_for(lambda simulator: simulator.is_quiet)
        till = relay.reader(shop.keys["T1"])
        kept = till.messages(0, wait=0)
        found = {(one.kind, one.token): read_report(one.body.encode()) for one in kept}
        assert isinstance(found[Kind.PUSH, "1"], StkReport)
        assert isinstance(found[Kind.RESULT, "s1"], ResultReport)
        assert isinstance(found[Kind.CONFIRMATION, ""], PaidIn)
        till.open_wait("w1", Wait(amount_cents=5_00, opened_at=NOW, reference="T1A9"))
        assert till.claim(Claim(receipt=paid.receipt, wait="w1", by=By.REFERENCE)).granted
