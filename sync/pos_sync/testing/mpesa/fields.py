"""What Daraja looks at in the fields of a request, and which one it names when it says no."""

from __future__ import annotations

import base64
import binascii
import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

from pos_sync.mpesa.amounts import read_cents
from pos_sync.mpesa.nairobi import read_stamp
from pos_sync.mpesa.payer import PHONE
from pos_sync.testing.mpesa.habits import Habits, Merchant
from pos_sync.testing.mpesa.said import TurnedDown, bad_field, refusal

LARGEST_CENTS = 25_000_000
PAYBILL_TYPE, TILL_TYPE = "CustomerPayBillOnline", "CustomerBuyGoodsOnline"

_SHORT_CODE = re.compile(r"[0-9]{5,7}")
_REFERENCE = re.compile(r"[A-Za-z0-9]{1,12}")
_DESCRIPTION = re.compile(r".{1,13}")
_REMARKS = re.compile(r".{2,100}")
_HOST = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?")

Body = Mapping[str, Any]


def text(body: Body, name: str) -> str:
    """Return a field as text, nothing where it is neither text nor number."""
    value = body.get(name)
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        return ""
    return str(value)


def matching(body: Body, name: str, form: re.Pattern[str], named: str | None = None) -> str:
    """Return a field that has this form; raises TurnedDown naming it."""
    value = text(body, name)
    if not form.fullmatch(value):
        raise bad_field(named or name)
    return value


def short_code(body: Body, name: str = "ShortCode") -> str:
    """Return the number of a shop."""
    return matching(body, name, _SHORT_CODE)


def phone(body: Body, name: str) -> str:
    """Return a phone in the one form."""
    return matching(body, name, PHONE)


def remarks(body: Body) -> str:
    """Return the remarks, which must be there."""
    return matching(body, "Remarks", _REMARKS)


def whole_cents(body: Body, name: str = "Amount") -> int:
    """Return an amount of whole shillings in cents."""
    cents = read_cents(body.get(name))
    if cents is None or cents % 100 or not 100 <= cents <= LARGEST_CENTS:
        raise bad_field(name)
    return cents


def one_of(body: Body, name: str, *values: str) -> str:
    """Return a field that is one of these."""
    value = text(body, name)
    if value not in values:
        raise bad_field(name)
    return value


def address(body: Body, name: str, habits: Habits) -> str:
    """Return an address that reports may go to."""
    url = text(body, name)
    parts = urlsplit(url)
    host = parts.hostname or ""
    is_form_right = _HOST.fullmatch(host) and parts.scheme in ("http", "https")
    has_bad_word = any(word in url.lower() for word in habits.forbidden_words)
    if not is_form_right or has_bad_word or set(url) & set(" <>{}"):
        raise bad_field(name)
    if not habits.is_local_allowed and (parts.scheme != "https" or is_local(host)):
        raise bad_field(name)
    return url


def is_local(host: str) -> bool:
    """Tell whether a host is this machine or in a private network."""
    if host == "localhost" or "." not in host:
        return True
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return False


def check_password(body: Body, merchant: Merchant, habits: Habits, now: datetime) -> None:
    """Raise TurnedDown where short code, passkey and time do not belong together."""
    at_stamp = text(body, "Timestamp")
    at = read_stamp(at_stamp)
    if at is None:
        raise bad_field("Timestamp")
    try:
        plain = base64.b64decode(text(body, "Password"), validate=True).decode()
    except (binascii.Error, ValueError) as error:
        raise bad_field("Password") from error
    wanted = merchant.short_code + merchant.secrets.passkey + at_stamp
    is_in_time = abs(now - at) <= timedelta(minutes=habits.minutes_off)
    if plain != wanted or not is_in_time:
        raise TurnedDown(refusal(500, "500.001.1001", "Wrong credentials"))


@dataclass(frozen=True, kw_only=True)
class PushFields:
    """A push whose fields are right."""

    short_code: str
    type_: str
    cents: int
    phone: str
    party_b: str
    url: str
    reference: str


def push_fields(body: Body, habits: Habits) -> PushFields:
    """Return the fields of a push; raises TurnedDown naming the first that is wrong."""
    code = short_code(body, "BusinessShortCode")
    type_ = one_of(body, "TransactionType", PAYBILL_TYPE, TILL_TYPE)
    cents = whole_cents(body)
    payer = phone(body, "PartyA")
    if phone(body, "PhoneNumber") != payer:
        raise bad_field("PhoneNumber")
    fields = PushFields(
        short_code=code,
        type_=type_,
        cents=cents,
        phone=payer,
        party_b=short_code(body, "PartyB"),
        url=address(body, "CallBackURL", habits),
        reference=matching(body, "AccountReference", _REFERENCE),
    )
    # a missing description is called by another name
    named = "TransactionDesc" if text(body, "TransactionDesc") else "Remarks"
    matching(body, "TransactionDesc", _DESCRIPTION, named)
    return fields
