"""Prices changed many at once: what was changed from what to what, so that it can be taken back."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pos_desktop.domain.ids import Id
from pos_desktop.domain.price_rule import PricedProduct, PriceRow, PriceRule
from pos_desktop.domain.product import PriceSource, ProductChoice
from pos_desktop.domain.runs import RunState
from pos_desktop.storage import price_history, product_cards
from pos_desktop.storage.books import Books
from pos_desktop.storage.counters import MASTER_VERSION, raise_counter
from pos_desktop.storage.database import Row, ShopDatabase
from pos_desktop.storage.moments import to_stored
from pos_desktop.storage.price_history import PriceMove
from pos_desktop.storage.products import SHOWN_CODE


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceRun:
    """A change of many prices as the file remembers it; moments in milliseconds UTC."""

    id: Id
    number: int
    """What people call it by."""
    state: RunState
    rule: PriceRule
    staff_id: Id | None
    changed: int
    """Products whose price it changed."""
    left_alone: int
    """Products that somebody had changed since the preview."""
    began_at: int
    changed_at: int


_PAGE = 500
_COLUMNS = ", ".join(PriceRun.__slots__)
_CHOSEN = f"""
SELECT p.id AS product_id, p.ver, p.name, p.price_cents, p.cost_cents, p.tax_band, {SHOWN_CODE}
FROM product p WHERE p.id IN (SELECT value FROM json_each(?)) AND p.deleted_at IS NULL
"""
_SET_PRICE = "UPDATE product SET price_cents = ?, origin = ?, ver = ?, changed_at = ? WHERE id = ?"
_CHANGES = """
SELECT c.product_id, c.old_price_cents, c.price_cents, p.name, p.cost_cents,
    p.price_cents AS now_cents, p.deleted_at IS NULL AS is_there
FROM price_run_change c JOIN product p ON p.id = c.product_id
WHERE c.run_id = ? AND c.product_id > ? AND c.taken_back = 0 ORDER BY c.product_id LIMIT ?
"""


def chosen(database: ShopDatabase, choice: ProductChoice) -> Iterator[PricedProduct]:
    """Yield what of the products of a choice decides on their prices, by name.

    They are read a page at a time: neither memory nor a reader's view of the file grows with them.
    """
    where, values = product_cards.condition(choice)
    found = database.rows(f"SELECT p.id FROM product p WHERE {where} ORDER BY p.name, p.id", values)
    ids = [row["id"] for row in found]
    for place in range(0, len(ids), _PAGE):
        page = ids[place : place + _PAGE]
        rows = database.rows(_CHOSEN, (json.dumps(page),))
        known = {row["product_id"]: row for row in rows}
        yield from (PricedProduct(**known[one]) for one in page if one in known)


def begin(database: ShopDatabase, books: Books, rule: PriceRule, staff_id: Id | None) -> PriceRun:
    """Begin a change inside the caller's transaction."""
    at = to_stored(books.now())
    run = PriceRun(
        id=books.new_id(),
        number=raise_counter(database, "price run"),
        state=RunState.RUNNING,
        rule=rule,
        staff_id=staff_id,
        changed=0,
        left_alone=0,
        began_at=at,
        changed_at=at,
    )
    row = {name: getattr(run, name) for name in PriceRun.__slots__}
    database.insert("price_run", [{**row, "rule": json.dumps(rule.as_plain())}])
    return run


def find(database: ShopDatabase, number: int) -> PriceRun | None:
    """Return a change by its number, or None."""
    row = database.row(f"SELECT {_COLUMNS} FROM price_run WHERE number = ?", (number,))
    return _run(row) if row else None


def latest(database: ShopDatabase, limit: int) -> list[PriceRun]:
    """Return the last changes, the newest first."""
    rows = database.rows(f"SELECT {_COLUMNS} FROM price_run ORDER BY number DESC LIMIT ?", (limit,))
    return [_run(row) for row in rows]


def end_broken_off(database: ShopDatabase) -> None:
    """Mark changes stopped whose program died; the caller holds the lock of price changes."""
    database.execute_sql(
        "UPDATE price_run SET state = ? WHERE state = ?", (RunState.STOPPED, RunState.RUNNING)
    )


def go_on(database: ShopDatabase, run: PriceRun) -> None:
    """Mark a change that was broken off as running again, inside the caller's transaction."""
    database.execute_sql("UPDATE price_run SET state = ? WHERE id = ?", (RunState.RUNNING, run.id))


def count_changes(database: ShopDatabase, run: PriceRun) -> int:
    """Return how many prices a change has set so far."""
    sql = "SELECT count(*) FROM price_run_change WHERE run_id = ?"
    return int(database.value(sql, (run.id,)))


def set_state(
    database: ShopDatabase, run: PriceRun, state: RunState, at: int, *, left_alone: int
) -> int:
    """Keep how a change stands, inside the caller's transaction; return how many it has set."""
    return int(
        database.value(
            "UPDATE price_run SET state = ?, changed_at = ?, left_alone = ?, changed = "
            "(SELECT count(*) FROM price_run_change c WHERE c.run_id = price_run.id) "
            "WHERE id = ? RETURNING changed",
            (state, at, left_alone, run.id),
        )
    )


def carry_out(
    database: ShopDatabase, books: Books, run: PriceRun, rows: Sequence[PriceRow]
) -> list[PriceRow]:
    """Set the prices of some rows inside the caller's transaction; return the rows left alone.

    Those are the products that are no longer as the preview saw them.
    """
    versions = _versions(database, [row.product.product_id for row in rows])
    good = [row for row in rows if versions.get(row.product.product_id) == row.product.ver]
    moves = [
        (row.product.product_id, row.product.price_cents, row.new_cents, row.product.cost_cents)
        for row in good
    ]
    _set_prices(database, books, moves, PriceSource.BULK, run.number, run.staff_id)
    database.executemany(
        "INSERT INTO price_run_change (run_id, product_id, old_price_cents, price_cents) "
        "VALUES (?, ?, ?, ?)",
        [(run.id, product_id, old, new) for product_id, old, new, _cost in moves],
    )
    kept = {row.product.product_id for row in good}
    return [row for row in rows if row.product.product_id not in kept]


def changes_after(database: ShopDatabase, run: PriceRun, after: Id, limit: int) -> list[Row]:
    """Return the next changes that were not taken back, by product id, with how they stand now."""
    return database.rows(_CHANGES, (run.id, after, limit))


def take_back(
    database: ShopDatabase, books: Books, run: PriceRun, changes: Sequence[Row], staff_id: Id | None
) -> list[str]:
    """Bring old prices back inside the caller's transaction; return the names of those left.

    Those are the products whose price is no longer the one that the change had set.
    """
    good = [one for one in changes if one["is_there"] and one["now_cents"] == one["price_cents"]]
    moves = [
        (one["product_id"], one["price_cents"], one["old_price_cents"], one["cost_cents"])
        for one in good
    ]
    _set_prices(database, books, moves, PriceSource.BULK_UNDO, run.number, staff_id)
    database.executemany(
        "UPDATE price_run_change SET taken_back = 1 WHERE run_id = ? AND product_id = ?",
        [(run.id, product_id) for product_id, *_prices in moves],
    )
    kept = {one["product_id"] for one in good}
    return [one["name"] for one in changes if one["product_id"] not in kept]


def _versions(database: ShopDatabase, ids: Sequence[Id]) -> dict[Id, int]:
    rows = database.rows(
        f"SELECT id, ver FROM product WHERE id IN ({', '.join('?' * len(ids))}) "
        "AND deleted_at IS NULL",
        ids,
    )
    return {row["id"]: row["ver"] for row in rows}


def _set_prices(
    database: ShopDatabase,
    books: Books,
    moves: Sequence[tuple[Id, int, int, int | None]],
    source: PriceSource,
    number: int,
    staff_id: Id | None,
) -> None:
    """Set prices (product, old, new, cost), each with a version of its own, and remember them."""
    if not moves:
        return
    at, origin = to_stored(books.now()), books.node.till_id
    first = raise_counter(database, MASTER_VERSION, len(moves)) - len(moves) + 1
    database.executemany(
        _SET_PRICE,
        [
            (new, origin, ver, at, product_id)
            for ver, (product_id, _old, new, _cost) in enumerate(moves, start=first)
        ],
    )
    history = [
        PriceMove(product_id, ver, old, new, cost, cost)
        for ver, (product_id, old, new, cost) in enumerate(moves, start=first)
    ]
    price_history.keep(database, history, source=source, staff_id=staff_id, at=at, number=number)


def _run(row: Row) -> PriceRun:
    rule = PriceRule.from_plain(json.loads(row["rule"]))
    return PriceRun(**{**row, "state": RunState(row["state"]), "rule": rule})
