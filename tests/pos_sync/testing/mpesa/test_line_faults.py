"""A line fails in every way, and the client always knows whether anything may have been done."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from pos_sync.http.transport import TimeLimits
from pos_sync.mpesa.errors import NoAnswer, WhyNoAnswer, WhyNotSent, WhyRefused
from pos_sync.mpesa.push import (
    PushAccepted,
    PushNotSent,
    PushOutcome,
    PushRejected,
    PushUnknown,
)
from pos_sync.testing.endings import Then
from pos_sync.testing.mpesa.calls import Call
from pos_sync.testing.mpesa.said import (
    BAD_GATEWAY,
    EMPTY,
    FORBIDDEN,
    PAGE,
    Said,
    fault,
    refusal,
    spike,
)
from pos_sync.testing.mpesa.scripts import NEVER, Trouble

from tests.pos_sync.mpesa.samples import PHONE, SAID
from tests.pos_sync.testing.mpesa.scene import Scene, order, scene

SHORT = TimeLimits(connect=2, silence=0.2, whole=0.4)


def _why(outcome: PushOutcome) -> WhyNoAnswer:
    assert isinstance(outcome, PushUnknown), outcome
    return outcome.error.why


def _charged(one: Scene) -> int:
    return len(one.simulator.ledger.payments_by(PHONE))


@pytest.mark.parametrize("then", [Then.CLOSE, Then.RESET])
@pytest.mark.parametrize("sent", [0, 1, 12, 40, 250])
@pytest.mark.parametrize("is_done", [True, False])
def test_a_line_that_breaks_leaves_it_open_whether_it_was_done(
    then: Then, sent: int, is_done: bool
) -> None:
    with scene() as one:
        say = None if is_done else BAD_GATEWAY
        one.simulator.plan(
            Trouble(at=Call.PUSH, is_done=is_done, say=say, then=then, sent=sent, times=1)
        )
        assert isinstance(one.daraja.push(order()), PushUnknown)
        assert _charged(one) == is_done
        one.quiet()
        assert one.relay.codes == ["0"] * is_done


def test_a_request_that_nobody_reads_leaves_it_open() -> None:
    with scene() as one:
        one.daraja.check_keys()
        one.simulator.drop_lines()
        one.simulator.plan(Trouble(at=Call.CONNECT, then=Then.CLOSE, times=1))
        assert _why(one.daraja.push(order())) is WhyNoAnswer.BROKE_OFF
        assert not _charged(one)
        one.accepted()


def test_a_line_that_ends_after_the_answer_does_no_harm() -> None:
    with scene() as one:
        one.simulator.plan(Trouble(at=Call.PUSH, then=Then.CLOSE, sent=None))
        for number in range(3):
            one.accepted(order(100 + 100 * number))
            one.simulator.wait_for(lambda simulator: simulator.open_lines == 0)
        assert _charged(one) == 3


@pytest.mark.parametrize(
    ("say", "why"),
    [
        (BAD_GATEWAY, WhyNoAnswer.NOT_JSON),
        (FORBIDDEN, WhyNoAnswer.NOT_JSON),
        (PAGE, WhyNoAnswer.NOT_JSON),
        (EMPTY, WhyNoAnswer.EMPTY),
        (Said(200, b"x" * 2_000_001), WhyNoAnswer.TOO_LARGE),
        (refusal(500, "500.003.1001", "Internal Server Error"), WhyNoAnswer.SERVER_ERROR),
    ],
    ids=lambda value: str(getattr(value, "status", value)),
)
@pytest.mark.parametrize("is_done", [True, False])
def test_a_page_of_somebody_on_the_way_leaves_it_open(
    say: Said, why: WhyNoAnswer, is_done: bool
) -> None:
    with scene() as one:
        one.simulator.plan(Trouble(at=Call.PUSH, say=say, is_done=is_done, times=1))
        assert _why(one.daraja.push(order())) is why
        assert _charged(one) == is_done
        one.accepted(order(500))


def test_an_answer_without_a_length_may_be_as_long_as_it_likes() -> None:
    with scene() as one:
        endless = Said(200, b"x" * 3_000_000, headers={"Content-Length": "99999999999"})
        one.simulator.plan(Trouble(at=Call.PUSH, say=endless))
        assert _why(one.daraja.push(order())) is WhyNoAnswer.TOO_LARGE


@pytest.mark.parametrize("said", SAID, ids=lambda said: f"{said.status} {said.body[:60]!r}")
def test_every_answer_that_is_known_means_the_same_over_a_line(said: object) -> None:
    assert isinstance(said, type(SAID[0]))
    with scene() as one:
        one.simulator.plan(Trouble(at=Call.PUSH, say=Said(said.status, said.body), is_done=False))
        outcome = one.daraja.push(order())
        if said.why is None:
            assert isinstance(outcome, PushUnknown)
        else:
            assert isinstance(outcome, PushRejected)
            assert outcome.refused.why is said.why


def test_how_long_the_gateway_wants_to_be_left_alone() -> None:
    with scene() as one:
        say = replace(spike(5), headers={"Retry-After": "12"})
        one.simulator.plan(Trouble(at=Call.PUSH, say=say, is_done=False))
        outcome = one.daraja.push(order())
        assert isinstance(outcome, PushRejected)
        assert outcome.refused.why is WhyRefused.BUSY
        assert outcome.refused.retry_after_seconds == 12


def test_a_product_that_is_not_enabled() -> None:
    say = fault(401, "keymanagement.service", "Invalid API call as no apiproduct match found")
    with scene() as one:
        one.simulator.plan(Trouble(at=Call.PUSH, say=say, is_done=False))
        outcome = one.daraja.push(order())
        assert isinstance(outcome, PushRejected)
        assert outcome.refused.why is WhyRefused.NOT_ENABLED


@pytest.mark.parametrize(
    "trouble",
    [
        Trouble(at=Call.PUSH, seconds=NEVER, times=1),
        Trouble(at=Call.PUSH, byte_seconds=0.05, times=1),
        Trouble(at=Call.PUSH, seconds=NEVER, is_done=False, say=PAGE, times=1),
    ],
    ids=["never", "a byte at a time", "never and not done"],
)
def test_an_answer_that_takes_too_long_leaves_it_open(trouble: Trouble) -> None:
    with scene(limits=SHORT) as one:
        one.simulator.plan(trouble)
        assert _why(one.daraja.push(order())) is WhyNoAnswer.TIMED_OUT
        assert _charged(one) == trouble.is_done
        one.accepted(order(500))


def test_an_answer_that_trickles_within_the_limit_is_read() -> None:
    with scene() as one:
        one.simulator.plan(Trouble(at=Call.PUSH, byte_seconds=0.000_1))
        assert isinstance(one.daraja.push(order()), PushAccepted)


def test_a_line_on_which_nobody_waits_any_more_is_left() -> None:
    with scene(limits=SHORT) as one:
        one.simulator.plan(Trouble(at=Call.PUSH, seconds=NEVER))
        one.daraja.push(order())
        one.daraja.close()
        one.simulator.wait_for(lambda simulator: simulator.open_lines == 0)


@pytest.mark.parametrize(
    "trouble",
    [
        Trouble(at=Call.TOKEN, say=BAD_GATEWAY),
        Trouble(at=Call.TOKEN, then=Then.CLOSE),
        Trouble(at=Call.TOKEN, say=EMPTY, is_done=False, then=Then.RESET),
    ],
)
def test_without_a_token_nothing_is_sent(trouble: Trouble) -> None:
    with scene() as one:
        one.simulator.plan(trouble)
        outcome = one.daraja.push(order())
        assert isinstance(outcome, PushNotSent)
        assert outcome.error.why is WhyNotSent.NO_TOKEN
        assert not one.simulator.count(Call.PUSH)


def test_a_trouble_is_for_a_call_a_phone_and_an_amount() -> None:
    with scene() as one:
        one.simulator.plan(
            Trouble(at=Call.PUSH, phone=PHONE, cents=500, say=PAGE),
            Trouble(at=Call.QUERY, say=BAD_GATEWAY, skip=1, times=1),
        )
        checkout_id = one.accepted(order(100)).checkout_id
        one.accepted(order(500, "254111222333"))
        assert isinstance(one.daraja.push(order(500)), PushUnknown)
        one.daraja.query(checkout_id)
        with pytest.raises(NoAnswer):
            one.daraja.query(checkout_id)
        one.daraja.query(checkout_id)


def test_a_trouble_that_answers_nothing_must_end_the_line() -> None:
    with pytest.raises(ValueError):
        Trouble(at=Call.PUSH, is_done=False)


def test_what_went_wrong_is_heard_as_it_was_meant() -> None:
    with scene() as one:
        one.simulator.plan(Trouble(at=Call.PUSH, say=BAD_GATEWAY))
        one.daraja.push(order())
        heard = one.simulator.heard[-1]
        assert (heard.call, heard.body["PhoneNumber"]) == (Call.PUSH, PHONE)
        assert json.loads(heard.said.body)["ResponseCode"] == "0"
