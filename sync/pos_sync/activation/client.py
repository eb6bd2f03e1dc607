"""Asks the supplier's server for the activation of a shop; every way it may end is an outcome."""

from __future__ import annotations

import re
from http import HTTPStatus

from pos_sync.activation.outcomes import (
    Declined,
    Granted,
    Outcome,
    OutOfReach,
    Pending,
    Unclear,
    Wanted,
    WhyDeclined,
)
from pos_sync.deadline import Monotonic
from pos_sync.http.errors import CallFailed, NoAnswer, NotSent, WhyNoAnswer
from pos_sync.http.json_objects import Json, read_object, text_of
from pos_sync.http.transport import Answer, Asked, TimeLimits, Transport

ACTIVATIONS = "/v1/activations"
STATUS = "/v1/status"
PROBE_LIMITS = TimeLimits(connect=4.0, silence=4.0, whole=8.0)

_LIMITS = TimeLimits(connect=10.0, silence=20.0, whole=30.0)
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_LONGEST_ACTIVATION = 8_000
_LONGEST_WAIT = 7 * 86_400
_NOT_NOW = frozenset(
    {HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS}
)
_CODES = {why.value: why for why in WhyDeclined}
_OUT_OF_REACH = frozenset({WhyNoAnswer.TIMED_OUT, WhyNoAnswer.BROKE_OFF})


class ActivationClient:
    """The lines to one server; any thread may use it. Nothing here raises for what it answers."""

    def __init__(
        self,
        base_url: str,
        *,
        monotonic: Monotonic,
        limits: TimeLimits = _LIMITS,
        ca_file: str | None = None,
    ) -> None:
        self._transport = Transport(base_url, monotonic=monotonic, limits=limits, ca_file=ca_file)

    def ask(self, wanted: Wanted) -> Outcome:
        """Ask for an activation; to ask again with the same receipt does no harm."""
        body = {
            "shop": wanted.shop,
            "till": wanted.till,
            "plan": wanted.plan,
            "receipt": wanted.receipt,
            "amount_cents": wanted.amount_cents,
            "reported": "confirmed" if wanted.is_confirmed else "typed",
        }
        headers = {"Idempotency-Key": wanted.receipt}
        return self._outcome(Asked(path=ACTIVATIONS, headers=headers, json=body))

    def look(self, id_: str) -> Outcome:
        """Ask what has become of a question that was pending."""
        return self._outcome(Asked(path=f"{ACTIVATIONS}/{id_}", headers={}))

    def is_there(self) -> bool:
        """Tell whether the server itself answers, and not somebody on the way."""
        try:
            answer = self._transport.exchange(Asked(path=STATUS, headers={}))
        except CallFailed:
            return False
        found = read_object(answer.body)
        return answer.status == HTTPStatus.OK and found is not None and found.get("status") == "ok"

    def close(self) -> None:
        """End all lines."""
        self._transport.close()

    def _outcome(self, asked: Asked) -> Outcome:
        try:
            return read_outcome(self._transport.exchange(asked))
        except NotSent as error:
            return OutOfReach(error)
        except NoAnswer as error:
            if error.why in _OUT_OF_REACH:
                return OutOfReach(error)
            return Unclear(error)


def read_outcome(answer: Answer) -> Outcome:
    """Return what an answer means; raises NoAnswer where it is none to this question."""
    if answer.status in _NOT_NOW or answer.status == HTTPStatus.SERVICE_UNAVAILABLE:
        error = NoAnswer(WhyNoAnswer.SERVER_ERROR, answer.status)
        return Unclear(error, answer.retry_after_seconds)
    found = _object(answer)
    if answer.status == HTTPStatus.OK:
        return Granted(_activation(answer, found))
    if answer.status == HTTPStatus.ACCEPTED:
        return Pending(_id(answer, found), _wait(answer, found))
    if 400 <= answer.status < 500:
        return _declined(answer, found)
    raise NoAnswer(WhyNoAnswer.SERVER_ERROR, answer.status, text_of(found.get("words")))


def _object(answer: Answer) -> Json:
    if not answer.body.strip():
        raise NoAnswer(WhyNoAnswer.EMPTY, answer.status)
    found = read_object(answer.body)
    if found is None:
        raise NoAnswer(WhyNoAnswer.NOT_JSON, answer.status)
    return found


def _activation(answer: Answer, found: Json) -> str:
    text = found.get("activation")
    if not isinstance(text, str) or not 0 < len(text) <= _LONGEST_ACTIVATION:
        raise NoAnswer(WhyNoAnswer.WRONG_FORM, answer.status)
    return text


def _id(answer: Answer, found: Json) -> str:
    text = found.get("id")
    if not isinstance(text, str) or not _ID.fullmatch(text):
        raise NoAnswer(WhyNoAnswer.WRONG_FORM, answer.status)
    return text


def _wait(answer: Answer, found: Json) -> int | None:
    said = found.get("again_in_seconds")
    if isinstance(said, int) and not isinstance(said, bool) and 0 <= said <= _LONGEST_WAIT:
        return said
    return answer.retry_after_seconds


def _declined(answer: Answer, found: Json) -> Declined:
    """Return a no; a code that nobody has described is none, since money was paid."""
    code, words = text_of(found.get("code"), 40), text_of(found.get("words"))
    if code not in _CODES:
        raise NoAnswer(WhyNoAnswer.OTHER_CODE, answer.status, f"{code} {words}".strip())
    return Declined(_CODES[code], words)
