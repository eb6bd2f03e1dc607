"""Facts that move stock and are no sale: recorded with their moves, listed product by product."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from pos_desktop.domain.goods import StockMove
from pos_desktop.domain.ids import Id
from pos_desktop.domain.money import Cents
from pos_desktop.domain.quantity import Thousandths
from pos_desktop.storage import stock
from pos_desktop.storage.books import Books, Fact
from pos_desktop.storage.database import Row, ShopDatabase


class Move(NamedTuple):
    """So much of a product comes in, or goes out where it is below zero; cost of one unit."""

    product_id: Id
    quantity: Thousandths
    cost_cents: Cents | None


def record(
    database: ShopDatabase,
    books: Books,
    kind: str,
    rows: Mapping[str, Sequence[Row]],
    moves: Sequence[Move],
    *,
    fact_id: Id,
    business_day: str,
    at: int,
    actor_id: Id | None,
    approver_id: Id | None = None,
    detail: Mapping[str, Any] | None = None,
    keep_head: bool = True,
) -> Fact:
    """Record a fact with its moves inside the caller's transaction, and bring the levels up.

    Of one of very many the head is not kept outside the file: that of the last is.
    """
    move_rows: list[Row] = [
        {"fact_id": fact_id, "no": no, **move._asdict()} for no, move in enumerate(moves, start=1)
    ]
    fact = books.record(
        kind,
        {**rows, "stock_move": move_rows},
        business_day=business_day,
        actor_id=actor_id,
        approver_id=approver_id,
        detail=detail,
        fact_id=fact_id,
        at=at,
        keep_head=keep_head,
    )
    stock.add_to_levels(database, [(move.product_id, move.quantity) for move in moves])
    return fact


_MOVES = """
SELECT m.fact_id, f.kind, m.product_id, p.name, m.quantity, m.cost_cents, f.at, f.business_day,
    coalesce(a.reason, '') AS reason
FROM stock_move m JOIN fact f ON f.id = m.fact_id JOIN product p ON p.id = m.product_id
LEFT JOIN stock_adjustment a ON a.id = m.fact_id
"""


def of_product(database: ShopDatabase, product_id: Id, limit: int) -> list[StockMove]:
    """Return the last moves of a product, the newest first."""
    condition = "WHERE m.product_id = ? ORDER BY m.fact_id DESC, m.no DESC LIMIT ?"
    return _moves(database, condition, product_id, limit)


def of_fact(database: ShopDatabase, fact_id: Id) -> list[StockMove]:
    """Return the moves of a fact, in their order."""
    return _moves(database, "WHERE m.fact_id = ? ORDER BY m.no", fact_id)


def corrections(database: ShopDatabase, limit: int) -> list[StockMove]:
    """Return the moves of so many corrections, the newest first."""
    condition = (
        "WHERE m.fact_id IN (SELECT id FROM stock_adjustment ORDER BY id DESC LIMIT ?) "
        "ORDER BY m.fact_id DESC, m.no"
    )
    return _moves(database, condition, limit)


def _moves(database: ShopDatabase, condition: str, *values: object) -> list[StockMove]:
    return [StockMove(**row) for row in database.rows(_MOVES + condition, values)]
