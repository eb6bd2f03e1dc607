"""Asking a customer's phone for money: what is sent, and what may have become of it.

PushAccepted   the prompt is on its way to the phone; nothing is paid yet
PushRejected   a definite no: the customer sees nothing
PushNotSent    nothing has left this machine
PushUnknown    it may be on its way: no other push until this one is cleared up

There is no key by which Daraja would know a push again, and no way to find one by our own
reference. So nothing here or below ever sends one twice, except after a token was refused, which is
a definite no.
"""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from pos_sync.http.json_objects import Json, text_of
from pos_sync.mpesa.account import Account, AccountKind
from pos_sync.mpesa.amounts import whole_shillings
from pos_sync.mpesa.errors import (
    CallRefused,
    MpesaError,
    NoAnswer,
    NotSent,
    WhyNoAnswer,
    WhyRefused,
)
from pos_sync.mpesa.nairobi import stamp
from pos_sync.mpesa.payer import check_phone

LARGEST_PUSH_CENTS = 25_000_000
"""What one payment may come to."""

_GONE_OUT = (WhyRefused.IN_PROGRESS, WhyRefused.REPEATED)
"""Refusals that say that something like it is on its way."""

_REFERENCE = re.compile(r"[A-Za-z0-9]{1,12}")
_DESCRIPTION = re.compile(r"[A-Za-z0-9 ]{1,13}")


@dataclass(frozen=True, kw_only=True)
class PushOrder:
    """What a customer is asked for; ValueError for what Daraja would refuse or show wrongly."""

    phone: str
    """254 and nine digits."""
    amount_cents: int
    """Whole shillings."""
    reference: str
    """Our own, up to 12 letters and digits; the customer sees it in the prompt."""
    description: str
    """1 to 13 letters, digits and blanks."""
    callback_path: str
    """What is added to the account's callback address: by it a report finds its attempt, also
    when the answer to the push was lost."""

    def __post_init__(self) -> None:
        check_phone(self.phone)
        whole_shillings(self.amount_cents)
        if self.amount_cents > LARGEST_PUSH_CENTS:
            raise ValueError("a push asks for at most 250,000 shillings")
        if not _REFERENCE.fullmatch(self.reference):
            raise ValueError("a reference is 1 to 12 letters and digits")
        if not _DESCRIPTION.fullmatch(self.description):
            raise ValueError("a description is 1 to 13 letters, digits and blanks")


@dataclass(frozen=True)
class PushAccepted:
    """The prompt is on its way."""

    checkout_id: str
    merchant_id: str


@dataclass(frozen=True)
class PushRejected:
    """The push was refused."""

    refused: CallRefused


@dataclass(frozen=True)
class PushNotSent:
    """The push has not left this machine."""

    error: NotSent


@dataclass(frozen=True)
class PushUnknown:
    """The prompt may be on its way."""

    error: NoAnswer


PushOutcome: TypeAlias = PushAccepted | PushRejected | PushNotSent | PushUnknown


def password_of(account: Account, passkey: str, at_stamp: str) -> str:
    """Return the password of a request: short code, passkey and the request's own Timestamp."""
    plain = f"{account.short_code}{passkey}{at_stamp}"
    return base64.b64encode(plain.encode()).decode("ascii")


def push_body(account: Account, passkey: str, order: PushOrder, at: datetime) -> Json:
    """Return the body of a push."""
    at_stamp = stamp(at)
    is_till = account.kind is AccountKind.TILL
    return {
        "BusinessShortCode": account.short_code,
        "Password": password_of(account, passkey, at_stamp),
        "Timestamp": at_stamp,
        "TransactionType": "CustomerBuyGoodsOnline" if is_till else "CustomerPayBillOnline",
        "Amount": str(whole_shillings(order.amount_cents)),
        "PartyA": order.phone,
        "PartyB": account.number,
        "PhoneNumber": order.phone,
        "CallBackURL": account.callback_url.rstrip("/") + order.callback_path,
        "AccountReference": order.reference,
        "TransactionDesc": order.description,
    }


def push_failed(error: MpesaError) -> PushOutcome:
    """Return what has become of a push that was not answered by a success."""
    if isinstance(error, NotSent):
        return PushNotSent(error)
    if isinstance(error, NoAnswer):
        return PushUnknown(error)
    if not isinstance(error, CallRefused):
        raise error
    if error.why in _GONE_OUT:
        return PushUnknown(NoAnswer(WhyNoAnswer.OTHER_CODE, words=f"{error.code} {error.words}"))
    return PushRejected(error)


def read_accepted(found: Json) -> PushAccepted | PushUnknown:
    """Return what an answer accepts; unknown where it does not clearly do so."""
    checkout_id = text_of(found.get("CheckoutRequestID"), 100)
    if text_of(found.get("ResponseCode"), 20) != "0" or not checkout_id:
        return PushUnknown(NoAnswer(WhyNoAnswer.WRONG_FORM))
    return PushAccepted(checkout_id, text_of(found.get("MerchantRequestID"), 100))
