"""A push takes the course that is scripted, and the money goes its way once."""

from __future__ import annotations

import json
import threading

import pytest
from pos_sync.mpesa.callbacks import PaidIn, StkReport
from pos_sync.mpesa.errors import WhyRefused
from pos_sync.mpesa.push import PushAccepted, PushRejected
from pos_sync.mpesa.query import QueryOpen, QueryPaid
from pos_sync.mpesa.results import ENDED
from pos_sync.testing.mpesa.habits import Habits, PayerShown
from pos_sync.testing.mpesa.pushes import CANCEL, WRONG_PIN
from pos_sync.testing.mpesa.scripts import Reported, Script, Shape

from tests.pos_sync.mpesa.samples import PHONE
from tests.pos_sync.testing.mpesa.scene import TILL, Scene, order, scene

OTHER = "254111222333"


def _stk(one: Scene) -> StkReport:
    one.quiet()
    [report] = one.relay.of(StkReport)
    return report


def test_a_push_is_paid_and_reported_to_the_address_of_its_attempt() -> None:
    with scene() as one:
        accepted = one.accepted()
        report = _stk(one)
        [payment] = one.simulator.ledger.payments
        assert [path for path, _ in one.relay.reports] == ["/s/abc/a/1"]
        assert (report.checkout_id, report.merchant_id) == (
            accepted.checkout_id,
            accepted.merchant_id,
        )
        assert (report.code, report.receipt) == ("0", payment.receipt)
        assert (report.amount_cents, report.paid_at) == (145_000, one.clock.now())
        assert report.payer.phone == PHONE
        assert (payment.phone, payment.cents, payment.reference) == (PHONE, 145_000, "T1A1")
        assert payment.checkout_id == accepted.checkout_id
        assert one.simulator.ledger.charged_cents(PHONE) == 145_000
        assert one.simulator.ledger.takings_cents("174379") == 145_000


def test_a_push_to_a_till_is_paid_to_the_till() -> None:
    with scene(account=TILL) as one:
        one.accepted()
        [payment] = one.simulator.ledger.payments
        assert (payment.number, payment.short_code, payment.reference) == ("5123456", "600001", "")


@pytest.mark.parametrize(
    "changes", [{"PartyB": "600001"}, {"TransactionType": "CustomerPayBillOnline"}]
)
def test_a_till_that_is_set_wrongly_is_not_paid(changes: dict[str, str]) -> None:
    with scene(account=TILL) as one:
        assert one.ask_push(**changes).status == 200
        assert _stk(one).code == "2028"
        assert not one.simulator.ledger.payments


@pytest.mark.parametrize("code", [*sorted(ENDED), "1036", "1037", "777"])
def test_any_code_ends_a_push_without_money(code: str) -> None:
    with scene() as one:
        one.simulator.script(Script(code=code))
        one.accepted()
        report = _stk(one)
        assert (report.code, report.receipt) == (code, None)
        assert not one.simulator.ledger.payments


def test_a_script_is_for_a_phone_an_amount_and_so_many_times() -> None:
    with scene() as one:
        one.simulator.script(
            Script(phone=OTHER, code="1032"),
            Script(cents=500, skip=1, times=1, code="2001"),
            Script(cents=700, times=1, code="1"),
        )
        orders = [(PHONE, 100), (OTHER, 100), (PHONE, 500), (OTHER, 500), (PHONE, 700)]
        for phone, cents in [
            *orders,
            ("254711000000", 500),
            ("254711000001", 500),
            (PHONE, 701 * 100),
        ]:
            one.accepted(order(cents, phone))
        assert [prompt.code for prompt in one.simulator.prompts] == [
            "0", "1032", "0", "1032", "1", "2001", "0", "0",
        ]  # fmt: skip


def test_a_customer_may_take_a_while() -> None:
    with scene() as one:
        one.simulator.script(Script(delay=0.05))
        accepted = one.accepted()
        assert isinstance(one.daraja.query(accepted.checkout_id), QueryOpen)
        one.simulator.wait_for(lambda simulator: bool(simulator.ledger.payments))
        assert isinstance(one.daraja.query(accepted.checkout_id), QueryPaid)
        assert _stk(one).code == "0"


def test_a_report_may_not_come_or_come_three_times() -> None:
    with scene() as one:
        one.simulator.script(
            Script(cents=100, reports=()), Script(cents=200, reports=(Reported(),) * 3)
        )
        one.accepted(order(100))
        one.quiet()
        assert not one.relay.reports
        accepted = one.accepted(order(200))
        one.quiet()
        assert {report.checkout_id for report in one.relay.of(StkReport)} == {accepted.checkout_id}
        assert one.relay.codes == ["0"] * 3


@pytest.mark.parametrize(
    ("reports", "codes"),
    [
        ((Reported(), Reported(code="1032", after=0.02)), ["0", "1032"]),
        ((Reported(code="1037"), Reported(after=0.02)), ["1037", "0"]),
    ],
)
def test_reports_may_contradict_each_other(reports: tuple[Reported, ...], codes: list[str]) -> None:
    with scene() as one:
        one.simulator.script(Script(reports=reports))
        one.accepted()
        one.quiet()
        assert one.relay.codes == codes
        assert one.simulator.ledger.charged_cents(PHONE) == 145_000


def test_a_report_may_be_there_before_the_push_is_answered() -> None:
    with scene() as one:
        one.simulator.script(Script(is_reported_first=True))
        one.relay.is_open.clear()
        outcomes: list[object] = []
        pushing = threading.Thread(target=lambda: outcomes.append(one.daraja.push(order())))
        pushing.start()
        one.simulator.wait_for(lambda simulator: bool(simulator.ledger.payments))
        assert not outcomes
        one.relay.is_open.set()
        pushing.join()
        assert one.relay.codes == ["0"]
        assert isinstance(outcomes[0], PushAccepted)


def test_the_form_of_a_report_may_differ() -> None:
    shapes = (
        Shape(is_turned_round=True),
        Shape(has_balance=True, is_amount_text=True, payer=PayerShown.MASKED),
        Shape(is_code_text=True, payer=PayerShown.ABSENT),
        Shape(payer=PayerShown.HASHED),
    )
    with scene() as one:
        one.simulator.script(Script(reports=tuple(Reported(shape=shape) for shape in shapes)))
        one.accepted()
        one.quiet()
        reports = one.relay.of(StkReport)
        assert len({(one.receipt, one.amount_cents, one.code) for one in reports}) == 1
        assert [one.payer.is_surely(PHONE) for one in reports] == [True, False, False, True]
        assert [one.payer.may_be(PHONE) for one in reports] == [True] * 4
        bodies = [json.loads(posted.body)["Body"]["stkCallback"] for posted in one.simulator.posted]
        items = [body["CallbackMetadata"]["Item"] for body in bodies]
        names = ["Amount", "MpesaReceiptNumber", "Balance", "TransactionDate", "PhoneNumber"]
        assert [item["Name"] for item in items[0]] == names[::-1]
        assert [[item["Name"] for item in form] for form in items[1:]] == [names, names[:4], names]
        assert [form[2].get("Value") is None for form in items] == [True, False, True, True]
        assert items[1][4]["Value"] == "254712***678"
        assert [body["ResultCode"] for body in bodies] == [0, 0, "0", 0]


def test_a_code_that_is_no_number_is_reported_as_text() -> None:
    with scene() as one:
        one.simulator.script(Script(code="E3008"))
        one.accepted()
        one.quiet()
        [posted] = one.simulator.posted
        assert json.loads(posted.body)["Body"]["stkCallback"]["ResultCode"] == "E3008"


def test_a_prompt_stays_open_until_the_customer_answers() -> None:
    with scene() as one:
        one.simulator.script(Script(code=None))
        accepted = one.accepted()
        assert isinstance(one.daraja.query(accepted.checkout_id), QueryOpen)
        payment = one.simulator.answer(PHONE)
        assert payment is not None
        assert _stk(one).receipt == payment.receipt
        assert not one.simulator.open_prompts
        with pytest.raises(LookupError):
            one.simulator.answer(accepted.checkout_id)


@pytest.mark.parametrize("says", [CANCEL, WRONG_PIN, "1019"])
def test_a_customer_may_say_no(says: str) -> None:
    with scene() as one:
        one.simulator.script(Script(code=None))
        accepted = one.accepted()
        assert one.simulator.answer(accepted.checkout_id, says) is None
        assert _stk(one).code == says


def test_a_prompt_that_nobody_answers_ends_by_the_clock() -> None:
    with scene() as one:
        one.simulator.script(Script(code=None))
        one.accepted()
        one.clock.pass_by(59)
        assert len(one.simulator.open_prompts) == 1
        one.clock.pass_by(1)
        assert not one.simulator.open_prompts
        assert _stk(one).code == "1037"


def test_a_prompt_that_nobody_answers_ends_by_itself() -> None:
    with scene(Habits(prompt_seconds=0.02)) as one:
        one.simulator.script(Script(code=None))
        one.accepted()
        one.clock.pass_by(1)
        assert _stk_when_it_comes(one).code == "1037"


def _stk_when_it_comes(one: Scene) -> StkReport:
    one.simulator.wait_for(lambda simulator: simulator.carried == 1)
    return _stk(one)


def test_a_phone_with_an_open_prompt_gets_no_other() -> None:
    with scene() as one:
        one.simulator.script(Script(phone=PHONE, code=None))
        one.accepted()
        outcome = one.daraja.push(order(500))
        assert isinstance(outcome, PushRejected)
        assert outcome.refused.why is WhyRefused.LOCKED
        one.accepted(order(500, OTHER))
        one.simulator.answer(PHONE, CANCEL)
        one.accepted(order(500))
        assert one.simulator.pushes_accepted == 3


def test_a_lock_can_be_left_out() -> None:
    with scene(Habits(is_locking=False)) as one:
        one.simulator.script(Script(code=None))
        one.accepted(order(100))
        one.accepted(order(200))
        assert len(one.simulator.open_prompts) == 2


def test_the_same_once_more_within_two_minutes_is_refused_by_code_17() -> None:
    with scene() as one:
        one.accepted()
        one.clock.pass_by(119)
        one.accepted()
        one.accepted(order(145_100))
        one.accepted(order(phone=OTHER))
        one.clock.pass_by(1)
        one.accepted()
        assert [prompt.code for prompt in one.simulator.prompts] == ["0", "17", "0", "0", "0"]
        assert one.simulator.ledger.charged_cents(PHONE) == 2 * 145_000 + 145_100


@pytest.mark.parametrize(("is_repeat", "code"), [(True, "17"), (False, "0")])
def test_what_was_not_paid_may_count_as_the_same(is_repeat: bool, code: str) -> None:
    with scene(Habits(is_unpaid_a_repeat=is_repeat)) as one:
        one.simulator.script(Script(code="1032", times=1))
        one.accepted()
        one.accepted()
        assert one.simulator.prompts[1].code == code


def test_without_money_there_is_code_1_and_nothing_moves() -> None:
    with scene() as one:
        one.simulator.set_balance(PHONE, 144_999)
        one.accepted()
        assert _stk(one).code == "1"
        assert one.simulator.ledger.balance_cents(PHONE) == 144_999
        one.simulator.set_balance(PHONE, 145_000)
        one.accepted()
        assert one.simulator.ledger.balance_cents(PHONE) == 0


@pytest.mark.parametrize("is_confirmed", [True, False])
def test_what_a_push_has_brought_is_confirmed_too(is_confirmed: bool) -> None:
    with scene(Habits(is_push_confirmed=is_confirmed)) as one:
        one.registered().accepted()
        one.quiet()
        [report] = one.relay.of(StkReport)
        assert [(paid.receipt, paid.reference) for paid in one.relay.paid_in] == (
            [(report.receipt, "T1A1")] if is_confirmed else []
        )


def test_a_script_says_how_a_push_is_confirmed() -> None:
    with scene(Habits(is_push_confirmed=False)) as one:
        twice = (Reported(payer=PayerShown.PLAIN), Reported(payer=PayerShown.HASHED))
        one.simulator.script(Script(reports=(), confirmations=twice))
        one.registered().accepted()
        one.quiet()
        assert [report.payer.is_surely(PHONE) for report in one.relay.of(PaidIn)] == [True, True]
        assert len({paid.receipt for paid in one.relay.paid_in}) == 1


def test_money_may_move_though_all_that_is_told_says_no() -> None:
    with scene() as one:
        one.simulator.script(Script(reports=(Reported(code="1037"),), query_code="1037"))
        accepted = one.accepted()
        one.quiet()
        assert one.relay.codes == ["1037"]
        assert not isinstance(one.daraja.query(accepted.checkout_id), QueryPaid)
        assert len(one.simulator.ledger.payments_by(PHONE)) == 1


def test_only_so_many_pushes_are_remembered() -> None:
    with scene(Habits(remembered=2)) as one:
        ids = [one.accepted(order(100 + 100 * number)).checkout_id for number in range(3)]
        assert [prompt.checkout_id for prompt in one.simulator.prompts] == ids[1:]
        assert len(one.simulator.ledger.payments) == 3
