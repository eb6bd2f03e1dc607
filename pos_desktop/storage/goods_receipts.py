"""Goods received and returned: their fact, and the lists of them."""

from __future__ import annotations

from collections.abc import Sequence

from pos_desktop.domain.goods import Delivery, GoodsReceipt
from pos_desktop.domain.ids import Id
from pos_desktop.domain.money import Cents
from pos_desktop.domain.product import PriceSource
from pos_desktop.domain.quantity import line_amount
from pos_desktop.storage import price_history, stock_moves
from pos_desktop.storage.books import Books
from pos_desktop.storage.database import ShopDatabase
from pos_desktop.storage.moments import to_stored
from pos_desktop.storage.price_history import PriceMove
from pos_desktop.storage.stamps import new_stamp
from pos_desktop.storage.stock_moves import Move

RECEIVED = "goods received"
RETURNED = "goods returned"

_RECEIPT = f"""
SELECT r.id, f.kind = '{RETURNED}' AS is_return, r.supplier_id, coalesce(s.name, '') AS supplier,
    r.document, r.cost_cents, (SELECT count(*) FROM stock_move m WHERE m.fact_id = r.id) AS lines,
    r.staff_id, r.business_day, r.received_at
FROM goods_receipt r JOIN fact f ON f.id = r.id LEFT JOIN supplier s ON s.id = r.supplier_id
"""


def record(
    database: ShopDatabase,
    books: Books,
    delivery: Delivery,
    *,
    is_return: bool,
    business_day: str,
    actor_id: Id | None,
) -> Id:
    """Record goods inside the caller's transaction; return the fact's id."""
    sign = -1 if is_return else 1
    fact_id, at = books.new_id(), to_stored(books.now())
    moves = [
        Move(line.product_id, sign * line.quantity, line.cost_cents) for line in delivery.lines
    ]
    row = {
        "id": fact_id,
        "supplier_id": delivery.supplier_id,
        "document": delivery.document,
        "cost_cents": sum(line_amount(move.cost_cents or 0, move.quantity) for move in moves),
        "staff_id": actor_id,
        "business_day": business_day,
        "received_at": at,
    }
    stock_moves.record(
        database,
        books,
        RETURNED if is_return else RECEIVED,
        {"goods_receipt": [row]},
        moves,
        fact_id=fact_id,
        business_day=business_day,
        at=at,
        actor_id=actor_id,
    )
    return fact_id


def set_costs(
    database: ShopDatabase, books: Books, costs: Sequence[tuple[Id, Cents]], staff_id: Id | None
) -> None:
    """Make costs of units those of their products, where they differ, and remember the old ones."""
    moves, stamp = [], None
    for product_id, cost in costs:
        row = database.row(
            "SELECT price_cents, cost_cents FROM product WHERE id = ?", (product_id,)
        )
        if row is None or row["cost_cents"] == cost:
            continue
        stamp = stamp or new_stamp(database, books)
        price, old = row["price_cents"], row["cost_cents"]
        moves.append(PriceMove(product_id, stamp["ver"], price, price, old, cost))
    if stamp is None:
        return
    database.executemany(
        "UPDATE product SET cost_cents = ?, origin = ?, ver = ?, changed_at = ? WHERE id = ?",
        [
            (move.cost_cents, stamp["origin"], stamp["ver"], stamp["changed_at"], move.product_id)
            for move in moves
        ],
    )
    price_history.keep(
        database, moves, source=PriceSource.RECEIPT, staff_id=staff_id, at=stamp["changed_at"]
    )


def has_document(database: ShopDatabase, supplier_id: Id, document: str) -> bool:
    """Tell whether goods were received by this document of a supplier before."""
    return bool(
        database.value(
            "SELECT EXISTS (SELECT 1 FROM goods_receipt r JOIN fact f ON f.id = r.id "
            "WHERE r.supplier_id = ? AND r.document = ? AND f.kind = ?)",
            (supplier_id, document, RECEIVED),
        )
    )


def by_id(database: ShopDatabase, receipt_id: Id) -> GoodsReceipt | None:
    """Return goods received or returned, or None."""
    return next(iter(_receipts(database, "WHERE r.id = ?", receipt_id)), None)


def latest(
    database: ShopDatabase, supplier_id: Id | None, limit: int, offset: int
) -> list[GoodsReceipt]:
    """Return goods received and returned, the newest first; all suppliers' where none is named."""
    order = "ORDER BY r.id DESC LIMIT ? OFFSET ?"
    if supplier_id is None:
        return _receipts(database, order, limit, offset)
    return _receipts(database, f"WHERE r.supplier_id = ? {order}", supplier_id, limit, offset)


def _receipts(database: ShopDatabase, condition: str, *values: object) -> list[GoodsReceipt]:
    rows = database.rows(_RECEIPT + condition, values)
    return [GoodsReceipt(**{**row, "is_return": bool(row["is_return"])}) for row in rows]
