"""What is told to who asks what has become of a push."""

from __future__ import annotations

import pytest
from pos_sync.mpesa.query import QueryEnded, QueryOpen, QueryOutcome, QueryPaid
from pos_sync.mpesa.results import Reason
from pos_sync.testing.mpesa.calls import Call
from pos_sync.testing.mpesa.habits import BEING_PROCESSED, TOO_EARLY, UNDER_PROCESSING, Habits
from pos_sync.testing.mpesa.scripts import Script

from tests.pos_sync.testing.mpesa.scene import order, scene

BUSY = QueryOpen("policies.ratelimit.SpikeArrestViolation")


def test_an_id_is_not_known_at_once() -> None:
    with scene(Habits(early_seconds=10)) as one:
        checkout_id = one.accepted().checkout_id
        assert one.daraja.query(checkout_id) == QueryOpen("400.002.02")
        one.clock.pass_by(10)
        assert one.daraja.query(checkout_id) == QueryPaid()
        assert one.daraja.query("ws_CO_never") == QueryOpen("400.002.02")


@pytest.mark.parametrize("told", [UNDER_PROCESSING, BEING_PROCESSED, TOO_EARLY])
def test_what_is_told_of_an_open_prompt(told: str) -> None:
    with scene(Habits(while_open=told)) as one:
        one.simulator.script(Script(code=None))
        checkout_id = one.accepted().checkout_id
        assert one.daraja.query(checkout_id) == QueryOpen(told)
        one.simulator.answer(checkout_id)
        assert one.daraja.query(checkout_id) == QueryPaid()


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("0", QueryPaid()),
        ("1032", QueryEnded("1032", Reason.CANCELLED)),
        ("1037", QueryEnded("1037", Reason.NOT_REACHED, is_doubtful=True)),
        ("777", QueryOpen("777")),
    ],
)
def test_the_end_is_told(code: str, expected: QueryOutcome) -> None:
    with scene() as one:
        one.simulator.script(Script(code=code))
        assert one.daraja.query(one.accepted().checkout_id) == expected


def test_the_first_queries_may_be_told_anything() -> None:
    with scene() as one:
        one.simulator.script(Script(queries=(TOO_EARLY, BEING_PROCESSED, UNDER_PROCESSING, "1032")))
        checkout_id = one.accepted().checkout_id
        told = [one.daraja.query(checkout_id) for _ in range(5)]
        assert told == [
            QueryOpen(TOO_EARLY),
            QueryOpen(BEING_PROCESSED),
            QueryOpen(UNDER_PROCESSING),
            QueryEnded("1032", Reason.CANCELLED),
            QueryPaid(),
        ]


def test_a_query_may_contradict_the_truth() -> None:
    with scene() as one:
        one.simulator.script(Script(query_code="1032"), Script(code="1032", query_code="0"))
        checkout_id = one.accepted().checkout_id
        assert one.daraja.query(checkout_id) == QueryEnded("1032", Reason.CANCELLED)
        assert one.simulator.ledger.payments[0].checkout_id == checkout_id


def test_more_than_five_queries_a_minute_are_too_many() -> None:
    with scene(Habits(queries_per_minute=5)) as one:
        checkout_id = one.accepted().checkout_id
        told = [one.daraja.query(checkout_id) for _ in range(7)]
        assert told == [QueryPaid()] * 5 + [BUSY] * 2
        one.clock.pass_by(60)
        assert one.daraja.query(checkout_id) == QueryPaid()


def test_queries_may_have_to_lie_apart() -> None:
    with scene(Habits(queries_per_minute=5, is_one_by_one=True)) as one:
        checkout_id = one.accepted().checkout_id
        told = []
        for _ in range(3):
            told.append(one.daraja.query(checkout_id))
            one.clock.pass_by(11.9)
            told.append(one.daraja.query(checkout_id))
            one.clock.pass_by(0.1)
        assert told == [QueryPaid(), BUSY] * 3


def test_a_query_needs_the_password_and_the_shop_of_its_push() -> None:
    with scene() as one:
        checkout_id = one.accepted().checkout_id
        body = {"BusinessShortCode": "174379", "CheckoutRequestID": checkout_id}
        wrong = {**body, "Timestamp": "20261124123000", "Password": "eA=="}
        assert one.ask(Call.QUERY, wrong).status == 500
        assert one.ask(Call.QUERY, body).status == 400


def test_nobody_is_charged_by_asking() -> None:
    with scene() as one:
        checkout_id = one.accepted(order(100)).checkout_id
        for _ in range(20):
            one.daraja.query(checkout_id)
        assert [payment.cents for payment in one.simulator.ledger.payments] == [100]
