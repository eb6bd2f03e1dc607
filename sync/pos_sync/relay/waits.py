"""The waits of all tills of a shop, and which of them a payment goes to: for ever, and to one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from pos_sync.relay.database import Row, Transaction, moment, stored
from pos_sync.relay.fitting import FITS_BEFORE, By, Payment, Wait, is_certain
from pos_sync.relay.messages import Money, ShopGone, keep_money
from pos_sync.relay.shops import Till

LONGEST_OPEN = timedelta(days=1)
"""A wait that nobody has closed is in no other's way after that: its till may be gone."""


class WhyNot(StrEnum):
    """Why a payment is not granted."""

    TAKEN = "taken"
    """Another wait has it."""
    AMBIGUOUS = "ambiguous"
    """Another wait or payment fits too: a person has to pick."""
    UNKNOWN = "unknown"
    """The relay knows no such wait; or it cannot tell, since it has not heard of the payment."""


@dataclass(frozen=True, kw_only=True)
class Claim:
    """What a till wants."""

    receipt: str
    wait: str
    by: By
    money: Money | None = None
    """The payment, where the till has heard of it in another way."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a till has a payment."""

    granted: bool
    why: WhyNot | None = None


_GRANTED = Verdict(granted=True)
_IS_SAME = "old.amount_cents = excluded.amount_cents AND old.opened_at = excluded.opened_at"
_COLUMNS = "amount_cents, opened_at, closed_at, phone_digest, reference"


def open_wait(
    transaction: Transaction, till: Till, wait_id: str, wait: Wait, now: datetime
) -> None:
    """Keep a wait; the same again changes nothing, another amount or time opens it anew."""
    if not transaction.lock(till.shop):
        raise ShopGone
    transaction.run(
        f"INSERT INTO relay_wait AS old (shop, till, id, {_COLUMNS}, is_served, at)"
        " VALUES (?, ?, ?, ?, ?, NULL, ?, ?, 0, ?)"
        " ON CONFLICT (shop, till, id) DO UPDATE SET"
        f" closed_at = CASE WHEN {_IS_SAME} THEN old.closed_at END,"
        f" is_served = CASE WHEN {_IS_SAME} THEN old.is_served ELSE 0 END,"
        " amount_cents = excluded.amount_cents, opened_at = excluded.opened_at,"
        " phone_digest = excluded.phone_digest, reference = excluded.reference, at = excluded.at",
        *(till.shop, till.code, wait_id),
        *(wait.amount_cents, stored(wait.opened_at), wait.phone_digest, wait.reference),
        stored(now),
    )


def close_wait(transaction: Transaction, till: Till, wait_id: str, now: datetime) -> bool:
    """Close a wait; tell whether there is one. It still takes what was on its way for a while."""
    if not transaction.lock(till.shop):
        raise ShopGone
    return bool(
        transaction.run(
            "UPDATE relay_wait SET closed_at = COALESCE(closed_at, ?)"
            " WHERE shop = ? AND till = ? AND id = ? RETURNING id",
            stored(now),
            *(till.shop, till.code, wait_id),
        )
    )


def claim(transaction: Transaction, till: Till, wanted: Claim, now: datetime) -> Verdict:
    """Give a payment to a wait, or tell why not; raises ShopGone."""
    if not transaction.lock(till.shop):
        raise ShopGone
    held = transaction.run(
        "SELECT till, wait FROM relay_claim WHERE shop = ? AND receipt = ?",
        till.shop,
        wanted.receipt,
    )
    if held:
        is_own = held[0] == (till.code, wanted.wait)
        return _GRANTED if is_own else Verdict(granted=False, why=WhyNot.TAKEN)
    if wanted.money is not None:
        keep_money(transaction, till.shop, wanted.money, now)
    why = _why_not(transaction, till, wanted)
    if why is not None:
        return Verdict(granted=False, why=why)
    _grant(transaction, till, wanted, now)
    return _GRANTED


def taken(transaction: Transaction, till: Till, receipts: Sequence[str]) -> list[str]:
    """Return those of the payments that other tills of the shop have."""
    marks = ", ".join("?" for _receipt in receipts)
    rows = transaction.run(
        f"SELECT receipt FROM relay_claim WHERE shop = ? AND till <> ? AND receipt IN ({marks})"
        " ORDER BY receipt",
        *(till.shop, till.code, *receipts),
    )
    return [receipt for (receipt,) in rows]


def _why_not(transaction: Transaction, till: Till, wanted: Claim) -> WhyNot | None:
    found = transaction.run(
        f"SELECT is_served, {_COLUMNS} FROM relay_wait WHERE shop = ? AND till = ? AND id = ?",
        *(till.shop, till.code, wanted.wait),
    )
    if not found:
        return WhyNot.UNKNOWN
    payment = _payment(transaction, till.shop, wanted.receipt)
    if payment is None:
        # who has a reference, a phone or a person's word has heard of it in another way
        return WhyNot.UNKNOWN if wanted.by is By.ALONE else None
    is_served, *columns = found[0]
    if is_served and wanted.by in (By.ALONE, By.PHONE):
        return WhyNot.AMBIGUOUS
    wait = _wait(tuple(columns))
    others = _others(transaction, till, wanted.wait, payment)
    rivals = _rivals(transaction, till.shop, wanted.receipt, wait)
    is_clear = is_certain(wanted.by, payment, wait, others, rivals)
    return None if is_clear else WhyNot.AMBIGUOUS


def _grant(transaction: Transaction, till: Till, wanted: Claim, now: datetime) -> None:
    transaction.run(
        "INSERT INTO relay_claim (shop, receipt, till, wait, by_what, at)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        *(till.shop, wanted.receipt, till.code, wanted.wait, wanted.by.value, stored(now)),
    )
    transaction.run(
        "UPDATE relay_wait SET is_served = 1 WHERE shop = ? AND till = ? AND id = ?",
        *(till.shop, till.code, wanted.wait),
    )


def _others(transaction: Transaction, till: Till, wait_id: str, payment: Payment) -> list[Wait]:
    rows = transaction.run(
        f"SELECT {_COLUMNS} FROM relay_wait WHERE shop = ? AND NOT (till = ? AND id = ?)"
        " AND is_served = 0 AND (amount_cents = ? OR UPPER(reference) = ?)"
        " AND (closed_at IS NOT NULL OR opened_at >= ?)",
        *(till.shop, till.code, wait_id),
        *(payment.amount_cents, payment.reference.upper()),
        stored(payment.paid_at - LONGEST_OPEN),
    )
    return [_wait(row) for row in rows]


def _rivals(transaction: Transaction, shop: str, receipt: str, wait: Wait) -> list[Payment]:
    rows = transaction.run(
        "SELECT amount_cents, paid_at, digest, reference FROM relay_payment AS one"
        " WHERE shop = ? AND amount_cents = ? AND receipt <> ? AND paid_at >= ? AND NOT EXISTS"
        " (SELECT 1 FROM relay_claim WHERE relay_claim.shop = one.shop"
        " AND relay_claim.receipt = one.receipt)",
        *(shop, wait.amount_cents, receipt, stored(wait.opened_at - FITS_BEFORE)),
    )
    return [_as_payment(row) for row in rows]


def _payment(transaction: Transaction, shop: str, receipt: str) -> Payment | None:
    rows = transaction.run(
        "SELECT amount_cents, paid_at, digest, reference FROM relay_payment"
        " WHERE shop = ? AND receipt = ?",
        shop,
        receipt,
    )
    return _as_payment(rows[0]) if rows else None


def _as_payment(row: Row) -> Payment:
    amount_cents, paid_at, digest, reference = row
    return Payment(
        amount_cents=amount_cents, paid_at=moment(paid_at), digest=digest, reference=reference
    )


def _wait(row: Row) -> Wait:
    amount_cents, opened_at, closed_at, phone_digest, reference = row
    return Wait(
        amount_cents=amount_cents,
        opened_at=moment(opened_at),
        closed_at=None if closed_at is None else moment(closed_at),
        phone_digest=phone_digest,
        reference=reference,
    )
