"""Whether a payment may go to a wait without a person's picking, while other waits are open.

A till knows its own waits alone; the relay knows those of all tills, so it is asked. The rule is
that of the tills, seen from one wait: the test of both runs them side by side.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

FITS_BEFORE = timedelta(minutes=15)
FITS_AFTER = timedelta(minutes=15)


class By(StrEnum):
    """How a till has found that a payment belongs to a wait."""

    REFERENCE = "reference"
    PHONE = "phone"
    ALONE = "alone"
    """By amount and time, with nothing else that fits."""
    PERSON = "person"
    """Somebody has picked it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """A sale for which a cashier has asked for M-Pesa."""

    amount_cents: int
    opened_at: datetime
    closed_at: datetime | None = None
    phone_digest: str | None = None
    """The SHA-256 of the customer's number in hex, where it was typed."""
    reference: str = ""
    """What a customer of a PayBill may type."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """Money that has come in."""

    amount_cents: int
    paid_at: datetime
    digest: str | None = None
    """Of the payer's number; None where it is masked or missing, and then speaks against nobody."""
    reference: str = ""


def fits(payment: Payment, wait: Wait) -> bool:
    """Tell whether a payment may be for a wait by amount, time and phone."""
    is_other = None not in (payment.digest, wait.phone_digest) and not _is_phone(payment, wait)
    end = wait.closed_at or payment.paid_at
    is_in_time = wait.opened_at - FITS_BEFORE <= payment.paid_at <= end + FITS_AFTER
    return payment.amount_cents == wait.amount_cents and is_in_time and not is_other


def is_certain(
    by: By, payment: Payment, wait: Wait, others: Iterable[Wait], rivals: Iterable[Payment]
) -> bool:
    """Tell whether a payment may go to a wait by what a till has found.

    `others` are the other waits of the shop that have no payment yet, `rivals` its other payments
    that nobody has.
    """
    others = list(others)
    if by is By.PERSON:
        return True
    if any(_is_named(payment, other) for other in others):
        return False
    if by is By.REFERENCE or _is_named(payment, wait):
        # the reference may be that of a push, which the relay does not know
        return True
    fitting = [other for other in others if fits(payment, other)]
    if not fits(payment, wait):
        return False
    if by is By.PHONE:
        return _is_phone(payment, wait) and not any(_is_phone(payment, one) for one in fitting)
    return not fitting and not any(fits(rival, wait) for rival in rivals)


def _is_named(payment: Payment, wait: Wait) -> bool:
    return bool(payment.reference) and payment.reference.upper() == wait.reference.upper()


def _is_phone(payment: Payment, wait: Wait) -> bool:
    return payment.digest is not None and payment.digest == wait.phone_digest
