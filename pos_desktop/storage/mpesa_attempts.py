"""Attempts to be paid by M-Pesa, as rows; a move is one UPDATE that names where it may come from.

Whoever comes second changes nothing and is told so: that is how a query, a list of payments and a
person may settle one attempt at the same moment.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pos_desktop.domain.ids import Id
from pos_desktop.domain.money import Cents
from pos_desktop.domain.mpesa_attempt import (
    COUNTED_ON,
    MOVES,
    NEVER_SENT,
    OWED,
    AttemptEvent,
    AttemptState,
)
from pos_desktop.storage.database import Row, ShopDatabase


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One attempt; moments in milliseconds UTC."""

    id: Id
    sale_id: Id
    """The cart's, which becomes that of its sale."""
    no: int
    """Counted for each sale, from one."""
    amount_cents: Cents
    """Whole shillings."""
    phone: str
    """254 and nine digits; nothing once it was forgotten."""
    reference: str
    """Our own, in the customer's prompt and on their statement."""
    state: AttemptState = AttemptState.NEW
    checkout_id: str | None = None
    merchant_id: str | None = None
    staff_id: Id
    created_at: int
    sent_at: int | None = None
    """When the first byte was about to go out."""
    asked_at: int | None = None
    """When it was last asked about."""
    doubts: int = 0
    """How often it was said to be over by a code that is to be asked for once more."""
    code: str = ""
    """The last code that was told of it."""
    reason: str = ""
    """Why nothing was paid, as far as a code says so."""
    is_told_paid: bool = False
    """Whether a report, which nobody has to believe, says that it is paid."""
    receipt: str | None = None
    changed_at: int


_COLUMNS = ", ".join(Attempt.__slots__)
_SENT_WITHIN_MS = 3_600_000
"""An attempt is sent at once or never; the rest is for a clock that is set between the two."""
_LEFT_HERE = json.dumps([one for one in AttemptState if one not in NEVER_SENT | {AttemptState.NEW}])
"""The states of what may have reached M-Pesa."""
_OWED = json.dumps([*OWED])


def add(database: ShopDatabase, attempt: Attempt) -> None:
    """Keep an attempt inside the caller's transaction.

    An IntegrityError of the file where another one of its sale is under way: ask `under_way`
    first, in the same transaction.
    """
    row = {name: getattr(attempt, name) for name in Attempt.__slots__}
    database.insert("mpesa_attempt", [{**row, "is_told_paid": int(attempt.is_told_paid)}])


def move(
    database: ShopDatabase,
    attempt_id: Id,
    event: AttemptEvent,
    at: int,
    values: Mapping[str, Any] | None = None,
) -> AttemptState | None:
    """Let an event happen to an attempt, and set columns with it; inside a transaction.

    Returns the state that it has led to; None where it leads nowhere from the present one, and
    nothing was changed.
    """
    moves = MOVES[event]
    cases = " ".join("WHEN ? THEN ?" for _move in moves)
    names = [*(values or ())]
    sets = "".join(f", {name} = ?" for name in names)
    found = database.value(
        f"UPDATE mpesa_attempt SET state = CASE state {cases} END, changed_at = ?{sets} "
        "WHERE id = ? AND state IN (SELECT value FROM json_each(?)) RETURNING state",
        [
            *(word for pair in moves.items() for word in pair),
            at,
            *((values or {})[name] for name in names),
            attempt_id,
            json.dumps([*moves]),
        ],
    )
    return None if found is None else AttemptState(found)


def note(database: ShopDatabase, attempt_id: Id, at: int, values: Mapping[str, Any]) -> None:
    """Set columns of an attempt that leave its state as it is, inside a transaction."""
    sets = "".join(f", {name} = ?" for name in values)
    database.execute_sql(
        f"UPDATE mpesa_attempt SET changed_at = ?{sets} WHERE id = ?",
        (at, *values.values(), attempt_id),
    )


def next_no(database: ShopDatabase, sale_id: Id) -> int:
    """Return the number of a sale's next attempt."""
    sql = "SELECT coalesce(max(no), 0) + 1 FROM mpesa_attempt WHERE sale_id = ?"
    return int(database.value(sql, (sale_id,)))


def find(database: ShopDatabase, attempt_id: Id) -> Attempt | None:
    """Return an attempt, or None."""
    return _one(database, "id = ?", attempt_id)


def by_reference(database: ShopDatabase, reference: str) -> Attempt | None:
    """Return the attempt that a customer's statement names, whatever case they typed it in."""
    return _one(database, "reference = ?", reference.upper())


def by_checkout(database: ShopDatabase, checkout_id: str) -> Attempt | None:
    """Return the attempt that M-Pesa knows by an id."""
    return _one(database, "checkout_id = ?", checkout_id)


def by_receipt(database: ShopDatabase, receipt: str) -> Attempt | None:
    """Return the attempt that a payment was reported to be of."""
    return _one(database, "receipt = ?", receipt)


def without_receipt(
    database: ShopDatabase, amount_cents: Cents, first: int, end: int
) -> list[Attempt]:
    """Return the attempts of an amount whose payment is not known, and may lie after `first`.

    They were sent between two moments; or before, and said to be paid by an answer after the first.
    They are found by when they were made, for which there is an index: a statement asks for each of
    its rows. The sign before the receipt keeps its index out, in which all without one are alike.
    """
    where = (
        "state IN (SELECT value FROM json_each(?)) AND created_at BETWEEN ? AND ? "
        "AND +receipt IS NULL AND amount_cents = ? AND sent_at BETWEEN ? AND ? ORDER BY sent_at, id"
    )
    made = (first - _SENT_WITHIN_MS, end + _SENT_WITHIN_MS)
    sent = _all(database, where, _LEFT_HERE, *made, amount_cents, first, end)
    said = (
        "state IN (SELECT value FROM json_each(?)) AND created_at < ? AND +receipt IS NULL "
        "AND amount_cents = ? AND sent_at < ? AND asked_at >= ? ORDER BY sent_at, id"
    )
    before = _all(database, said, _OWED, first + _SENT_WITHIN_MS, amount_cents, first, first)
    return [*before, *sent]


def of_sale(database: ShopDatabase, sale_id: Id) -> list[Attempt]:
    """Return the attempts of a sale in their order."""
    return _all(database, "sale_id = ? ORDER BY no", sale_id)


def in_states(
    database: ShopDatabase, states: Iterable[AttemptState], limit: int = -1, *, since: int = 0
) -> list[Attempt]:
    """Return the attempts in some states that were made since a moment, the oldest first."""
    where = (
        "state IN (SELECT value FROM json_each(?)) AND created_at >= ? "
        "ORDER BY created_at, id LIMIT ?"
    )
    return _all(database, where, json.dumps([*states]), since, limit)


def late_since(database: ShopDatabase, since: int, earliest: int) -> list[Attempt]:
    """Return those paid late since a moment that were made after an earlier one, in order."""
    where = "state = 'late_paid' AND created_at >= ? AND changed_at >= ? ORDER BY created_at, id"
    return _all(database, where, earliest, since)


def counts(database: ShopDatabase, states: Iterable[AttemptState]) -> dict[AttemptState, int]:
    """Return how many attempts are in each of some states, where there are any."""
    rows = database.rows(
        "SELECT state, count(*) AS count FROM mpesa_attempt "
        "WHERE state IN (SELECT value FROM json_each(?)) GROUP BY 1",
        (json.dumps([*states]),),
    )
    return {AttemptState(row["state"]): row["count"] for row in rows}


_COUNTED_ON = ", ".join(f"'{one}'" for one in sorted(COUNTED_ON))
_LONG_PAID = f"state IN ({_COUNTED_ON}) AND changed_at < ?"
"""Paid before a moment: where its payment is not known yet either, it is looked for."""
_CODELESS = f"receipt IS NULL AND (state = 'late_paid' OR ({_LONG_PAID}))"


def without_code(database: ShopDatabase, before: int, limit: int) -> list[Attempt]:
    """Return attempts whose payment a person has to look for, the newest first.

    Paid late, or paid before a moment; and of none it is known by which payment.
    """
    return _all(database, f"{_CODELESS} ORDER BY created_at DESC, id LIMIT ?", before, limit)


def long_without_code(database: ShopDatabase, before: int) -> list[Attempt]:
    """Return those of them that were paid before the moment, the oldest first."""
    where = f"+receipt IS NULL AND {_LONG_PAID} ORDER BY created_at, id"
    return _all(database, where, before)


def count_without_code(database: ShopDatabase, before: int) -> int:
    """Return how many attempts those are."""
    sql = f"SELECT count(*) FROM mpesa_attempt WHERE {_CODELESS}"
    return int(database.value(sql, (before,)))


def paid_without_code(database: ShopDatabase, amount_cents: Cents) -> list[Attempt]:
    """Return the attempts of an amount that are paid, and by which payment is not known."""
    where = "receipt IS NULL AND state = 'paid' AND amount_cents = ? ORDER BY created_at DESC, id"
    return _all(database, where, amount_cents)


def forget_phones(database: ShopDatabase, before: int, most: int) -> int:
    """Take the numbers out of attempts that changed last before a moment; return how many.

    M-Pesa's ids, which have them at their end, go with them.
    """
    cursor = database.execute_sql(
        "UPDATE mpesa_attempt SET phone = '', checkout_id = NULL, merchant_id = NULL "
        "WHERE id IN (SELECT id FROM mpesa_attempt WHERE changed_at < ? AND phone <> '' LIMIT ?)",
        (before, most),
    )
    return int(cursor.rowcount)


def _one(database: ShopDatabase, where: str, *values: Any) -> Attempt | None:
    found = _all(database, where, *values)
    return found[0] if found else None


def _all(database: ShopDatabase, where: str, *values: Any) -> list[Attempt]:
    rows = database.rows(f"SELECT {_COLUMNS} FROM mpesa_attempt WHERE {where}", values)
    return [_attempt(row) for row in rows]


def _attempt(row: Row) -> Attempt:
    state, told = AttemptState(row["state"]), bool(row["is_told_paid"])
    return Attempt(**{**row, "state": state, "is_told_paid": told})
