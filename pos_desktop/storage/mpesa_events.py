"""What has happened with M-Pesa, in order: for whoever has to understand a payment afterwards."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pos_desktop.domain.ids import Id
from pos_desktop.domain.mpesa_event import EventKind
from pos_desktop.storage.database import ShopDatabase


@dataclass(frozen=True, slots=True, kw_only=True)
class MpesaEvent:
    """Something that happened; its moment in milliseconds UTC."""

    at: int
    kind: EventKind
    sale_id: Id | None = None
    attempt_id: Id | None = None
    receipt: str | None = None
    detail: Mapping[str, Any]


def add(
    database: ShopDatabase,
    kind: EventKind,
    at: int,
    *,
    sale_id: Id | None = None,
    attempt_id: Id | None = None,
    receipt: str | None = None,
    **detail: Any,
) -> None:
    """Keep an event inside the caller's transaction; details are plain, and never secret."""
    row = {"sale_id": sale_id, "attempt_id": attempt_id, "receipt": receipt}
    database.insert("mpesa_event", [{"at": at, "kind": kind, **row, "detail": json.dumps(detail)}])


def of_attempt(database: ShopDatabase, attempt_id: Id) -> list[MpesaEvent]:
    """Return what has happened to an attempt, in order."""
    return _all(database, "attempt_id = ?", attempt_id)


def of_receipt(database: ShopDatabase, receipt: str) -> list[MpesaEvent]:
    """Return what has happened to a payment, in order."""
    return _all(database, "receipt = ?", receipt)


def of_payment(database: ShopDatabase, receipt: str, attempt_id: Id | None) -> list[MpesaEvent]:
    """Return what has happened to a payment and to the attempt that has asked for it, in order."""
    return _all(database, "receipt = ? OR attempt_id = ?", receipt, attempt_id)


def _all(database: ShopDatabase, where: str, *values: str | None) -> list[MpesaEvent]:
    rows = database.rows(
        "SELECT at, kind, sale_id, attempt_id, receipt, detail FROM mpesa_event "
        f"WHERE {where} ORDER BY no",
        values,
    )
    return [
        MpesaEvent(**{**row, "kind": EventKind(row["kind"]), "detail": json.loads(row["detail"])})
        for row in rows
    ]
