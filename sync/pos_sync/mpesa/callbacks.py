"""What M-Pesa reports by itself, to an address that was given to it.

StkReport      the end of one push, with its receipt where it was paid
PaidIn         money that has come in: by a push, by QR, or by a customer's own doing
ResultReport   the end of a request for status, balance or reversal
TimeoutReport  such a request was not dealt with in time: nothing is known of it

Anybody may send such a report; what one says is believed only after it is confirmed otherwise. A
report is read by the names of its parts, never by their places, and each part may be missing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias

from pos_sync.http.json_objects import Json, first_of, object_of, objects_of, read_object, text_of
from pos_sync.mpesa.amounts import read_cents
from pos_sync.mpesa.nairobi import read_day_first, read_stamp
from pos_sync.mpesa.payer import UNKNOWN_PAYER, Payer, read_payer
from pos_sync.mpesa.results import Meaning, meaning_of

RECEIPT = re.compile(r"[A-Z0-9]{10}")
"""A receipt of M-Pesa, the same in reports, statements and the customer's own message."""


@dataclass(frozen=True, kw_only=True)
class StkReport:
    """The end of a push."""

    checkout_id: str
    merchant_id: str
    code: str
    words: str
    receipt: str | None = None
    """Of a payment; None also where its report does not name it as it should."""
    amount_cents: int | None = None
    paid_at: datetime | None = None
    payer: Payer = UNKNOWN_PAYER

    @property
    def meaning(self) -> Meaning:
        """What its code says."""
        return meaning_of(self.code)


@dataclass(frozen=True, kw_only=True)
class PaidIn:
    """Money that has come in."""

    receipt: str
    amount_cents: int
    short_code: str
    paid_at: datetime | None
    reference: str
    """What the customer typed, or our own where a push has asked; nothing at a till."""
    kind: str
    payer: Payer = UNKNOWN_PAYER
    name: str = ""
    """Whom it comes from, as M-Pesa writes it."""


@dataclass(frozen=True, kw_only=True)
class ResultReport:
    """The end of a request that is answered later."""

    code: str
    words: str
    originator_id: str
    conversation_id: str
    transaction_id: str
    values: Json = field(default_factory=dict)
    """What it tells, by name."""

    @property
    def has_succeeded(self) -> bool:
        """Whether what was asked for was done."""
        return self.code == "0"


@dataclass(frozen=True, kw_only=True)
class TimeoutReport:
    """A request that M-Pesa has not dealt with in time."""

    originator_id: str
    conversation_id: str


Report: TypeAlias = StkReport | PaidIn | ResultReport | TimeoutReport


def read_report(body: bytes) -> Report | None:
    """Return what a report says; None where it is none that is known."""
    found = read_object(body)
    if found is None:
        return None
    stk = object_of(object_of(found.get("Body")).get("stkCallback"))
    if stk:
        return _stk(stk)
    if "Result" in found:
        return _result(object_of(found["Result"]))
    if "TransID" in found:
        return _paid_in(found)
    return _timeout(found)


def _stk(found: Json) -> StkReport | None:
    checkout_id = text_of(found.get("CheckoutRequestID"), 100)
    code = text_of(found.get("ResultCode"), 20)
    if not checkout_id or not code:
        return None
    items = objects_of(object_of(found.get("CallbackMetadata")).get("Item"))
    values = {text_of(one.get("Name"), 60): one.get("Value") for one in items}
    return StkReport(
        checkout_id=checkout_id,
        merchant_id=text_of(found.get("MerchantRequestID"), 100),
        code=code,
        words=text_of(found.get("ResultDesc")),
        receipt=read_receipt(values.get("MpesaReceiptNumber")),
        amount_cents=read_cents(values.get("Amount")),
        paid_at=read_stamp(values.get("TransactionDate")),
        payer=read_payer(values.get("PhoneNumber")),
    )


def _paid_in(found: Json) -> PaidIn | None:
    receipt = read_receipt(found.get("TransID"))
    amount_cents = read_cents(found.get("TransAmount"))
    short_code = text_of(found.get("BusinessShortCode"), 10)
    if receipt is None or not amount_cents or not short_code:
        return None
    names = (text_of(found.get(one), 60) for one in ("FirstName", "MiddleName", "LastName"))
    return PaidIn(
        receipt=receipt,
        amount_cents=amount_cents,
        short_code=short_code,
        paid_at=read_stamp(found.get("TransTime")),
        reference=text_of(found.get("BillRefNumber"), 40),
        kind=text_of(found.get("TransactionType"), 60),
        payer=read_payer(found.get("MSISDN")),
        name=" ".join(name for name in names if name),
    )


def _result(found: Json) -> ResultReport | None:
    code = text_of(found.get("ResultCode"), 20)
    originator_id = text_of(first_of(found, "OriginatorConversationID"), 100)
    conversation_id = text_of(first_of(found, "ConversationID"), 100)
    if not code or not (originator_id or conversation_id):
        return None
    items = objects_of(object_of(found.get("ResultParameters")).get("ResultParameter"))
    return ResultReport(
        code=code,
        words=text_of(found.get("ResultDesc")),
        originator_id=originator_id,
        conversation_id=conversation_id,
        transaction_id=text_of(found.get("TransactionID"), 40),
        values={
            text_of(one.get("Key"), 60).replace(" ", ""): one.get("Value")
            for one in items
            if "Value" in one
        },
    )


def _timeout(found: Json) -> TimeoutReport | None:
    originator_id = text_of(first_of(found, "OriginatorConversationID"), 100)
    conversation_id = text_of(first_of(found, "ConversationID"), 100)
    if not (originator_id or conversation_id):
        return None
    return TimeoutReport(originator_id=originator_id, conversation_id=conversation_id)


def read_receipt(value: object) -> str | None:
    """Return a receipt; None where that is none."""
    text = text_of(value, 20)
    return text if RECEIPT.fullmatch(text) else None


@dataclass(frozen=True, kw_only=True)
class StatusTold:
    """What a status request has told of a payment."""

    receipt: str
    amount_cents: int
    state: str
    """`Completed`, `Cancelled`, `Declined`, `Expired` and others, in M-Pesa's own words."""
    at: datetime | None


def read_status(report: ResultReport) -> StatusTold | None:
    """Return what a status report tells; None where it tells of no payment."""
    values = report.values
    receipt, amount_cents = read_receipt(values.get("ReceiptNo")), read_cents(values.get("Amount"))
    if not report.has_succeeded or receipt is None or amount_cents is None:
        return None
    at = first_of(values, "FinalisedTime", "FinalizedTime", "InitiatedTime")
    return StatusTold(
        receipt=receipt,
        amount_cents=amount_cents,
        state=text_of(values.get("TransactionStatus"), 40),
        at=read_stamp(at) or read_day_first(at),
    )
