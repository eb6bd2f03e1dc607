"""Customers pay by their own doing, and the shop is told, or not."""

from __future__ import annotations

import json

import pytest
from pos_sync.mpesa.errors import CallRefused, WhyRefused
from pos_sync.testing.mpesa.calls import Call
from pos_sync.testing.mpesa.habits import Habits, PayerShown
from pos_sync.testing.mpesa.ledger import Declined
from pos_sync.testing.mpesa.scripts import Reported, Script

from tests.pos_sync.mpesa.samples import PHONE
from tests.pos_sync.testing.mpesa.scene import (
    PAYBILL,
    RELAY,
    TILL,
    error_code,
    error_words,
    order,
    scene,
)


def test_a_payment_to_a_paybill_carries_its_reference() -> None:
    with scene() as one:
        one.registered()
        payment = one.simulator.pay_by_hand(PHONE, 14_550, "INV 7")
        one.quiet()
        [paid] = one.relay.paid_in
        assert [path for path, _ in one.relay.reports] == ["/c"]
        assert (paid.receipt, paid.amount_cents, paid.reference) == (
            payment.receipt,
            14_550,
            "INV 7",
        )
        assert (paid.short_code, paid.kind, paid.name) == ("174379", "Pay Bill", payment.name)
        assert paid.paid_at == one.clock.now()
        assert paid.payer.mask == "254712*678"
        assert one.simulator.ledger.balance_cents(PHONE) == 10_000_000 - 14_550


@pytest.mark.parametrize(("is_till", "code"), [(False, "600001"), (True, "5123456")])
def test_a_payment_to_a_till_carries_none(is_till: bool, code: str) -> None:
    with scene(Habits(is_till_confirmed=is_till), account=TILL) as one:
        one.registered()
        one.simulator.pay_by_hand(PHONE, 5_000, number="5123456")
        one.quiet()
        [paid] = one.relay.paid_in
        assert (paid.short_code, paid.reference, paid.kind) == (code, "", "Buy Goods")


@pytest.mark.parametrize(("is_till", "reference"), [(True, "X"), (False, ""), (False, "A" * 21)])
def test_a_reference_is_for_a_paybill_alone(is_till: bool, reference: str) -> None:
    with scene(account=TILL if is_till else PAYBILL) as one, pytest.raises(ValueError):
        one.simulator.pay_by_hand(PHONE, 100, reference)


@pytest.mark.parametrize("how", list(PayerShown))
def test_how_a_payer_is_shown(how: PayerShown) -> None:
    with scene(Habits(payer_in_confirmations=how)) as one:
        one.registered()
        one.simulator.pay_by_hand(PHONE, 100, "A")
        one.quiet()
        [paid] = one.relay.paid_in
        is_known = how in (PayerShown.PLAIN, PayerShown.HASHED)
        assert paid.payer.is_surely(PHONE) == is_known
        assert paid.payer.may_be(PHONE)
        assert paid.payer.may_be("254700000000") == (how is PayerShown.ABSENT)


def test_a_confirmation_may_be_lost_doubled_or_late() -> None:
    with scene() as one:
        one.registered()
        pay = one.simulator.pay_by_hand
        pay(PHONE, 100, "A", confirmations=())
        pay(PHONE, 200, "B", confirmations=(Reported(after=0.02), Reported(after=0.02)))
        pay(PHONE, 300, "C")
        one.quiet()
        assert [paid.reference for paid in one.relay.paid_in] == ["C", "B", "B"]
        assert one.simulator.ledger.takings_cents("174379") == 600


def test_without_an_address_nothing_is_reported() -> None:
    with scene() as one:
        one.simulator.pay_by_hand(PHONE, 100, "A")
        assert one.simulator.is_quiet
        assert not one.relay.reports


def test_nobody_pays_what_he_has_not_got() -> None:
    with scene() as one:
        one.simulator.set_balance(PHONE, 99)
        with pytest.raises(Declined) as caught:
            one.simulator.pay_by_hand(PHONE, 100, "A")
        assert caught.value.code == "1"
        assert not one.simulator.ledger.payments


def test_both_a_push_and_a_hand_may_pay() -> None:
    with scene() as one:
        one.registered()
        one.simulator.script(Script(code=None))
        one.accepted()
        by_hand = one.simulator.pay_by_hand(PHONE, 145_000, "T1A1")
        one.clock.pass_by(50)
        assert one.simulator.answer(PHONE) is None, "the same once more is refused"
        one.clock.pass_by(120)
        one.accepted()
        by_push = one.simulator.answer(PHONE)
        one.quiet()
        assert by_push is not None
        assert [paid.receipt for paid in one.relay.paid_in] == [by_hand.receipt, by_push.receipt]
        assert one.simulator.ledger.charged_cents(PHONE) == 290_000


def test_addresses_are_registered_once_until_they_are_deleted() -> None:
    with scene() as one:
        one.registered()
        with pytest.raises(CallRefused) as caught:
            one.registered()
        assert (caught.value.why, caught.value.code) == (WhyRefused.REGISTERED, "500.003.1001")
        one.simulator.forget_addresses()
        one.registered()


@pytest.mark.parametrize("url", [f"{RELAY}/mpesa", "http://relay.example/c", "https://10.0.0.1/c"])
def test_an_address_must_be_one_that_daraja_takes(url: str) -> None:
    with scene() as one, pytest.raises(CallRefused) as caught:
        one.daraja.register_confirmations(url, f"{RELAY}/v")
    assert caught.value.why is WhyRefused.BAD_FIELD


def test_addresses_of_this_machine_can_be_allowed() -> None:
    with scene(Habits(is_local_allowed=True)) as one:
        here = one.relay.base_url
        one.daraja.register_confirmations(f"{here}/here", f"{here}/v")
        one.simulator.pay_by_hand(PHONE, 100, "A")
        one.quiet()
        assert [path for path, _ in one.relay.reports] == ["/here"]


def test_nothing_is_reported_beyond_this_machine() -> None:
    with scene() as one:
        one.daraja.register_confirmations("https://elsewhere.example/c", f"{RELAY}/v")
        one.simulator.pay_by_hand(PHONE, 100, "A")
        one.quiet()
        assert (one.simulator.lost, one.simulator.carried) == (1, 0)
        assert one.simulator.posted[0].status is None


def test_a_report_that_takes_too_long_is_lost_and_holds_up_none() -> None:
    with scene(Habits(report_seconds=0.05, postmen=2)) as one:
        one.registered().relay.is_open.clear()
        one.simulator.pay_by_hand(PHONE, 100, "A")
        one.simulator.wait_for(lambda simulator: simulator.lost == 1)
        one.relay.is_open.set()
        one.simulator.pay_by_hand(PHONE, 200, "B")
        one.simulator.wait_for(lambda simulator: simulator.carried == 1)


def _simulated(**changes: object) -> dict[str, object]:
    body = {
        "ShortCode": 174379,
        "CommandID": "CustomerPayBillOnline",
        "Amount": 1,
        "Msisdn": 254712345678,
        "BillRefNumber": "ref",
    }
    return {**body, **changes}


def test_a_payment_can_be_simulated_by_a_call() -> None:
    with scene() as one:
        one.registered()
        answer = one.ask(Call.SIMULATE, _simulated())
        assert json.loads(answer.body)["ResponseCode"] == "0"
        one.quiet()
        assert one.relay.paid_in[0].reference == "ref"


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"ShortCode": 999999}, "ShortCode"),
        ({"CommandID": "CustomerBuyGoodsOnline"}, "CommandID"),
        ({"Amount": 1.5}, "Amount"),
        ({"Msisdn": "0712345678"}, "Msisdn"),
        ({"BillRefNumber": None}, "BillRefNumber"),
    ],
)
def test_the_fields_of_a_simulated_payment(changes: dict[str, object], named: str) -> None:
    with scene() as one:
        answer = one.ask(Call.SIMULATE, _simulated(**changes))
        assert error_words(answer) == f"Bad Request - Invalid {named}"


def test_a_simulated_payment_needs_money() -> None:
    with scene() as one:
        one.simulator.set_balance(PHONE, 0)
        assert error_code(one.ask(Call.SIMULATE, _simulated())) == "500.003.1001"


def test_receipts_are_never_the_same() -> None:
    with scene() as one:
        for number in range(50):
            one.simulator.pay_by_hand(PHONE, 100, f"A{number}")
        one.accepted(order(500))
        receipts = [payment.receipt for payment in one.simulator.ledger.payments]
        assert len(set(receipts)) == 51
        assert {receipt[:3] for receipt in receipts} == {"UKO"}, "24 November 2026"
