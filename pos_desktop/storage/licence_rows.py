"""The shop's activations, as they were signed, and the payments for which it wants one.

There are a few in a year, each a text of its own: they lie with what the till remembers by name,
and need no table. A payment is known by its receipt and never removed; an activation lies under
the receipt that it was granted for, so that one payment has one.
"""

from __future__ import annotations

import json
import logging
from dataclasses import asdict, dataclass, replace
from enum import StrEnum

from pos_desktop.domain.money import Cents
from pos_desktop.storage import device_memory
from pos_desktop.storage.database import ShopDatabase

log = logging.getLogger(__name__)

_NAME = "licence"
_ACTIVATION, _PAYMENT = "activation/", "payment/"


class PaymentState(StrEnum):
    """What has become of a payment; the value is the word in the file and in JSON."""

    WAITING = "waiting"
    """A job asks for its activation until it has it."""
    GRANTED = "granted"
    DECLINED = "declined"
    """It got none; it is kept, and a person may let it be tried again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LicencePayment:
    """A payment for the subscription; moments in milliseconds UTC."""

    receipt: str
    plan: str
    amount_cents: Cents
    is_confirmed: bool
    """Whether M-Pesa has confirmed it to the shop; else somebody has typed the receipt."""
    noted_at: int
    state: PaymentState = PaymentState.WAITING
    asked_id: str = ""
    """By what the supplier's server knows it while it is pending there."""
    tries: int = 0
    """How often it was asked for and there was no activation yet."""
    outcome: str = ""
    """The code of what came of the last try; empty before the first."""
    words: str = ""
    """What was said then, in words of the server."""
    outcome_at: int = 0


def payments(database: ShopDatabase) -> list[LicencePayment]:
    """Return every payment, the newest first; one that was spoilt past the program is left out."""
    found = device_memory.recall_all(database, _NAME).items()
    read = [_payment(text) for key, text in found if key.startswith(_PAYMENT)]
    known = [one for one in read if one is not None]
    return sorted(known, key=lambda one: (one.noted_at, one.receipt), reverse=True)


def payment(database: ShopDatabase, receipt: str) -> LicencePayment | None:
    """Return the payment of a receipt, or None."""
    text = device_memory.recall(database, _NAME, _PAYMENT + receipt)
    return None if text is None else _payment(text)


def put_payment(database: ShopDatabase, one: LicencePayment) -> None:
    """Keep a payment as it is now, inside the caller's transaction."""
    device_memory.remember(database, _NAME, _PAYMENT + one.receipt, json.dumps(asdict(one)))


def stop_waiting(database: ShopDatabase, at: int, outcome: str) -> None:
    """Let each payment that waits be one that got none, inside the caller's transaction."""
    for one in payments(database):
        if one.state is PaymentState.WAITING:
            state = PaymentState.DECLINED
            put_payment(database, replace(one, state=state, outcome=outcome, outcome_at=at))


def activations(database: ShopDatabase) -> dict[str, str]:
    """Return the text of every activation by what it was granted for: see `put_activation`."""
    found = device_memory.recall_all(database, _NAME).items()
    return {
        key.removeprefix(_ACTIVATION): text for key, text in found if key.startswith(_ACTIVATION)
    }


def put_activation(database: ShopDatabase, granted_for: str, text: str) -> None:
    """Keep an activation inside the caller's transaction, in place of one for the same."""
    device_memory.remember(database, _NAME, _ACTIVATION + granted_for, text)


def _payment(text: str) -> LicencePayment | None:
    try:
        found = json.loads(text)
        return LicencePayment(**found | {"state": PaymentState(found["state"])})
    except (ValueError, TypeError, KeyError):
        log.error("a payment for the subscription cannot be read")
        return None
