"""What happens to an attempt, and its row among the events: one never without the other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pos_desktop.domain.mpesa_attempt import AttemptEvent, AttemptState
from pos_desktop.domain.mpesa_event import EventKind
from pos_desktop.storage import mpesa_attempts, mpesa_events
from pos_desktop.storage.database import ShopDatabase
from pos_desktop.storage.mpesa_attempts import Attempt

_NOT_TOLD = frozenset({"checkout_id", "merchant_id"})
"""An id of M-Pesa has the customer's number in it, and events are kept for ever."""


def happen(
    database: ShopDatabase,
    attempt: Attempt,
    event: AttemptEvent,
    at: int,
    values: Mapping[str, Any] | None = None,
    *,
    kind: EventKind | None = None,
    **detail: Any,
) -> AttemptState | None:
    """Let an event happen to an attempt, and set columns with it; in the caller's transaction.

    Returns the state that it has led to; None where it leads nowhere from the present one, and
    nothing is written. `kind` names it otherwise among the events than by itself.
    """
    state = mpesa_attempts.move(database, attempt.id, event, at, values)
    if state is not None:
        told = {name: one for name, one in (values or {}).items() if name not in _NOT_TOLD}
        tell(
            database, attempt, kind or EventKind(event), at, **{**told, **detail}, state=state.value
        )
    return state


def tell(database: ShopDatabase, attempt: Attempt, kind: EventKind, at: int, **detail: Any) -> None:
    """Keep what has happened to an attempt that leaves its state as it is."""
    mpesa_events.add(database, kind, at, sale_id=attempt.sale_id, attempt_id=attempt.id, **detail)
