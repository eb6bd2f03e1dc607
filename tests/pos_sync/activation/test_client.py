"""Whatever the supplier's server answers, or does not, is an outcome; nothing is granted twice."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pos_sync.activation.client import ActivationClient, read_outcome
from pos_sync.activation.outcomes import (
    Declined,
    Granted,
    OutOfReach,
    Pending,
    Unclear,
    Wanted,
    WhyDeclined,
)
from pos_sync.http.errors import NoAnswer, NotSent, WhyNoAnswer
from pos_sync.http.transport import Answer, TimeLimits
from pos_sync.testing.activation_simulator import Act, ActivationSimulator

NOW = datetime(2026, 11, 27, tzinfo=UTC)
WANTED = Wanted(
    shop="5" * 32,
    till="7" * 32,
    plan="monthly",
    receipt="SKA1B2C3D4",
    amount_cents=150_000,
    is_confirmed=False,
)


@pytest.fixture
def server() -> Iterator[ActivationSimulator]:
    with ActivationSimulator(lambda payload: payload.decode(), now=lambda: NOW) as one:
        yield one


@pytest.fixture
def client(server: ActivationSimulator) -> Iterator[ActivationClient]:
    limits = TimeLimits(connect=2.0, silence=1.6, whole=2.4)
    one = ActivationClient(server.base_url, monotonic=time.perf_counter, limits=limits)
    yield one
    one.close()


def test_a_payment_is_granted_once(server: ActivationSimulator, client: ActivationClient) -> None:
    first, second = client.ask(WANTED), client.ask(WANTED)
    assert isinstance(first, Granted)
    assert first == second
    assert server.supplier.grants == 1
    assert json.loads(first.activation)["receipt"] == WANTED.receipt
    assert server.supplier.asked[0]["reported"] == "typed"


def test_another_shop_does_not_get_it(client: ActivationClient) -> None:
    client.ask(WANTED)
    outcome = client.ask(replace(WANTED, shop="6" * 32))
    assert outcome == Declined(WhyDeclined.USED, "receipt used")


def test_what_is_pending_is_asked_about_by_its_id(
    server: ActivationSimulator, client: ActivationClient
) -> None:
    server.plan(Act.PENDING, Act.PENDING)
    pending = client.ask(WANTED)
    assert pending == Pending(WANTED.receipt, 60)
    assert client.look(pending.id) == pending
    assert isinstance(client.look(pending.id), Granted)
    assert client.look("unheard-of") == Declined(WhyDeclined.GONE, "not found")


@pytest.mark.parametrize(
    ("payments", "plan", "why"),
    [
        ({}, "monthly", WhyDeclined.NO_PAYMENT),
        ({WANTED.receipt: 100}, "monthly", WhyDeclined.AMOUNT),
        (None, "weekly", WhyDeclined.PLAN),
    ],
)
def test_a_no_says_why(
    server: ActivationSimulator,
    client: ActivationClient,
    payments: dict[str, int] | None,
    plan: str,
    why: WhyDeclined,
) -> None:
    server.supplier.payments = payments
    outcome = client.ask(replace(WANTED, plan=plan))
    assert isinstance(outcome, Declined)
    assert outcome.why is why


@pytest.mark.parametrize(
    ("act", "why"),
    [
        (Act.GARBAGE, WhyNoAnswer.NOT_JSON),
        (Act.PAGE, WhyNoAnswer.NOT_JSON),
        (Act.FAULT, WhyNoAnswer.SERVER_ERROR),
        (Act.BUSY, WhyNoAnswer.SERVER_ERROR),
    ],
)
def test_what_is_no_answer_is_unclear(
    server: ActivationSimulator, client: ActivationClient, act: Act, why: WhyNoAnswer
) -> None:
    server.plan(act)
    outcome = client.ask(WANTED)
    assert isinstance(outcome, Unclear)
    assert outcome.error.why is why
    assert outcome.again_seconds == (120 if act is Act.BUSY else None)
    assert isinstance(client.ask(WANTED), Granted)


@pytest.mark.parametrize("act", [Act.SILENT, Act.LOST])
def test_an_answer_that_is_lost_is_asked_for_again(
    server: ActivationSimulator, client: ActivationClient, act: Act
) -> None:
    server.plan(act)
    outcome = client.ask(WANTED)
    assert isinstance(outcome, OutOfReach)
    assert isinstance(outcome.error, NoAnswer)
    assert isinstance(client.ask(WANTED), Granted)
    assert server.supplier.grants == 1


def test_an_answer_that_comes_twice_is_none_to_the_next_question(
    server: ActivationSimulator, client: ActivationClient
) -> None:
    server.plan(Act.TWICE)
    client.ask(WANTED)
    other = client.ask(replace(WANTED, receipt="OTHER12345"))
    assert isinstance(other, Granted)
    assert json.loads(other.activation)["receipt"] == "OTHER12345"


def test_a_server_that_is_away_is_out_of_reach(
    server: ActivationSimulator, client: ActivationClient
) -> None:
    assert client.is_there()
    server.go_away()
    client.close()
    assert not client.is_there()
    outcome = client.ask(WANTED)
    assert isinstance(outcome, OutOfReach)
    assert isinstance(outcome.error, NotSent)
    server.come_back()
    assert client.is_there()


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (200, b"{}"),
        (200, b'{"activation": 5}'),
        (200, b'{"activation": ""}'),
        (200, b'{"activation": "%s"}' % (b"x" * 9_000)),
        (202, b"{}"),
        (202, b'{"id": "../../x"}'),
        (422, b'{"code": "something_new"}'),
        (403, b'{"code": null}'),
        (403, b"<html>"),
        (204, b""),
        (301, b"{}"),
        (500, b"[]"),
    ],
)
def test_an_answer_of_the_wrong_form_is_none(status: int, body: bytes) -> None:
    with pytest.raises(NoAnswer):
        read_outcome(Answer(status, body))


@given(st.integers(100, 599), st.binary())
def test_no_answer_breaks_the_reading(status: int, body: bytes) -> None:
    try:
        outcome = read_outcome(Answer(status, body))
    except NoAnswer:
        return
    assert isinstance(outcome, Unclear)


def test_waiting_times_have_an_end() -> None:
    assert read_outcome(Answer(202, b'{"id": "a", "again_in_seconds": 90}')) == Pending("a", 90)
    odd = Answer(202, b'{"id": "a", "again_in_seconds": 99999999999}', retry_after_seconds=5)
    assert read_outcome(odd) == Pending("a", 5)
