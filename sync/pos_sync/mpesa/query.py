"""Asking what has become of a push whose id is known.

QueryPaid      the customer has paid; the receipt is not told here
QueryEnded     over, by a code of the closed list, or one that is to be asked for once more
QueryOpen      nothing is settled: still on its way, or a code that says nothing

A query never says that an attempt has failed unless its code is on the closed list of `results`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from pos_sync.http.json_objects import Json, text_of
from pos_sync.mpesa.errors import CallRefused, MpesaError, NoAnswer, WhyNoAnswer, WhyRefused
from pos_sync.mpesa.results import Meaning, Reason, meaning_of, reason_of


@dataclass(frozen=True)
class QueryPaid:
    """The customer has paid."""


@dataclass(frozen=True)
class QueryEnded:
    """The attempt is over without money."""

    code: str
    reason: Reason | None
    is_doubtful: bool = False
    """Whether to ask once more before another push."""


@dataclass(frozen=True)
class QueryOpen:
    """Nothing is settled."""

    code: str = ""
    """The code that was told, if any."""
    reason: Reason | None = None
    retry_after_seconds: int | None = None
    """How long the server wants to be left alone."""


QueryOutcome: TypeAlias = QueryPaid | QueryEnded | QueryOpen

_OPEN = frozenset({WhyRefused.IN_PROGRESS, WhyRefused.BUSY, WhyRefused.QUOTA})


def read_query(found: Json, checkout_id: str) -> QueryOutcome:
    """Return what an answer says of this attempt; raises NoAnswer where it is about another."""
    about = text_of(found.get("CheckoutRequestID"), 100)
    if about and about != checkout_id:
        raise NoAnswer(WhyNoAnswer.WRONG_FORM)
    if text_of(found.get("ResponseCode"), 20) not in ("0", ""):
        return QueryOpen(text_of(found.get("ResponseCode"), 20))
    return _of_code(text_of(found.get("ResultCode"), 20))


def _of_code(code: str) -> QueryOutcome:
    meaning, reason = meaning_of(code), reason_of(code)
    if meaning is Meaning.PAID:
        return QueryPaid()
    if meaning in (Meaning.ENDED, Meaning.DOUBTFUL):
        return QueryEnded(code, reason, meaning is Meaning.DOUBTFUL)
    return QueryOpen(code, reason)


def query_refused(error: MpesaError) -> QueryOpen | None:
    """Return what a refused query says of the attempt; None where the query itself has failed.

    An id that is not known may have been asked for too early.
    """
    if not isinstance(error, CallRefused):
        return None
    is_early = error.why is WhyRefused.BAD_FIELD and "checkoutrequestid" in error.words.lower()
    if is_early or error.why in _OPEN:
        return QueryOpen(error.code, retry_after_seconds=error.retry_after_seconds)
    return None
