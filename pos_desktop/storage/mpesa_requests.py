"""What M-Pesa was asked and answers later, by a report: the status of a payment, its reversal.

Each stands by the token in the address that its end is reported to. That is drawn anew each time
and told to nobody but M-Pesa, so that a report that comes there is the answer.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from pos_desktop.domain.ids import Id
from pos_desktop.domain.money import Cents
from pos_desktop.storage.database import Row, ShopDatabase


class RequestKind(StrEnum):
    """What is asked; the value is the word in the file."""

    STATUS = "status"
    REVERSAL = "reversal"


class RequestState(StrEnum):
    """Where a request stands; the value is the word in the file."""

    NEW = "new"
    """Kept, before anything goes out."""
    SENT = "sent"
    """Kept before the first byte goes out: found at a start, it is unknown."""
    ACKNOWLEDGED = "acknowledged"
    """M-Pesa has taken it and answers later."""
    UNKNOWN = "unknown"
    """It may have been taken."""
    DONE = "done"
    DONE_TOO = "done_too"
    """M-Pesa gave back what was settled otherwise meanwhile; until a person has seen it."""
    REFUSED = "refused"
    """Not taken, or ended without success."""


OPEN = frozenset(
    {RequestState.NEW, RequestState.SENT, RequestState.ACKNOWLEDGED, RequestState.UNKNOWN}
)
"""One request of a kind may be in one of these for a payment."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MpesaRequest:
    """A request; moments in milliseconds UTC."""

    token: str
    kind: RequestKind
    receipt: str
    amount_cents: Cents
    state: RequestState = RequestState.NEW
    originator_id: str = ""
    conversation_id: str = ""
    code: str = ""
    """What its end was told with."""
    words: str = ""
    staff_id: Id | None = None
    """Who has asked for it; None where nobody did."""
    asked_at: int
    changed_at: int


_COLUMNS = ", ".join(MpesaRequest.__slots__)


def add(database: ShopDatabase, request: MpesaRequest) -> None:
    """Keep a request inside the caller's transaction.

    An IntegrityError of the file where one of its kind is open for the payment: ask `open_for`
    first, in the same transaction.
    """
    row = {name: getattr(request, name) for name in MpesaRequest.__slots__}
    database.insert("mpesa_request", [row])


def move(
    database: ShopDatabase,
    token: str,
    sources: Iterable[RequestState],
    state: RequestState,
    at: int,
    values: Mapping[str, Any] | None = None,
) -> bool:
    """Let a request in one of the states be in another, and set columns with it; tell whether."""
    sets = "".join(f", {name} = ?" for name in values or ())
    cursor = database.execute_sql(
        f"UPDATE mpesa_request SET state = ?, changed_at = ?{sets} "
        "WHERE token = ? AND state IN (SELECT value FROM json_each(?))",
        (state, at, *(values or {}).values(), token, json.dumps([*sources])),
    )
    return bool(cursor.rowcount)


def find(database: ShopDatabase, token: str) -> MpesaRequest | None:
    """Return a request by its token, or None."""
    found = _all(database, "token = ?", token)
    return found[0] if found else None


def open_for(database: ShopDatabase, kind: RequestKind, receipt: str) -> MpesaRequest | None:
    """Return the open request of a kind for a payment, or None."""
    where = "kind = ? AND receipt = ? AND state IN (SELECT value FROM json_each(?))"
    found = _all(database, where, kind, receipt, json.dumps([*OPEN]))
    return found[0] if found else None


def of_receipt(database: ShopDatabase, receipt: str) -> list[MpesaRequest]:
    """Return what was asked about a payment, in order."""
    return _all(database, "receipt = ? ORDER BY asked_at, token", receipt)


def _all(database: ShopDatabase, where: str, *values: Any) -> list[MpesaRequest]:
    rows = database.rows(f"SELECT {_COLUMNS} FROM mpesa_request WHERE {where}", values)
    return [_request(row) for row in rows]


def _request(row: Row) -> MpesaRequest:
    return MpesaRequest(
        **{**row, "kind": RequestKind(row["kind"]), "state": RequestState(row["state"])}
    )
