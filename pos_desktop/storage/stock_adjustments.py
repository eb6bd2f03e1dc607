"""Corrections of stock with their reason: one fact, however many products."""

from __future__ import annotations

from collections.abc import Sequence

from pos_desktop.domain.ids import Id
from pos_desktop.storage import stock_moves
from pos_desktop.storage.books import Books
from pos_desktop.storage.database import ShopDatabase
from pos_desktop.storage.moments import to_stored
from pos_desktop.storage.stock_moves import Move

ADJUSTED = "stock adjustment"


def record(
    database: ShopDatabase,
    books: Books,
    moves: Sequence[Move],
    *,
    reason: str,
    note: str,
    business_day: str,
    actor_id: Id | None,
) -> Id:
    """Record a correction inside the caller's transaction; return the fact's id."""
    fact_id, at = books.new_id(), to_stored(books.now())
    row = {
        "id": fact_id,
        "reason": reason,
        "note": note,
        "staff_id": actor_id,
        "business_day": business_day,
        "adjusted_at": at,
    }
    stock_moves.record(
        database,
        books,
        ADJUSTED,
        {"stock_adjustment": [row]},
        moves,
        fact_id=fact_id,
        business_day=business_day,
        at=at,
        actor_id=actor_id,
    )
    return fact_id
