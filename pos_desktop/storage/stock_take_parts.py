"""The parts in which a stock take of very many products ends."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence

from pos_desktop.domain.ids import Id
from pos_desktop.domain.stock_take import StockTake, TakeLine, Uncounted
from pos_desktop.storage.books import Books
from pos_desktop.storage.database import ShopDatabase
from pos_desktop.storage.moments import to_stored
from pos_desktop.storage.stock_takes import record_lines

PART = "stock take part"


def done(database: ShopDatabase, take_id: Id) -> set[Id]:
    """Return the products that stand in a part of a take."""
    rows = database.rows(
        "SELECT l.product_id FROM stock_take_part t JOIN stock_take_line l ON l.fact_id = t.id "
        "WHERE t.take_id = ?",
        (take_id,),
    )
    return {row["product_id"] for row in rows}


def corrected(database: ShopDatabase, take_id: Id) -> int:
    """Return how many products the parts of a take have corrected."""
    sql = (
        "SELECT count(*) FROM stock_take_part t JOIN stock_move m ON m.fact_id = t.id "
        "WHERE t.take_id = ?"
    )
    return int(database.value(sql, (take_id,)))


def record(
    database: ShopDatabase,
    books: Books,
    take: StockTake,
    found: Sequence[TakeLine],
    uncounted: Uncounted,
    *,
    business_day: str,
    actor_id: Id | None,
) -> None:
    """Record a part inside the caller's transaction: the lines that hold, and their moves."""
    last = database.value("SELECT max(no) FROM stock_take_part WHERE take_id = ?", (take.id,))
    record_lines(
        database,
        books,
        take,
        found,
        uncounted,
        kind=PART,
        table="stock_take_part",
        own={"no": 1 + int(last or 0)},
        business_day=business_day,
        actor_id=actor_id,
        at=to_stored(books.now()),
        keep_head=False,
    )


def as_list(products: Collection[Id]) -> str:
    """Return products as a statement takes them."""
    return json.dumps([*products])
