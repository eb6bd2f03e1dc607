"""What the relay keeps: each report once, numbered in the order in which it may be read."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from pos_sync.mpesa.addresses import Kind
from pos_sync.mpesa.callbacks import (
    PaidIn,
    Report,
    ResultReport,
    StkReport,
    TimeoutReport,
    read_report,
)
from pos_sync.mpesa.payer import Payer
from pos_sync.mpesa.payer import digest_of as digest_of_phone
from pos_sync.relay.database import Transaction, moment, stored

KEPT = timedelta(days=35)
MOST_AT_ONCE = 100
_MOST_LETTERS = 1_000_000
"""So much text, or one message, goes out at once."""


HAS_TOKEN = frozenset({Kind.PUSH, Kind.RESULT, Kind.TIMEOUT})

_FITTING: dict[Kind, tuple[type, ...]] = {
    Kind.PUSH: (StkReport,),
    Kind.CONFIRMATION: (PaidIn,),
    Kind.VALIDATION: (PaidIn,),
    Kind.RESULT: (ResultReport, TimeoutReport),
    Kind.TIMEOUT: (ResultReport, TimeoutReport),
}


@dataclass(frozen=True, kw_only=True)
class Money:
    """A payment that a report, or a till, has told of."""

    receipt: str
    amount_cents: int
    paid_at: datetime
    digest: str | None = None
    reference: str = ""


@dataclass(frozen=True, kw_only=True)
class Incoming:
    """A report that has come."""

    shop: str
    kind: Kind
    token: str
    body: str
    at: datetime
    money: Money | None = None


@dataclass(frozen=True, kw_only=True)
class Message:
    """A report that is kept."""

    number: int
    at: datetime
    kind: Kind
    token: str
    """What the till has named its push or request; empty where there is none."""
    body: str


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of a report."""

    number: int
    is_new: bool


class ShopGone(Exception):
    """The shop was removed in the meantime."""


def read_incoming(shop: str, kind: Kind, token: str, body: bytes, now: datetime) -> Incoming | None:
    """Return a report; None for a body that is none of the kind that comes to such an address."""
    report = read_report(body)
    if not isinstance(report, _FITTING[kind]):
        return None
    money = _money(report, now) if kind in (Kind.PUSH, Kind.CONFIRMATION) else None
    return Incoming(shop=shop, kind=kind, token=token, body=body.decode(), at=now, money=money)


def keep(transaction: Transaction, one: Incoming) -> Kept:
    """Keep a report, and the payment that it tells of; raises ShopGone."""
    if not transaction.lock(one.shop):
        raise ShopGone
    fingerprint = _fingerprint(one)
    found = transaction.run(
        "UPDATE relay_message SET times = times + 1 WHERE shop = ? AND fingerprint = ?"
        " RETURNING number",
        one.shop,
        fingerprint,
    )
    if found:
        return Kept(found[0][0], is_new=False)
    number = _next_number(transaction, one.shop)
    transaction.run(
        "INSERT INTO relay_message (shop, number, at, kind, token, body, fingerprint, times)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, 1)",
        one.shop,
        number,
        stored(one.at),
        one.kind.value,
        one.token,
        one.body,
        fingerprint,
    )
    if one.money is not None:
        keep_money(transaction, one.shop, one.money, one.at)
    return Kept(number, is_new=True)


def keep_money(transaction: Transaction, shop: str, money: Money, now: datetime) -> None:
    """Keep a payment; what is known of it already stays, what was missing is added."""
    transaction.run(
        "INSERT INTO relay_payment (shop, receipt, amount_cents, paid_at, digest, reference, at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (shop, receipt) DO UPDATE SET"
        " digest = COALESCE(relay_payment.digest, excluded.digest), reference = CASE"
        " WHEN relay_payment.reference = '' THEN excluded.reference"
        " ELSE relay_payment.reference END",
        shop,
        money.receipt,
        money.amount_cents,
        stored(money.paid_at),
        money.digest,
        money.reference,
        stored(now),
    )


def after(transaction: Transaction, shop: str, number: int) -> list[Message]:
    """Return the messages of a shop from the next number on, as many as may go out at once."""
    rows = transaction.run(
        "SELECT number, at, kind, token, body FROM relay_message"
        f" WHERE shop = ? AND number > ? ORDER BY number LIMIT {MOST_AT_ONCE}",
        shop,
        number,
    )
    found: list[Message] = []
    letters = 0
    for one, at, kind, token, body in rows:
        letters += len(body)
        if found and letters > _MOST_LETTERS:
            break
        found.append(Message(number=one, at=moment(at), kind=Kind(kind), token=token, body=body))
    return found


def last_numbers(transaction: Transaction, shops: Sequence[str]) -> dict[str, int]:
    """Return the number of the last message of each of these shops."""
    places = ", ".join("?" for _ in shops)
    rows = transaction.run(
        f"SELECT name, last_number FROM relay_shop WHERE name IN ({places})", *shops
    )
    return {name: number for name, number in rows}  # noqa: C416 - a row is a tuple of any length


def prune(transaction: Transaction, now: datetime) -> int:
    """Forget what is older than it is kept; return how many messages that were.

    A claim stays: what was taken is taken for ever.
    """
    before = stored(now - KEPT)
    gone = transaction.run("DELETE FROM relay_message WHERE at < ? RETURNING number", before)
    transaction.run("DELETE FROM relay_payment WHERE at < ?", before)
    transaction.run("DELETE FROM relay_wait WHERE at < ?", before)
    return len(gone)


def _next_number(transaction: Transaction, shop: str) -> int:
    rows = transaction.run(
        "UPDATE relay_shop SET last_number = last_number + 1 WHERE name = ? RETURNING last_number",
        shop,
    )
    return int(rows[0][0])


def _fingerprint(one: Incoming) -> str:
    return hashlib.sha256(f"{one.kind.value}/{one.token}\n{one.body}".encode()).hexdigest()


def _money(report: Report | None, now: datetime) -> Money | None:
    if not isinstance(report, StkReport | PaidIn):
        return None
    if report.receipt is None or not report.amount_cents:
        return None
    return Money(
        receipt=report.receipt,
        amount_cents=report.amount_cents,
        paid_at=report.paid_at or now,
        digest=_digest(report.payer),
        reference=report.reference if isinstance(report, PaidIn) else "",
    )


def _digest(payer: Payer) -> str | None:
    return digest_of_phone(payer.phone) if payer.phone is not None else payer.digest
