"""What tills ask of a relay, and what they are told, as it stands in JSON."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from pos_sync.http.json_objects import Json, read_object
from pos_sync.mpesa.amounts import LARGEST_CENTS
from pos_sync.mpesa.callbacks import RECEIPT
from pos_sync.mpesa.nairobi import is_likely
from pos_sync.relay.fitting import By, Wait
from pos_sync.relay.messages import Message, Money
from pos_sync.relay.waits import Claim

WAIT_ID = re.compile(r"[0-9A-Za-z_-]{1,64}")

LONGEST_WAIT = 25.0
"""For so many seconds a till may ask to be held until something has come."""
MOST_RECEIPTS = 500
"""About so many payments is asked at once."""

_DIGEST = re.compile(r"[0-9a-f]{64}")
_REFERENCE = re.compile(r"[ -~]{0,40}")
_NUMBER = re.compile(r"[0-9]{1,18}")
_SECONDS = re.compile(r"[0-9]{1,6}(\.[0-9]{1,6})?")


class Wrong(ValueError):
    """What was asked cannot be read; the words name the part."""


def read_position(query: Mapping[str, str], longest: float) -> tuple[int, float]:
    """Return after which number messages are wanted, and how long is waited for one."""
    after, wait = query.get("after", "0"), query.get("wait", "0")
    if not _NUMBER.fullmatch(after):
        raise Wrong("after")
    if not _SECONDS.fullmatch(wait):
        raise Wrong("wait")
    return int(after), min(float(wait), longest)


def read_wait(body: bytes) -> Wait:
    """Return a wait."""
    found = _object(body)
    return Wait(
        amount_cents=_amount(found),
        opened_at=_moment(found, "opened_at"),
        phone_digest=_digest(found),
        reference=_reference(found),
    )


def read_claim(body: bytes) -> Claim:
    """Return a claim."""
    found = _object(body)
    receipt, wait = found.get("receipt"), found.get("wait")
    if not isinstance(receipt, str) or not RECEIPT.fullmatch(receipt):
        raise Wrong("receipt")
    if not isinstance(wait, str) or not WAIT_ID.fullmatch(wait):
        raise Wrong("wait")
    try:
        by = By(str(found.get("by")))
    except ValueError as error:
        raise Wrong("by") from error
    return Claim(receipt=receipt, wait=wait, by=by, money=_money(receipt, found.get("payment")))


def read_receipts(body: bytes) -> list[str]:
    """Return the payments that are asked about."""
    found = _object(body).get("receipts")
    if not isinstance(found, list) or not 0 < len(found) <= MOST_RECEIPTS:
        raise Wrong("receipts")
    if not all(isinstance(one, str) and RECEIPT.fullmatch(one) for one in found):
        raise Wrong("receipts")
    return found


def wait_json(wait: Wait) -> Json:
    """Return a wait as it is sent."""
    return {
        "amount_cents": wait.amount_cents,
        "opened_at": wait.opened_at.isoformat(),
        "phone_digest": wait.phone_digest,
        "reference": wait.reference,
    }


def claim_json(claim: Claim) -> Json:
    """Return a claim as it is sent."""
    found: Json = {"receipt": claim.receipt, "wait": claim.wait, "by": claim.by.value}
    if claim.money is not None:
        found["payment"] = {
            "amount_cents": claim.money.amount_cents,
            "paid_at": claim.money.paid_at.isoformat(),
            "phone_digest": claim.money.digest,
            "reference": claim.money.reference,
        }
    return found


def message_json(message: Message) -> Json:
    """Return a message as it is sent."""
    return {
        "number": message.number,
        "at": message.at.isoformat(),
        "kind": message.kind.value,
        "token": message.token,
        "body": message.body,
    }


def _money(receipt: str, value: Any) -> Money | None:
    if value is None:
        return None
    if not isinstance(value, dict):
        raise Wrong("payment")
    return Money(
        receipt=receipt,
        amount_cents=_amount(value),
        paid_at=_moment(value, "paid_at"),
        digest=_digest(value),
        reference=_reference(value),
    )


def _object(body: bytes) -> Json:
    found = read_object(body)
    if found is None:
        raise Wrong("body")
    return found


def _amount(found: Json) -> int:
    value = found.get("amount_cents")
    if not isinstance(value, int) or isinstance(value, bool) or not 0 < value <= LARGEST_CENTS:
        raise Wrong("amount_cents")
    return value


def _moment(found: Json, name: str) -> datetime:
    try:
        value = datetime.fromisoformat(found[name])
    except (KeyError, TypeError, ValueError) as error:
        raise Wrong(name) from error
    if value.tzinfo is None or not is_likely(value):
        raise Wrong(name)
    return value.astimezone(UTC)


def _digest(found: Json) -> str | None:
    value = found.get("phone_digest")
    if value is not None and not (isinstance(value, str) and _DIGEST.fullmatch(value)):
        raise Wrong("phone_digest")
    return value


def _reference(found: Json) -> str:
    value = found.get("reference", "")
    if not isinstance(value, str) or not _REFERENCE.fullmatch(value):
        raise Wrong("reference")
    return value
