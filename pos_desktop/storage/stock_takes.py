"""Stock takes: drafts of counts that survive a crash, and the fact that ends them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pos_desktop.domain.ids import Id
from pos_desktop.domain.quantity import Thousandths
from pos_desktop.domain.stock_take import StockTake, TakeLine, TakeState, Uncounted
from pos_desktop.storage import stock, stock_moves
from pos_desktop.storage.books import Books
from pos_desktop.storage.counters import raise_counter
from pos_desktop.storage.database import Row, ShopDatabase
from pos_desktop.storage.moments import to_stored
from pos_desktop.storage.products import SHOWN_CODE
from pos_desktop.storage.stock_moves import Move

ENDED = "stock take"

_TAKE = ", ".join(StockTake.__slots__)
_COUNTS = """(
    SELECT product_id, sum(quantity) AS counted, min(no) AS first_no FROM stock_count
    WHERE take_id = ?1 AND replaced = 0 {of_product} GROUP BY product_id
) c"""
_COUNTS_OF_TAKE = _COUNTS.format(of_product="")
_LINES = """
SELECT p.id AS product_id, p.name, coalesce(p.category, '') AS category, p.cost_cents,
    {code}, c.counted, coalesce(f.level, k.quantity, 0) AS level
FROM {products}
LEFT JOIN stock_level k ON k.product_id = p.id
LEFT JOIN stock_count f ON f.take_id = ?1 AND f.no = c.first_no
WHERE p.deleted_at IS NULL {condition}
ORDER BY p.category, p.name, p.id
"""
_ALL_LINES = _LINES.format(
    code=SHOWN_CODE,
    products=f"product p LEFT JOIN {_COUNTS_OF_TAKE} ON c.product_id = p.id",
    condition="AND (c.counted IS NOT NULL OR ((?2 IS NULL OR p.category = ?2) "
    "AND (p.active = 1 OR coalesce(k.quantity, 0) <> 0)))",
)
_COUNTED_LINES = _LINES.format(
    code=SHOWN_CODE,
    products=f"{_COUNTS_OF_TAKE} JOIN product p ON p.id = c.product_id",
    condition="",
)
_COUNTED_LINE = _LINES.format(
    code=SHOWN_CODE,
    products=f"{_COUNTS.format(of_product='AND product_id = ?2')} "
    "JOIN product p ON p.id = c.product_id",
    condition="",
)

_AMONG = "IN (SELECT value FROM json_each(?2))"
_LINES_OF = _LINES.format(
    code=SHOWN_CODE,
    products=f"product p LEFT JOIN {_COUNTS.format(of_product=f'AND product_id {_AMONG}')} "
    "ON c.product_id = p.id",
    condition=f"AND p.id {_AMONG}",
)


def begin(
    database: ShopDatabase,
    books: Books,
    *,
    category: str | None,
    blind: bool,
    staff_id: Id | None,
) -> StockTake:
    """Begin a stock take inside the caller's transaction."""
    at = to_stored(books.now())
    take = StockTake(
        id=books.new_id(),
        number=raise_counter(database, "stock take"),
        state=TakeState.COUNTING,
        category=category,
        blind=blind,
        staff_id=staff_id,
        began_at=at,
        changed_at=at,
    )
    row = {name: getattr(take, name) for name in StockTake.__slots__}
    database.insert("stock_take", [{**row, "state": take.state.value, "blind": int(blind)}])
    return take


def find(database: ShopDatabase, take_id: Id) -> StockTake | None:
    """Return a stock take, or None."""
    row = database.row(f"SELECT {_TAKE} FROM stock_take WHERE id = ?", (take_id,))
    return _take(row) if row else None


def latest(database: ShopDatabase, limit: int) -> list[StockTake]:
    """Return the last stock takes, the newest first."""
    rows = database.rows(f"SELECT {_TAKE} FROM stock_take ORDER BY number DESC LIMIT ?", (limit,))
    return [_take(row) for row in rows]


def under_way(database: ShopDatabase) -> list[StockTake]:
    """Return the stock takes that are neither finished nor cancelled, the oldest first."""
    rows = database.rows(
        f"SELECT {_TAKE} FROM stock_take WHERE state IN (?, ?) ORDER BY number",
        (TakeState.COUNTING.value, TakeState.ENDING.value),
    )
    return [_take(row) for row in rows]


def set_state(database: ShopDatabase, take_id: Id, state: TakeState, at: int) -> None:
    """Keep that a stock take has ended, inside the caller's transaction."""
    database.execute_sql(
        "UPDATE stock_take SET state = ?, changed_at = ? WHERE id = ?", (state.value, at, take_id)
    )


def count(
    database: ShopDatabase,
    books: Books,
    take_id: Id,
    product_id: Id,
    quantity: Thousandths,
    staff_id: Id | None,
) -> None:
    """Add a count with what the books say now, inside the caller's transaction."""
    last = database.value("SELECT max(no) FROM stock_count WHERE take_id = ?", (take_id,))
    row = {
        "take_id": take_id,
        "no": 1 + int(last or 0),
        "product_id": product_id,
        "quantity": quantity,
        "level": stock.level(database, product_id),
        "staff_id": staff_id,
        "counted_at": to_stored(books.now()),
    }
    database.insert("stock_count", [row])


def replace_counts(database: ShopDatabase, take_id: Id, product_id: Id) -> None:
    """Let the counts of a product so far hold no more, inside the caller's transaction."""
    database.execute_sql(
        "UPDATE stock_count SET replaced = 1 WHERE take_id = ? AND product_id = ?",
        (take_id, product_id),
    )


def counted(database: ShopDatabase, take_id: Id, product_id: Id) -> Thousandths | None:
    """Return what was counted of a product so far; None where nobody has."""
    found = database.value(
        "SELECT sum(quantity) FROM stock_count "
        "WHERE take_id = ? AND product_id = ? AND replaced = 0",
        (take_id, product_id),
    )
    return None if found is None else int(found)


def lines(database: ShopDatabase, take: StockTake) -> list[TakeLine]:
    """Return the products of a take, counted or not, by category and name."""
    return [TakeLine(**row) for row in database.rows(_ALL_LINES, (take.id, take.category))]


def counted_lines(database: ShopDatabase, take: StockTake) -> list[TakeLine]:
    """Return the products of a take that were counted: in a large shop a fraction of all."""
    return [TakeLine(**row) for row in database.rows(_COUNTED_LINES, (take.id,))]


def lines_of(database: ShopDatabase, take: StockTake, products: str) -> list[TakeLine]:
    """Return the lines of these products (a JSON list), counted or not."""
    return [TakeLine(**row) for row in database.rows(_LINES_OF, (take.id, products))]


def count_that_hold(database: ShopDatabase, take: StockTake, uncounted: Uncounted) -> int:
    """Return how many lines the end of a take would have."""
    if uncounted is Uncounted.LEFT:
        return int(database.value(f"SELECT count(*) FROM {_COUNTS_OF_TAKE}", (take.id,)))
    sql = f"SELECT count(*) FROM ({_ALL_LINES}) WHERE counted IS NOT NULL OR level <> 0"
    return int(database.value(sql, (take.id, take.category)))


def line(database: ShopDatabase, take: StockTake, product_id: Id) -> TakeLine:
    """Return the line of a product that was counted."""
    row = database.row(_COUNTED_LINE, (take.id, product_id))
    assert row is not None
    return TakeLine(**row)


def record_lines(
    database: ShopDatabase,
    books: Books,
    take: StockTake,
    found: Sequence[TakeLine],
    uncounted: Uncounted,
    *,
    kind: str,
    table: str,
    own: Mapping[str, Any],
    business_day: str,
    actor_id: Id | None,
    at: int,
    keep_head: bool = True,
) -> Id:
    """Record lines and their moves as a fact of a take, inside the caller's transaction.

    `own` are the columns of its row in `table` that facts of other kinds do not have.
    """
    fact_id = books.new_id()
    row = {
        "id": fact_id,
        "take_id": take.id,
        "uncounted": uncounted.value,
        "staff_id": actor_id,
        "business_day": business_day,
        **own,
    }
    differences = ((line, line.difference(uncounted)) for line in found)
    stock_moves.record(
        database,
        books,
        kind,
        {table: [row], "stock_take_line": list(_line_rows(fact_id, found))},
        [Move(line.product_id, change, line.cost_cents) for line, change in differences if change],
        fact_id=fact_id,
        business_day=business_day,
        at=at,
        actor_id=actor_id,
        detail={"take": take.number},
        keep_head=keep_head,
    )
    return fact_id


def record_end(
    database: ShopDatabase,
    books: Books,
    take: StockTake,
    found: Sequence[TakeLine],
    uncounted: Uncounted,
    *,
    business_day: str,
    actor_id: Id | None,
) -> Id:
    """End a take inside the caller's transaction: the lines that hold, and the moves of them."""
    at = to_stored(books.now())
    fact_id = record_lines(
        database,
        books,
        take,
        found,
        uncounted,
        kind=ENDED,
        table="stock_take_end",
        own={
            "number": take.number,
            "category": take.category,
            "began_at": take.began_at,
            "ended_at": at,
        },
        business_day=business_day,
        actor_id=actor_id,
        at=at,
    )
    set_state(database, take.id, TakeState.FINISHED, at)
    return fact_id


def ended_lines(database: ShopDatabase, take_id: Id) -> list[TakeLine]:
    """Return the lines of a finished take as the books hold them; nothing of any other."""
    rows = database.rows(
        f"""
        SELECT l.product_id, {SHOWN_CODE}, p.name,
            coalesce(p.category, '') AS category, l.counted, l.level, l.cost_cents
        FROM (
            SELECT id FROM stock_take_end WHERE take_id = ?1
            UNION ALL SELECT id FROM stock_take_part WHERE take_id = ?1
        ) e JOIN stock_take_line l ON l.fact_id = e.id
        JOIN product p ON p.id = l.product_id ORDER BY p.category, p.name, p.id
        """,
        (take_id,),
    )
    return [TakeLine(**row) for row in rows]


def _line_rows(fact_id: Id, found: Sequence[TakeLine]) -> list[Row]:
    """Return the lines that hold as rows of the fact that keeps them."""
    return [
        {
            "fact_id": fact_id,
            "no": no,
            "product_id": line.product_id,
            "counted": line.counted,
            "level": line.level,
            "cost_cents": line.cost_cents,
        }
        for no, line in enumerate(found, start=1)
    ]


def _take(row: Row) -> StockTake:
    return StockTake(**{**row, "state": TakeState(row["state"]), "blind": bool(row["blind"])})
