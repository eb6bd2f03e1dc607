"""What M-Pesa says has come in, a row for each receipt; and what became of it.

A receipt is used for one sale at most: every use and every move is one UPDATE that names the states
it may come from, and tells whether it has changed anything.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from pos_desktop.domain.ids import Id
from pos_desktop.domain.money import Cents
from pos_desktop.domain.mpesa_money import (
    IN_THE_TRAY,
    IN_USE,
    MAY_BE_USED,
    MONEY_MOVES,
    MoneyEvent,
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
        "OR (sale_id = ? AND state IN (SELECT value FROM json_each(?))))",
        (sale_id, attempt_id, at, receipt, _words(MAY_BE_USED), sale_id, _words(IN_USE)),
    )
    return bool(cursor.rowcount)


def move(
    database: ShopDatabase, receipt: str, event: MoneyEvent, at: int, note: str = ""
) -> MoneyState | None:
    """Let an event happen to a payment, inside a transaction; a note stays where none is given.

    Returns the state that it has led to; None where it leads nowhere from the present one, and
    nothing was changed.
    """
    moves = MONEY_MOVES[event]
    cases = " ".join("WHEN ? THEN ?" for _move in moves)
    found = database.value(
        f"UPDATE mpesa_money SET state = CASE state {cases} END, changed_at = ?, "
        "note = iif(? = '', note, ?) "
        "WHERE receipt = ? AND state IN (SELECT value FROM json_each(?)) RETURNING state",
        [
            *(word for pair in moves.items() for word in pair),
            at,
            note,
            note,
            receipt,
            _words(moves),
        ],
    )
    return None if found is None else MoneyState(found)


def unused(database: ShopDatabase, since: int, limit: int = 200) -> list[Money]:
    """Return payments from a moment on that no sale has, the newest first.

    The sign before the state keeps its index out: by the time they come in order, and few are read.
    """
    where = "+state IN (SELECT value FROM json_each(?)) AND paid_at >= ? ORDER BY paid_at DESC"
    return _all(database, f"{where}, receipt LIMIT ?", _words(MAY_BE_USED), since, limit)


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


def suspended_since(database: ShopDatabase, since: int, earliest: int) -> list[Money]:
    """Return payments without their sale that were told of since a moment, in order.

    They were made after an earlier one: by that they are found.
    """
    where = "state = 'suspense' AND paid_at >= ? AND told_at >= ? ORDER BY paid_at, receipt"
    return _all(database, where, earliest, since)


def in_states(database: ShopDatabase, states: Iterable[MoneyState], limit: int) -> list[Money]:
    """Return payments in some states, the newest first."""
    where = "state IN (SELECT value FROM json_each(?)) ORDER BY paid_at DESC, receipt LIMIT ?"
    return _all(database, where, _words(states), limit)


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
    return _all(database, where, _words(IN_THE_TRAY), limit)


def count_to_do(database: ShopDatabase) -> int:
    """Return how many payments a person has to look at."""
    sql = f"SELECT count(*) FROM mpesa_money WHERE {_TO_DO}"
    return int(database.value(sql, (_words(IN_THE_TRAY),)))


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


def _words(states: Iterable[MoneyState]) -> str:
    return json.dumps([*states])


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
