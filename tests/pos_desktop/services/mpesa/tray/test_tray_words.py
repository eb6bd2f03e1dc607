"""The tray in words: every state, every event and every refusal of a reversal has some."""

from __future__ import annotations

import pytest

from pos_desktop.domain.mpesa_attempt import AttemptEvent, AttemptState
from pos_desktop.domain.mpesa_event import EventKind
from pos_desktop.domain.mpesa_money import MoneySource, MoneyState
from pos_desktop.services.mpesa.tray.tray import TrayItem
from pos_desktop.services.mpesa.tray.tray_words import event_words, state_words, told_words
from pos_desktop.storage.mpesa_attempts import Attempt
from pos_desktop.storage.mpesa_events import MpesaEvent
from pos_desktop.storage.mpesa_money import Money
from pos_desktop.storage.mpesa_requests import MpesaRequest, RequestKind, RequestState

CODE = "RKL51ZDR4F"


def money(state: MoneyState, *, is_confirmed: bool = True) -> Money:
    return Money(
        receipt=CODE,
        amount_cents=100_00,
        paid_at=0,
        short_code="174379",
        source=MoneySource.PULL,
        is_confirmed=is_confirmed,
        state=state,
        note="rent",
        told_at=0,
        changed_at=0,
    )


def attempt(state: AttemptState) -> Attempt:
    return Attempt(
        id="a",
        sale_id="s",
        no=1,
        amount_cents=100_00,
        phone="254712345678",
        reference="T1U1",
        state=state,
        staff_id="p",
        created_at=0,
        changed_at=0,
    )


def request(state: RequestState, code: str = "") -> MpesaRequest:
    return MpesaRequest(
        token="t",
        kind=RequestKind.REVERSAL,
        receipt=CODE,
        amount_cents=100_00,
        state=state,
        code=code,
        asked_at=0,
        changed_at=0,
    )


def item(state: MoneyState, asked: MpesaRequest | None = None, over: int = 0) -> TrayItem:
    return TrayItem(money=money(state), attempt=None, request=asked, over_cents=over)


@pytest.mark.parametrize("state", MoneyState)
def test_every_state_has_words(state: MoneyState) -> None:
    assert state_words(item(state))
    assert told_words(item(state)) or state is MoneyState.MATCHED


@pytest.mark.parametrize("kind", EventKind)
def test_every_event_has_words(kind: EventKind) -> None:
    assert event_words(MpesaEvent(at=0, kind=kind, detail={})) != kind.value


def test_every_event_of_an_attempt_is_one_of_the_file() -> None:
    assert {one.value for one in AttemptEvent} <= {one.value for one in EventKind}


def test_an_event_tells_its_reason_and_its_code() -> None:
    refused = {"code": "2001", "why": ""}
    event = MpesaEvent(at=0, kind=EventKind.REVERSAL_REFUSED, detail=refused)
    assert event_words(event) == "Reversal refused · 2001"
    ended = MpesaEvent(at=0, kind=EventKind.DECLINE, detail={"code": "1", "reason": "no_money"})
    assert event_words(ended) == "Not paid · 1"
    approved = {"approver": "njeri", "reason": "asked for"}
    event = MpesaEvent(at=0, kind=EventKind.ATTACHED, detail=approved)
    assert event_words(event) == "Attached · asked for"


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("1", "not enough in the shop's account"),
        ("R000002", "does not know this code"),
        ("2001", "Org Reversals Initiator"),
        ("404.001.01", "(404.001.01)"),
        ("", "It did not go back."),
    ],
)
def test_a_reversal_that_was_refused_says_what_to_do(code: str, words: str) -> None:
    found = told_words(item(MoneyState.SUSPENSE, request(RequestState.REFUSED, code)))
    assert words in found
    assert "attach it to another" in found


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (None, "Give it back in the portal"),
        (request(RequestState.NEW), "as soon as it is reached"),
        (request(RequestState.ACKNOWLEDGED), "answers by itself"),
    ],
)
def test_what_goes_back_says_how_far_that_is(asked: MpesaRequest | None, words: str) -> None:
    assert words in told_words(item(MoneyState.REFUND_ASKED, asked))


def test_another_amount_says_by_how_much() -> None:
    assert told_words(item(MoneyState.DIFFERS, over=5_00)).startswith("5.00 more has come")
    assert told_words(item(MoneyState.DIFFERS, over=-5_00)).startswith("5.00 less has come")


@pytest.mark.parametrize("is_held", [True, False])
@pytest.mark.parametrize("state", [AttemptState.LATE_PAID, AttemptState.PAID])
def test_a_push_without_a_code_says_what_to_do(state: AttemptState, is_held: bool) -> None:
    found = TrayItem(money=None, attempt=attempt(state), is_held=is_held)
    assert state_words(found)
    assert told_words(found)
