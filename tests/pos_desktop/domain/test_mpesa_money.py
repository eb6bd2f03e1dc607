"""A payment finds its sale by itself where that is certain, and nowhere else."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_desktop.domain.ids import Id
from pos_desktop.domain.mpesa_money import (
    IN_THE_TRAY,
    IN_USE,
    MAY_BE_USED,
    MONEY_MOVES,
    Certainty,
    Found,
    MoneyEvent,
    MoneyState,
    Payment,
    Wait,
    offers_for,
    once_confirmed,
    sale_of,
)
from pos_desktop.domain.mpesa_reference import make_reference

NINE = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
AMINA, BARAKA = "254712345678", "254110000001"
WAIT = Wait(sale_id=Id("s1"), amount_cents=1_450_00, phone=None, reference="T1A7", opened_at=NINE)
OTHER = replace(WAIT, sale_id=Id("s2"), reference="T1A8")
PAYMENT = Payment(receipt="RKL51ZDR4F", amount_cents=1_450_00, paid_at=NINE + timedelta(minutes=1))
SECOND = replace(PAYMENT, receipt="RKL51ZDR4G")


def found(payment: Payment, *waits: Wait, unused: tuple[Payment, ...] = ()) -> Found | None:
    return sale_of(payment, waits, unused)


def test_one_wait_and_one_payment_that_fit() -> None:
    assert found(PAYMENT, WAIT, unused=(PAYMENT,)) == Found(WAIT, Certainty.ALONE)


def test_two_equal_baskets_are_for_a_person() -> None:
    assert found(PAYMENT, WAIT, OTHER) is None


def test_two_equal_payments_are_for_a_person() -> None:
    assert found(PAYMENT, WAIT, unused=(PAYMENT, SECOND)) is None


def test_a_reference_decides_whatever_else_fits() -> None:
    named = replace(PAYMENT, reference="t1a8", amount_cents=5_00)
    assert found(named, WAIT, OTHER) == Found(OTHER, Certainty.REFERENCE)


def test_what_names_another_sale_of_ours_fits_no_other() -> None:
    """A customer who pays twice has paid twice for that sale, not for the next of equal amount."""
    again = replace(PAYMENT, reference=make_reference("T1", 7))
    assert found(again, WAIT) is None
    assert found(again, replace(WAIT, phone=AMINA)) is None
    theirs = replace(again, fits_phone=frozenset({AMINA}))
    assert found(theirs, replace(WAIT, phone=AMINA)) is None
    assert found(replace(again, reference="JUMA"), WAIT) == Found(WAIT, Certainty.ALONE)
    assert found(PAYMENT, WAIT, unused=(again, PAYMENT)) == Found(WAIT, Certainty.ALONE)
    assert again in offers_for(WAIT, (again,)), "a person may pick it"


def test_the_phone_decides_between_equal_baskets() -> None:
    waits = replace(WAIT, phone=AMINA), replace(OTHER, phone=BARAKA)
    paid = replace(PAYMENT, fits_phone=frozenset({BARAKA}), speaks_against=frozenset({AMINA}))
    assert found(paid, *waits) == Found(waits[1], Certainty.PHONE)


def test_a_payment_by_another_phone_is_not_of_a_wait_with_a_phone() -> None:
    paid = replace(PAYMENT, speaks_against=frozenset({AMINA}))
    assert found(paid, replace(WAIT, phone=AMINA)) is None
    assert found(paid, replace(WAIT, phone=AMINA), OTHER) == Found(OTHER, Certainty.ALONE)


def test_one_customer_with_two_baskets_is_for_a_person() -> None:
    waits = replace(WAIT, phone=AMINA), replace(OTHER, phone=AMINA)
    assert found(replace(PAYMENT, fits_phone=frozenset({AMINA})), *waits) is None


@pytest.mark.parametrize(
    "change",
    [
        {"amount_cents": 1_450_01},
        {"paid_at": NINE - timedelta(minutes=15, seconds=1)},
    ],
)
def test_what_does_not_fit_is_offered(change: dict[str, object]) -> None:
    assert found(replace(PAYMENT, **change), WAIT) is None  # type: ignore[arg-type]


def test_a_wait_that_was_given_up_still_takes_what_was_on_its_way() -> None:
    closed = replace(WAIT, closed_at=NINE + timedelta(minutes=2))
    late = replace(PAYMENT, paid_at=NINE + timedelta(minutes=17))
    assert found(late, closed) == Found(closed, Certainty.ALONE)
    assert found(replace(late, paid_at=NINE + timedelta(minutes=18)), closed) is None


def test_the_likeliest_is_offered_first() -> None:
    wait = replace(WAIT, phone=AMINA)
    odd = replace(PAYMENT, receipt="RKL51ZDR4H", amount_cents=1_00)
    hers = replace(odd, receipt="RKL51ZDR4K", fits_phone=frozenset({AMINA}))
    newer = replace(SECOND, paid_at=NINE + timedelta(minutes=2))
    offered = offers_for(wait, [odd, PAYMENT, hers, newer])
    assert offered == [hers, newer, PAYMENT, odd]


AMOUNTS = st.sampled_from([100_00, 100_00, 250_00])
PHONES = st.sampled_from([None, AMINA, BARAKA])


@given(
    st.lists(st.tuples(AMOUNTS, PHONES), max_size=4),
    st.lists(st.tuples(AMOUNTS, st.sampled_from([AMINA, BARAKA])), min_size=1, max_size=4),
)
def test_nothing_is_attached_while_another_could_be_meant(
    asked: list[tuple[int, str | None]], paid: list[tuple[int, str]]
) -> None:
    waits = [
        replace(WAIT, sale_id=Id(f"s{no}"), reference=f"T1X{no}", amount_cents=cents, phone=phone)
        for no, (cents, phone) in enumerate(asked)
    ]
    payments = [
        replace(
            PAYMENT,
            receipt=f"R{no:09}",
            amount_cents=cents,
            fits_phone=frozenset({phone}),
            speaks_against=frozenset({AMINA, BARAKA}) - {phone},
        )
        for no, (cents, phone) in enumerate(paid)
    ]
    one, payer = payments[0], paid[0][1]
    got = sale_of(one, waits, payments)
    if got is None:
        return
    assert got.wait.amount_cents == one.amount_cents
    assert got.wait.phone in (None, payer)
    if got.by is Certainty.ALONE:
        same = [wait for wait in waits if wait.amount_cents == one.amount_cents]
        assert [wait for wait in same if wait.phone in (None, payer)] == [got.wait]


# what becomes of it

M, E = MoneyState, MoneyEvent


def test_every_event_leads_somewhere() -> None:
    assert {*MONEY_MOVES} == {*E}
    assert all(MONEY_MOVES.values())


@given(st.lists(st.sampled_from(E)), st.sampled_from([M.REFUNDED, M.ELSEWHERE]))
def test_what_went_back_or_is_anothers_stays_so(
    events: list[MoneyEvent], state: MoneyState
) -> None:
    for event in events:
        assert MONEY_MOVES[event].get(state, state) is state


def test_a_sale_loses_its_payment_to_a_person_s_eyes_alone() -> None:
    """Nothing leads from a sale to where nobody looks, but for a code that never came."""
    for event, moves in MONEY_MOVES.items():
        for state in IN_USE & {*moves}:
            is_seen = moves[state] in IN_THE_TRAY
            assert is_seen or (event, state) == (E.MISS, M.UNVERIFIED), (event, state)


def test_no_event_gives_a_payment_of_the_tray_to_a_sale() -> None:
    for event, moves in MONEY_MOVES.items():
        for state in (MAY_BE_USED | {M.REFUND_ASKED}) & {*moves}:
            assert moves[state] not in IN_USE, (event, state)


def test_what_m_pesa_tells_of_is_a_sales_where_it_was_typed_for_it() -> None:
    became = {one: once_confirmed(one, is_sales=True) for one in M}
    typed = {M.UNVERIFIED, M.ELSEWHERE}
    assert became == {one: M.MATCHED if one in typed else one for one in M}
    assert all(once_confirmed(one, is_sales=False) is one for one in M)
