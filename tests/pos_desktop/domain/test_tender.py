"""Tenders, change and rounding: what is paid is what is due, always."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_desktop.domain.errors import Refused
from pos_desktop.domain.money import LARGEST_AMOUNT, round_to
from pos_desktop.domain.tender import Payment, RoundingRules, TenderKind

CARD, CREDIT, MPESA = TenderKind.CARD, TenderKind.CREDIT, TenderKind.MPESA
CASH = TenderKind.CASH


def test_cash_is_rounded_and_gives_change() -> None:
    payment = Payment(due_cents=1240_40).cash(1500_00)
    (tender,) = payment.tenders
    assert (tender.amount_cents, tender.given_cents) == (1240_00, 1500_00)
    assert (tender.change_cents, tender.rounding_cents) == (260_00, -40)
    assert payment.finished


def test_exact_cash_is_the_rounded_amount() -> None:
    payment = Payment(due_cents=1240_50).cash()
    assert (payment.paid_cents, payment.rounding_cents, payment.change_cents) == (1241_00, 50, 0)
    assert payment.finished


def test_part_in_cash_is_exact_and_the_rest_is_rounded() -> None:
    payment = Payment(due_cents=1240_40).cash(1000_00)
    assert (payment.remaining_cents, payment.rounding_cents) == (240_40, 0)
    assert payment.mpesa_due_cents == 240_00
    payment = payment.mpesa_push()
    assert (payment.rounding_cents, payment.finished) == (-40, True)


@pytest.mark.parametrize(
    ("due", "part", "sentence"),
    [
        (190_00, 189_50, "type 189.00 or 190.00"),
        (190_00, 50, "type 1.00"),
        (190_30, 189_99, "type 189.00 or 190.00"),
    ],
)
def test_a_part_in_cash_that_would_be_rounded_is_refused(
    due: int, part: int, sentence: str
) -> None:
    with pytest.raises(Refused, match=f"{sentence}\\.$"):
        Payment(due_cents=due).cash(part)


@given(st.integers(1, 10**6), st.integers(0, 10**6), st.sampled_from([1, 100, 500]))
def test_what_is_still_to_pay_falls_by_what_was_taken(due: int, part: int, step: int) -> None:
    before = Payment(due_cents=due, rules=RoundingRules(cash_step_cents=step))
    try:
        after = before.cash(part)
    except Refused:
        return
    if not after.finished:
        assert after.cash_due_cents == before.cash_due_cents - part


def test_coins_to_the_cent_finish_a_sale_that_would_be_rounded_up() -> None:
    payment = Payment(due_cents=100_60).cash(100_60)
    assert (payment.rounding_cents, payment.change_cents, payment.finished) == (0, 0, True)
    payment = Payment(due_cents=100_60).cash(100_80)
    assert (payment.paid_cents, payment.change_cents, payment.finished) == (100_60, 20, True)


def test_card_credit_and_a_payment_the_customer_typed_are_exact() -> None:
    payment = Payment(due_cents=1240_40).exact(CARD, 1000_00, "A1").exact(CREDIT, 200_00)
    payment = payment.exact(MPESA, reference="QKJ4H7XYZ1")
    assert [tender.amount_cents for tender in payment.tenders] == [1000_00, 200_00, 40_40]
    assert (payment.rounding_cents, payment.finished) == (0, True)


def test_a_sale_that_costs_nothing_is_finished_by_no_cash() -> None:
    free = Payment(due_cents=0)
    assert not free.finished
    assert free.cash().finished
    assert free.cash(0).finished
    assert Payment(due_cents=40).cash().rounding_cents == -40
    with pytest.raises(Refused):
        free.exact(CARD)


def test_rounding_to_five_shillings_and_not_at_all() -> None:
    five = RoundingRules(cash_step_cents=500)
    assert Payment(due_cents=1242_50, rules=five).cash_due_cents == 1245_00
    exact = RoundingRules(cash_step_cents=1)
    assert Payment(due_cents=1242_51, rules=exact).cash().paid_cents == 1242_51


@pytest.mark.parametrize(
    "wrong",
    [
        lambda payment: payment.cash(0),
        lambda payment: payment.cash(-1),
        lambda payment: payment.cash(LARGEST_AMOUNT + 1),
        lambda payment: payment.exact(CARD, 100_41),
        lambda payment: payment.exact(CARD, 0),
        lambda payment: payment.exact(CREDIT, 101_00),
        lambda payment: payment.mpesa_push(101_00),
        lambda payment: payment.mpesa_push(50_50),
        lambda payment: payment.cash().cash(1_00),
        lambda payment: payment.take_back(),
    ],
)
def test_what_a_tender_cannot_be_is_refused(wrong: Callable[[Payment], Payment]) -> None:
    with pytest.raises(Refused):
        wrong(Payment(due_cents=100_40))


def test_cash_is_never_taken_to_the_cent() -> None:
    with pytest.raises(ValueError):
        Payment(due_cents=1_00).exact(TenderKind.CASH)


def test_the_last_tender_can_be_taken_back() -> None:
    part = Payment(due_cents=100_40).exact(CARD, 50_00)
    assert part.cash().take_back() == part


def test_a_refund_hands_back_no_more_than_it_owes() -> None:
    payment = Payment(due_cents=-100_40).cash()
    assert (payment.paid_cents, payment.rounding_cents, payment.finished) == (-100_00, 40, True)
    with pytest.raises(Refused):
        Payment(due_cents=-100_40).cash(200_00)


def test_what_a_tender_has_settled_leaves_its_rounding_out() -> None:
    payment = Payment(due_cents=-100_40).exact(CARD, 30_00).exact(CARD, 20_00).cash()
    assert payment.rounding_cents == 40
    settled = {kind: payment.settled_cents(kind) for kind in (CARD, CASH, CREDIT)}
    assert settled == {CARD: 50_00, CASH: 50_40, CREDIT: 0}


@pytest.mark.parametrize("sign", [1, -1])
def test_what_is_asked_for_by_a_tender_is_what_it_finishes_with_or_the_most(sign: int) -> None:
    payment = Payment(due_cents=sign * 100_40)
    assert [payment.asked_cents(CARD), payment.asked_cents(CASH)] == [100_40, 100_00]
    assert [payment.asked_cents(CARD, 60_00), payment.asked_cents(CASH, 60_20)] == [60_00, 60_20]
    part = payment.exact(CARD, 50_00)
    assert [part.asked_cents(CARD, 60_00), part.asked_cents(CASH, 60_00)] == [50_40, 50_00]


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["cash", "push", "card", "credit", "back"]),
        st.one_of(st.none(), st.integers(-100, 60_000), st.integers(0, 600).map(lambda n: n * 100)),
    ),
    max_size=8,
)
RULES = st.builds(
    RoundingRules,
    cash_step_cents=st.sampled_from([1, 100, 500]),
    mpesa_step_cents=st.sampled_from([1, 100]),
)


def _step(payment: Payment, how: str, amount: int | None) -> Payment:
    match how:
        case "cash":
            return payment.cash(amount)
        case "push":
            return payment.mpesa_push(amount)
        case "back":
            return payment.take_back()
    return payment.exact(TenderKind(how), amount)


@given(st.integers(-50_000, 50_000), RULES, STEPS)
def test_whatever_is_tendered_the_sums_hold(
    due: int, rules: RoundingRules, steps: list[tuple[str, int | None]]
) -> None:
    payment = Payment(due_cents=due, rules=rules)
    mirror = Payment(due_cents=-due, rules=rules)
    for how, amount in steps:
        try:
            payment = _step(payment, how, amount)
        except Refused:
            continue
        _check(payment)
        if payment.change_cents or not due:
            break
        mirror = _step(mirror, how, amount)
        assert mirror.paid_cents == -payment.paid_cents
        assert mirror.rounding_cents == -payment.rounding_cents
    if not payment.finished:
        payment = payment.cash()
        _check(payment)
    assert payment.finished
    assert payment.paid_cents == due + payment.rounding_cents


def _check(payment: Payment) -> None:
    sign = -1 if payment.due_cents < 0 else 1
    assert payment.paid_cents + payment.remaining_cents == (
        payment.due_cents + payment.rounding_cents
    )
    assert payment.remaining_cents * sign >= 0
    largest_step = max(payment.rules.cash_step_cents, payment.rules.mpesa_step_cents)
    assert abs(payment.rounding_cents) * 2 <= largest_step
    for tender in payment.tenders:
        assert tender.given_cents - tender.change_cents == tender.amount_cents
        assert tender.change_cents >= 0
        assert tender.amount_cents * sign >= 0
        if tender.rounding_cents:
            assert tender is payment.tenders[-1]
            assert payment.finished


@given(st.integers(1, 10**9), st.integers(0, 10**6), st.sampled_from([1, 100, 500]))
def test_change_is_what_was_given_beyond_the_rounded_due(due: int, more: int, step: int) -> None:
    rounded = round_to(due, step)
    payment = Payment(due_cents=due, rules=RoundingRules(cash_step_cents=step)).cash(
        max(rounded, 1) + more
    )
    assert payment.change_cents == max(rounded, 1) + more - rounded
    assert payment.rounding_cents == rounded - due


@pytest.mark.parametrize(("due", "paid", "change"), [(165_60, 200_00, 34_00), (199_80, 200_00, 0)])
def test_too_much_by_m_pesa_counts_whole_and_gives_change(due: int, paid: int, change: int) -> None:
    payment = Payment(due_cents=due).over(paid, "RKL51ZDR4F", TenderKind.CASH)
    mpesa, cash = payment.tenders
    assert payment.finished
    assert (mpesa.amount_cents, mpesa.change_cents) == (paid, 0)
    assert (cash.amount_cents, cash.given_cents, payment.change_cents) == (-change, 0, change)


def test_too_much_by_m_pesa_goes_onto_an_account_to_the_cent() -> None:
    payment = Payment(due_cents=165_60).over(200_00, "RKL51ZDR4F", TenderKind.CREDIT)
    assert payment.finished
    assert (payment.tenders[1].amount_cents, payment.change_cents) == (-34_40, 0)


def test_what_is_not_too_much_is_no_over() -> None:
    for payment in (Payment(due_cents=100_00), Payment(due_cents=-50_00)):
        with pytest.raises(ValueError, match="no more than is due"):
            payment.over(100_00, "RKL51ZDR4F", TenderKind.CASH)
