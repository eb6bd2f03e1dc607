"""What a day may not end with: the tray, unverified payments, and pushes without a receipt."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from pos_sync.mpesa.payer import masked

from pos_desktop.domain.money import Cents
from pos_desktop.domain.mpesa_money import IN_THE_TRAY, MoneyState
from pos_desktop.domain.text import _
from pos_desktop.storage import mpesa_attempts, mpesa_money
from pos_desktop.storage.database import ShopDatabase
from pos_desktop.storage.moments import from_stored, to_stored
from pos_desktop.storage.mpesa_attempts import Attempt
from pos_desktop.storage.mpesa_money import Money

RECEIPT_WITHIN = timedelta(hours=1)
"""By then a report or the list has told the receipt of what a push has brought."""


class Left(StrEnum):
    """Why something is left over."""

    UNMATCHED = "unmatched"
    DIFFERS = "differs"
    SUSPENSE = "suspense"
    REFUND_ASKED = "refund_asked"
    UNVERIFIED = "unverified"
    NO_RECEIPT = "no_receipt"
    """A push that is paid, and whose payment nobody has listed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOver:
    """Something that a person has to see to."""

    why: Left
    receipt: str
    """Nothing where it is still to come."""
    reference: str
    amount_cents: Cents
    at: datetime
    phone: str
    """With its middle digits left out."""
    name: str
    note: str


def left_over(database: ShopDatabase, now: datetime) -> list[LeftOver]:
    """Return all that is left over, by what it is, the newest first."""
    states = IN_THE_TRAY | {MoneyState.UNVERIFIED}
    found = [_of_money(one) for one in mpesa_money.in_states(database, states, limit=-1)]
    found += _without_receipt(database, now)
    return sorted(found, key=lambda one: [*Left].index(one.why))


def _without_receipt(database: ShopDatabase, now: datetime) -> Iterator[LeftOver]:
    before = to_stored(now - RECEIPT_WITHIN)
    for one in mpesa_attempts.paid_without_receipt(database, before):
        yield _of_attempt(one)


def _of_money(money: Money) -> LeftOver:
    return LeftOver(
        why=Left(money.state.value),
        receipt=money.receipt,
        reference=money.reference,
        amount_cents=money.amount_cents,
        at=from_stored(money.paid_at),
        phone=masked(money.payer_phone) if money.payer_phone else money.payer_mask or "",
        name=money.payer_name,
        note=money.note,
    )


def _of_attempt(attempt: Attempt) -> LeftOver:
    return LeftOver(
        why=Left.NO_RECEIPT,
        receipt="",
        reference=attempt.reference,
        amount_cents=attempt.amount_cents,
        at=from_stored(attempt.sent_at or attempt.created_at),
        phone=masked(attempt.phone) if attempt.phone else "",
        name="",
        note="",
    )


def left_words(why: Left) -> str:
    """Return why something is left over, in a few words."""
    return {
        Left.UNMATCHED: _("belongs to no sale"),
        Left.DIFFERS: _("typed with another amount"),
        Left.SUSPENSE: _("its sale went on without it"),
        Left.REFUND_ASKED: _("is being given back"),
        Left.UNVERIFIED: _("typed, not confirmed"),
        Left.NO_RECEIPT: _("paid, receipt to come"),
    }[why]


def advice_words(why: Left) -> str:
    """Return what to do about it."""
    return {
        Left.UNMATCHED: _("Give it to its sale, or give it back, under M-Pesa at the till."),
        Left.DIFFERS: _("Settle the difference with the customer."),
        Left.SUSPENSE: _("Give it back, or to another sale, under M-Pesa at the till."),
        Left.REFUND_ASKED: _("M-Pesa's answer is awaited; the portal shows whether it is done."),
        Left.UNVERIFIED: _("posctl mpesa pull, or import the portal's statement, confirms it."),
        Left.NO_RECEIPT: _("posctl mpesa pull, or import the portal's statement, finds it."),
    }[why]
