"""What the relay hands over: from M-Pesa's report to the till, and nothing believed unasked."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pos_queue.premises import Terms
from pos_sync.testing.endings import Then
from pos_sync.testing.mpesa.calls import Call
from pos_sync.testing.mpesa.pushes import CANCEL
from pos_sync.testing.mpesa.reports import result
from pos_sync.testing.mpesa.scripts import Ending, Script, Trouble

from pos_desktop.domain.mpesa_attempt import AttemptState
from pos_desktop.domain.mpesa_event import EventKind
from pos_desktop.domain.mpesa_money import MoneySource, MoneyState
from pos_desktop.services.mpesa.confirming import CONFIRM_MPESA
from pos_desktop.storage import mpesa_events, mpesa_money, mpesa_requests
from pos_desktop.storage.mpesa_attempts import Attempt
from pos_desktop.storage.mpesa_requests import RequestKind, RequestState
from tests.pos_desktop.services.mpesa.relay_scene import RelayScene, relayed
from tests.pos_desktop.services.mpesa.scene import ACCOUNT, AMINA, BARAKA
from tests.pos_queue.processes import wait_until

CENTS = 1_450_00


@pytest.fixture
def scene(shop_directory: Path, tmp_path: Path) -> Iterator[RelayScene]:
    with relayed(shop_directory, tmp_path / "relay.sqlite") as scene:
        scene.simulator.script(Script(code=None))
        yield scene


def test_a_push_is_paid_and_has_its_receipt_as_soon_as_it_is_reported(scene: RelayScene) -> None:
    cart = scene.cart()
    attempt = scene.ask(cart)
    paid = scene.simulator.answer(AMINA)
    assert paid is not None
    scene.hear()
    found = scene.mpesa.attempts.find(attempt.id)
    assert (found.state, found.receipt) == (AttemptState.CONFIRMED, paid.receipt)
    money = mpesa_money.find(scene.shop.database, paid.receipt)
    assert money is not None
    assert (money.state, money.sale_id, money.source) == (
        MoneyState.MATCHED,
        cart,
        MoneySource.QUERY,
    )


def test_a_push_that_is_cancelled_is_over_as_soon_as_it_is_reported(scene: RelayScene) -> None:
    attempt = scene.ask(scene.cart())
    scene.simulator.answer(AMINA, "1032")
    scene.hear()
    found = scene.mpesa.attempts.find(attempt.id)
    assert (found.state, found.code) == (AttemptState.DECLINED, "1032")


def test_a_push_whose_answer_was_lost_is_found_by_its_report(scene: RelayScene) -> None:
    scene.simulator.plan(Trouble(at=Call.PUSH, then=Then.CLOSE))
    attempt = scene.ask(scene.cart())
    assert attempt.state is AttemptState.UNKNOWN
    scene.simulator.answer(AMINA)
    scene.hear()
    assert scene.mpesa.attempts.find(attempt.id).state is AttemptState.CONFIRMED


def forged(attempt: Attempt, checkout_id: str | None = None) -> dict[str, Any]:
    """Return a report that says a push was paid, with an id of M-Pesa's or its own."""
    return {
        "Body": {
            "stkCallback": {
                "MerchantRequestID": attempt.merchant_id,
                "CheckoutRequestID": checkout_id or attempt.checkout_id,
                "ResultCode": 0,
                "ResultDesc": "The service request is processed successfully.",
                "CallbackMetadata": {
                    "Item": [
                        {"Name": "Amount", "Value": CENTS // 100},
                        {"Name": "MpesaReceiptNumber", "Value": "FORGED0001"},
                        {"Name": "PhoneNumber", "Value": int(AMINA)},
                    ]
                },
            }
        }
    }


def test_a_report_of_payment_that_is_forged_pays_nothing(scene: RelayScene) -> None:
    attempt = scene.ask(scene.cart())
    assert scene.post(f"a/{attempt.id}", forged(attempt)) == 200
    scene.hear()
    found = scene.mpesa.attempts.find(attempt.id)
    assert (found.state, found.is_told_paid) == (AttemptState.ACCEPTED, True)
    money = mpesa_money.find(scene.shop.database, "FORGED0001")
    assert money is not None
    assert not money.is_confirmed
    assert money.state is MoneyState.UNMATCHED
    scene.simulator.answer(AMINA, CANCEL)
    for _minute in range(10):
        scene.pass_by(61)
    found = scene.mpesa.attempts.find(attempt.id)
    assert (found.state, found.code) == (AttemptState.UNRESOLVED, "1032")
    assert scene.mpesa.waits.come(attempt.sale_id) == []
    assert scene.mpesa.waits.known("FORGED0001") is None
    assert not scene.simulator.ledger.payments


def test_a_report_of_another_prompt_says_nothing_of_this_one(scene: RelayScene) -> None:
    attempt = scene.ask(scene.cart())
    assert scene.post(f"a/{attempt.id}", forged(attempt, "ws_CO_23112026091500123")) == 200
    scene.hear()
    found = scene.mpesa.attempts.find(attempt.id)
    assert (found.state, found.is_told_paid) == (AttemptState.ACCEPTED, False)
    assert found.checkout_id == attempt.checkout_id
    assert mpesa_money.find(scene.shop.database, "FORGED0001") is None
    events = mpesa_events.of_attempt(scene.shop.database, attempt.id)
    assert events[-1].kind is EventKind.OTHER_ID


def test_a_forged_report_of_an_end_ends_nothing(scene: RelayScene) -> None:
    attempt = scene.ask(scene.cart())
    forged = {
        "Body": {
            "stkCallback": {
                "MerchantRequestID": attempt.merchant_id,
                "CheckoutRequestID": attempt.checkout_id,
                "ResultCode": 1032,
                "ResultDesc": "Request cancelled by user",
            }
        }
    }
    assert scene.post(f"a/{attempt.id}", forged) == 200
    scene.hear()
    assert scene.mpesa.attempts.find(attempt.id).state is AttemptState.ACCEPTED
    scene.simulator.answer(AMINA)
    scene.hear()
    assert scene.mpesa.attempts.find(attempt.id).state is AttemptState.CONFIRMED


def test_money_that_comes_by_itself_is_confirmed_by_its_status(scene: RelayScene) -> None:
    scene.mpesa.registering.register_confirmations(actor=None)
    cart = scene.cart()
    scene.mpesa.waits.open(cart, CENTS)
    scene.simulator.plan(*[Trouble(at=Call.PULL, then=Then.CLOSE)] * 9)
    paid = scene.simulator.pay_by_hand(BARAKA, CENTS, "DUKA")
    scene.hear()
    assert scene.mpesa.waits.come(cart) == []
    scene.hear()  # the status is told
    (come,) = scene.mpesa.waits.come(cart)
    assert come.reference == paid.receipt
    money = mpesa_money.find(scene.shop.database, paid.receipt)
    assert money is not None
    assert money.source is MoneySource.STATUS


def test_an_answer_about_another_payment_than_was_asked_confirms_neither(
    scene: RelayScene,
) -> None:
    scene.mpesa.registering.register_confirmations(actor=None)
    scene.simulator.plan(*[Trouble(at=Call.PULL, then=Then.CLOSE)] * 9)
    scene.simulator.end_so(Ending(at=Call.STATUS, reports=()))
    asked = scene.simulator.pay_by_hand(BARAKA, CENTS, "DUKA").receipt
    other = scene.simulator.pay_by_hand(AMINA, CENTS, "DUKA").receipt
    scene.hear()
    database, kind = scene.shop.database, RequestKind.STATUS
    request = mpesa_requests.open_for(database, kind, asked)
    assert request is not None
    values = [("ReceiptNo", other), ("Amount", CENTS / 100), ("TransactionStatus", "Completed")]
    told = result("0", {"OriginatorConversationID": "a", "ConversationID": "b"}, "", values)
    assert scene.post(f"r/{request.token}", told) == 200
    scene.hear()
    found = mpesa_requests.find(database, request.token)
    assert found is not None
    assert found.state is RequestState.REFUSED
    assert [scene.mpesa.waits.known(one) for one in (asked, other)] == [None, None]


def test_money_that_comes_by_itself_is_confirmed_by_the_list_that_works(scene: RelayScene) -> None:
    scene.mpesa.registering.register_confirmations(actor=None)
    scene.mpesa.registering.register_list("0722 000000", actor=None)
    scene.simulator.pay_by_hand(AMINA, 1_00, "DUKA")
    scene.hear()
    scene.mpesa.payment_list.run()
    assert scene.mpesa.payment_list.shows_payments
    asked = scene.simulator.count(Call.STATUS)
    cart = scene.cart()
    scene.mpesa.waits.open(cart, CENTS)
    paid = scene.simulator.pay_by_hand(BARAKA, CENTS, "DUKA")
    scene.hear()
    assert [one.reference for one in scene.mpesa.waits.come(cart)] == [paid.receipt]
    assert scene.simulator.count(Call.STATUS) == asked


def paid_to(number: str) -> dict[str, Any]:
    """Return a report that says a number was paid to, which it was not."""
    return {
        "TransactionType": "Pay Bill",
        "TransID": "FORGED0002",
        "TransTime": "20261124120000",
        "TransAmount": "1450.00",
        "BusinessShortCode": number,
        "BillRefNumber": "",
        "MSISDN": BARAKA,
        "FirstName": "BARAKA",
    }


def test_what_another_number_was_paid_is_not_kept(scene: RelayScene) -> None:
    assert scene.post("confirm", paid_to("600999")) == 200
    scene.hear()
    assert mpesa_money.find(scene.shop.database, "FORGED0002") is None
    assert not scene.simulator.count(Call.STATUS)


def test_money_that_nobody_has_paid_is_never_confirmed(scene: RelayScene) -> None:
    cart = scene.cart()
    scene.mpesa.waits.open(cart, CENTS)
    assert scene.post("confirm", paid_to(ACCOUNT.number)) == 200
    for _time in range(20):
        scene.hear()
        scene.pass_by(300)
    money = mpesa_money.find(scene.shop.database, "FORGED0002")
    assert money is not None
    assert not money.is_confirmed
    assert scene.mpesa.waits.come(cart) == []
    assert not [one for one in scene.shop.queue.views.unfinished() if one.job == CONFIRM_MPESA]
    assert not scene.shop.queue.views.failed()


def test_what_another_till_has_asked_for_is_not_kept(scene: RelayScene) -> None:
    scene.mpesa.registering.register_confirmations(actor=None)
    scene.simulator.pay_by_hand(BARAKA, CENTS, "T2U7GD")
    scene.simulator.wait_for(lambda one: one.is_quiet)
    assert scene.mpesa.reading.read() == 0
    assert scene.mpesa.reading.read() == 0  # and it is not read again


def test_a_report_is_kept_once_where_two_programs_read(scene: RelayScene) -> None:
    attempt = scene.ask(scene.cart())
    scene.simulator.answer(AMINA)
    scene.simulator.wait_for(lambda one: one.is_quiet)
    reading = scene.mpesa.reading
    messages = scene.mpesa.relay.reader().messages(0, 0.0)
    place = f"mpesa relay read {scene.mpesa.relay.address}"
    assert reading._keep(messages, place, 0) > 0
    assert reading._keep(messages, place, 0) == 0
    scene.work()
    assert scene.mpesa.attempts.find(attempt.id).state is AttemptState.CONFIRMED


def test_a_relay_that_has_begun_anew_is_read_from_its_beginning(scene: RelayScene) -> None:
    place = f"mpesa relay read {scene.mpesa.relay.address}"
    with scene.shop.database.write():
        scene.shop.database.execute_sql(
            "INSERT INTO counter (name, value) VALUES (?, 99)", (place,)
        )
    attempt = scene.ask(scene.cart())
    scene.simulator.answer(AMINA)
    scene.hear()  # hears that it is behind
    scene.hear()
    assert scene.mpesa.attempts.find(attempt.id).state is AttemptState.CONFIRMED


def test_reports_are_heard_of_while_jobs_run(scene: RelayScene) -> None:
    runner = scene.shop.queue.runner(Terms())
    thread = threading.Thread(target=runner.run)
    thread.start()
    try:
        wait_until(lambda: scene.mpesa.relay.is_live)
        attempt = scene.ask(scene.cart())
        scene.simulator.answer(AMINA)
        wait_until(lambda: scene.mpesa.attempts.find(attempt.id).state is AttemptState.CONFIRMED)
    finally:
        runner.stop()
        thread.join(10)
    assert not thread.is_alive()
