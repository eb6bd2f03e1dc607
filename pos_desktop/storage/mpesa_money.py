"""What M-Pesa says has come in, a row for each receipt; and what became of it.

A receipt is used for one sale at most: every use is one UPDATE that names the states it may come
from, and tells whether it has changed anything.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from pos_desktop.domain.ids import Id
from pos_desktop.domain.money import Cents
from pos_desktop.domain.mpesa_money import (
    IN_THE_TRAY,
    MAY_BE_USED,
    MoneySource,
    MoneyState,
)
from pos_desktop.storage.database import Row, ShopDatabase


@dataclass(frozen=True, slots=True, kw_only=True)
class Money:
    """A payment; moments in milliseconds UTC."""

    receipt: str
    amount_cents: Cents
    paid_at: int
    short_code: str
    """The shop's number that it was paid to."""
    reference: str = ""
    """What the customer typed, or our own where a push has asked for it."""
    payer_phone: str | None = None
    payer_digest: str | None = None
    payer_mask: str | None = None
    payer_name: str = ""
    source: MoneySource
    """Who has told of it first, or in answer to a question."""
    is_confirmed: bool
    """Whether it was told in answer to a question of our own."""
    state: MoneyState = MoneyState.UNMATCHED
    sale_id: Id | None = None
    """The cart or sale that has it."""
    attempt_id: Id | None = None
    """The attempt by which it was paid."""
    note: str = ""
    """What a person has written of it."""
    told_at: int
    changed_at: int


_COLUMNS = ", ".join(Money.__slots__)
UNSURE = frozenset({MoneyState.UNVERIFIED, MoneyState.ELSEWHERE})
"""What a sale has, or had by a code that seemed wrong, until M-Pesa tells of it."""


def find(database: ShopDatabase, receipt: str) -> Money | None:
    """Return a payment by its receipt, or None."""
    found = _all(database, "receipt = ?", receipt)
    return found[0] if found else None


def put(database: ShopDatabase, money: Money) -> None:
    """Keep a payment as it is now, inside the transaction in which it was looked for."""
    row = {name: getattr(money, name) for name in Money.__slots__}
    row["is_confirmed"] = int(money.is_confirmed)
    names = ", ".join(row)
    marks = ", ".join("?" for _name in row)
    database.execute_sql(
        f"INSERT OR REPLACE INTO mpesa_money ({names}) VALUES ({marks})", [*row.values()]
    )


def use(
    database: ShopDatabase, receipt: str, sale_id: Id, at: int, attempt_id: Id | None = None
) -> bool:
    """Let a cart or sale have a payment that none has; tell whether it has it now.

    A payment that the same sale has already stays its own.
    """
    cursor = database.execute_sql(
        "UPDATE mpesa_money SET state = iif(is_confirmed, 'matched', 'unverified'), sale_id = ?, "
        "attempt_id = coalesce(?, attempt_id), changed_at = ? WHERE receipt = ? AND "
        "(state IN (SELECT value FROM json_each(?)) "
        "OR (sale_id = ? AND state IN ('matched', 'unverified')))",
        (sale_id, attempt_id, at, receipt, json.dumps([*MAY_BE_USED]), sale_id),
    )
    return bool(cursor.rowcount)


def release(database: ShopDatabase, receipt: str, at: int) -> bool:
    """Put a payment into the tray whose sale goes on without it; tell whether it was in use."""
    return _set_state(
        database, receipt, (MoneyState.MATCHED, MoneyState.UNVERIFIED), MoneyState.SUSPENSE, at
    )


def settle(
    database: ShopDatabase, receipt: str, state: MoneyState, at: int, note: str = ""
) -> bool:
    """Say that a payment of the tray is being given back, was, or is another till's."""
    sources = (MoneyState.UNMATCHED, MoneyState.SUSPENSE, MoneyState.REFUND_ASKED)
    return _set_state(database, receipt, sources, state, at, note)


def settle_typed(database: ShopDatabase, receipt: str, at: int, note: str) -> None:
    """Say that a sale has taken a payment by its code alone, and for another amount than it is."""
    sources = (MoneyState.MATCHED, MoneyState.UNVERIFIED)
    _set_state(database, receipt, sources, MoneyState.DIFFERS, at, note)


def become(
    database: ShopDatabase,
    receipt: str,
    sources: Iterable[MoneyState],
    state: MoneyState,
    at: int,
    note: str = "",
) -> bool:
    """Let a payment in one of the states be in another; tell whether it was in one."""
    return _set_state(database, receipt, sources, state, at, note)


def unused(database: ShopDatabase, since: int, limit: int = 200) -> list[Money]:
    """Return payments from a moment on that no sale has, the newest first.

    The sign before the state keeps its index out: by the time they come in order, and few are read.
    """
    where = "+state IN (SELECT value FROM json_each(?)) AND paid_at >= ? ORDER BY paid_at DESC"
    return _all(database, f"{where}, receipt LIMIT ?", json.dumps([*MAY_BE_USED]), since, limit)


def unused_like(
    database: ShopDatabase, since: int, amount_cents: Cents, reference: str = ""
) -> list[Money]:
    """Return those of an amount, or by a reference in capitals; all of them, the newest first."""
    where = (
        "+state IN (SELECT value FROM json_each(?)) AND paid_at >= ? "
        "AND (amount_cents = ? OR (? <> '' AND upper(reference) = ?)) "
        "ORDER BY paid_at DESC, receipt"
    )
    states = json.dumps([*MAY_BE_USED])
    return _all(database, where, states, since, amount_cents, reference, reference)


def in_states(database: ShopDatabase, states: Iterable[MoneyState], limit: int) -> list[Money]:
    """Return payments in some states, the newest first."""
    where = "state IN (SELECT value FROM json_each(?)) ORDER BY paid_at DESC, receipt LIMIT ?"
    return _all(database, where, json.dumps([*states]), limit)


def sums(database: ShopDatabase) -> dict[MoneyState, tuple[int, Cents]]:
    """Return how many payments are in each state, and how much they come to."""
    rows = database.rows(
        "SELECT state, count(*) AS count, sum(amount_cents) AS cents FROM mpesa_money GROUP BY 1"
    )
    return {MoneyState(row["state"]): (row["count"], row["cents"]) for row in rows}


def typed_between(database: ShopDatabase, first: int, end: int, limit: int) -> list[Money]:
    """Return payments of a time that only a customer's message has told of, the oldest first."""
    where = "state = 'unverified' AND paid_at BETWEEN ? AND ? ORDER BY paid_at, receipt LIMIT ?"
    return _all(database, where, first, end, limit)


_TO_DO = (
    "(state IN (SELECT value FROM json_each(?)) "
    "OR (state = 'unverified' AND EXISTS (SELECT 1 FROM sale WHERE sale.id = sale_id)) "
    "OR receipt IN (SELECT receipt FROM mpesa_request WHERE state = 'done_too'))"
)


def to_do(database: ShopDatabase, limit: int) -> list[Money]:
    """Return the payments that a person has to look at, the newest first.

    Those of the tray, those that a sale took by a code that nobody has confirmed, and those that
    M-Pesa gave back although they were settled.
    """
    where = f"{_TO_DO} ORDER BY paid_at DESC, receipt LIMIT ?"
    return _all(database, where, json.dumps([*IN_THE_TRAY]), limit)


def count_to_do(database: ShopDatabase) -> int:
    """Return how many payments a person has to look at."""
    sql = f"SELECT count(*) FROM mpesa_money WHERE {_TO_DO}"
    return int(database.value(sql, (json.dumps([*IN_THE_TRAY]),)))


def since(database: ShopDatabase, first: int, limit: int) -> list[Money]:
    """Return all payments that were made from a moment on, the newest first."""
    where = "paid_at >= ? ORDER BY paid_at DESC, receipt LIMIT ?"
    return _all(database, where, first, limit)


def of_sale(database: ShopDatabase, sale_id: Id) -> list[Money]:
    """Return the payments that a cart or sale has, in the order they were made."""
    return _all(database, "sale_id = ? ORDER BY paid_at, receipt", sale_id)


def of_attempt(database: ShopDatabase, attempt_id: Id) -> list[Money]:
    """Return the payments that were told to be of an attempt."""
    return _all(database, "attempt_id = ? ORDER BY told_at, receipt", attempt_id)


def forget_payers(database: ShopDatabase, before: int, most: int) -> int:
    """Take phones and names out of payments that were made before a moment; return how many."""
    cursor = database.execute_sql(
        "UPDATE mpesa_money SET payer_phone = NULL, payer_digest = NULL, payer_name = '' "
        "WHERE receipt IN (SELECT receipt FROM mpesa_money WHERE paid_at < ? AND "
        "(payer_phone IS NOT NULL OR payer_digest IS NOT NULL OR payer_name <> '') LIMIT ?)",
        (before, most),
    )
    return int(cursor.rowcount)


def confirmed(known: Money, told: Money) -> Money:
    """Return a known payment with what an answer to our own question tells of it.

    What was known and is not told again stays; what becomes of it is not touched, but for a
    payment that its sale took unverified, or that was said never to have come: the answer makes
    it a matched one.
    """
    is_sales = known.state in UNSURE and known.sale_id is not None
    state = MoneyState.MATCHED if is_sales else known.state
    return replace(
        known,
        amount_cents=told.amount_cents,
        paid_at=told.paid_at,
        short_code=told.short_code or known.short_code,
        reference=told.reference or known.reference,
        payer_phone=told.payer_phone or known.payer_phone,
        payer_digest=told.payer_digest or known.payer_digest,
        payer_mask=told.payer_mask or known.payer_mask,
        payer_name=told.payer_name or known.payer_name,
        source=told.source,
        is_confirmed=True,
        state=state,
        changed_at=told.changed_at,
    )


def _set_state(
    database: ShopDatabase,
    receipt: str,
    sources: Iterable[MoneyState],
    state: MoneyState,
    at: int,
    note: str = "",
) -> bool:
    cursor = database.execute_sql(
        "UPDATE mpesa_money SET state = ?, changed_at = ?, note = iif(? = '', note, ?) "
        "WHERE receipt = ? AND state IN (SELECT value FROM json_each(?))",
        (state, at, note, note, receipt, json.dumps([*sources])),
    )
    return bool(cursor.rowcount)


def _all(database: ShopDatabase, where: str, *values: Any) -> list[Money]:
    rows = database.rows(f"SELECT {_COLUMNS} FROM mpesa_money WHERE {where}", values)
    return [_money(row) for row in rows]


def _money(row: Row) -> Money:
    return Money(
        **{
            **row,
            "source": MoneySource(row["source"]),
            "state": MoneyState(row["state"]),
            "is_confirmed": bool(row["is_confirmed"]),
        }
    )
