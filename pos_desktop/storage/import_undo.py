"""Takes an import back: every product that nobody has touched since, exactly as it was.

Nobody has touched a product whose version is still that which the import left. An undo gives it a
new version too; where it brings a product back to how an earlier import left it, that import's
change moves on to the new version, so that imports can be taken back in reverse order.

A created product that was sold, received or counted meanwhile is made inactive, in the place of
being removed. Its change keeps the version of that, below zero: while nobody touches the product,
it is inactive by no one's wish, so a later import that names it puts it on sale again, as it would
create one that had been removed, unless the sheet says otherwise. An undo of that makes it inactive
again.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field

from pos_desktop.domain.ids import Id
from pos_desktop.domain.product import PriceSource
from pos_desktop.domain.runs import RunState
from pos_desktop.storage import price_history
from pos_desktop.storage.books import Books
from pos_desktop.storage.database import Row, ShopDatabase
from pos_desktop.storage.import_plan import FIELDS
from pos_desktop.storage.moments import to_stored
from pos_desktop.storage.price_history import PriceMove
from pos_desktop.storage.product_imports import ImportRun, index_words, record_stock
from pos_desktop.storage.stamps import Stamp, new_stamp


@dataclass
class Undone:
    """What an undo did: products brought back, removed, made inactive, and those left."""

    restored: int = 0
    removed: int = 0
    made_inactive: int = 0
    left: list[str] = field(default_factory=list)
    """Names of the products that somebody has changed since."""

    @property
    def count(self) -> int:
        """How many products it has looked at."""
        return self.restored + self.removed + self.made_inactive + len(self.left)


_TAKEN_BACK = -1
"""Stands in place of a version where a change was taken back: an undo may be broken off.

Every number below zero does; that of a product made inactive is its version then.
"""

_CHANGES = f"""
SELECT c.before, c.ver_after, p.ver, p.id, p.row, {", ".join(f"p.{name}" for name in FIELDS)},
    EXISTS (SELECT 1 FROM sale_line l WHERE l.product_id = p.id) OR EXISTS (
        SELECT 1 FROM stock_move m JOIN fact f ON f.id = m.fact_id WHERE m.product_id = p.id
            AND f.kind NOT IN ('stock opening', 'stock opening undone')
    ) AS moved,
    coalesce((SELECT quantity FROM stock_level k WHERE k.product_id = p.id), 0) AS in_stock
FROM import_change c JOIN product p ON p.id = c.product_id
WHERE c.import_id = ? AND c.product_id > ? AND c.ver_after > 0
ORDER BY c.product_id LIMIT ?
"""


_EARLIER = """
INSERT INTO temp.earlier SELECT other.product_id, other.import_id
FROM import_change other
JOIN import_change c ON c.import_id = ? AND c.product_id = other.product_id
WHERE other.import_id <> c.import_id
    AND abs(other.ver_after) = json_extract(c.before, '$.ver')
"""
"""Which imports left the products as this one found them: looked up once, before any write lock,
since import_change is in the order of imports and not of products."""


def is_begun(database: ShopDatabase, run: ImportRun) -> bool:
    """Tell whether an import was taken back, or the beginning of it."""
    sql = "SELECT 1 FROM import_change WHERE import_id = ? AND ver_after < 0 LIMIT 1"
    return run.state is RunState.UNDONE or database.value(sql, (run.id,)) is not None


def look_back(database: ShopDatabase, run_id: Id) -> None:
    """Find what an undo needs of earlier imports; to be called once before `take_back`."""
    database.execute_sql("DROP TABLE IF EXISTS temp.earlier")
    database.execute_sql(
        "CREATE TEMP TABLE earlier (product_id TEXT, import_id TEXT, "
        "PRIMARY KEY (product_id, import_id)) WITHOUT ROWID"
    )
    with database.atomic("DEFERRED"):
        database.execute_sql(_EARLIER, (run_id,))


def changes_after(database: ShopDatabase, run_id: Id, after: Id, limit: int) -> list[Row]:
    """Return the next changes of an import, by product id, with how each product stands now."""
    return database.rows(_CHANGES, (run_id, after, limit))


def take_back(
    database: ShopDatabase,
    books: Books,
    run: ImportRun,
    changes: Sequence[Row],
    undone: Undone,
    business_day: str,
    actor_id: Id | None,
) -> None:
    """Take some changes back inside the caller's transaction, counting in `undone`."""
    at = to_stored(books.now())
    priced: list[PriceMove] = []
    moves: list[tuple[Id, int]] = []
    done: list[tuple[int, Id, Id]] = []
    for change in changes:
        if change["ver"] != change["ver_after"]:
            undone.left.append(change["name"])
            continue
        mark = _TAKEN_BACK
        if change["before"] is not None:
            priced.append(_restore(database, books, change))
            undone.restored += 1
        elif change["moved"]:
            mark = -_set(database, books, change["id"], active=0)["ver"]
            undone.made_inactive += 1
        else:
            _remove(database, books, change)
            if change["in_stock"]:
                moves.append((change["id"], -change["in_stock"]))
            undone.removed += 1
        done.append((mark, run.id, change["id"]))
    database.executemany(
        "UPDATE import_change SET ver_after = ? WHERE import_id = ? AND product_id = ?",
        done,
    )
    price_history.keep(
        database,
        priced,
        source=PriceSource.IMPORT_UNDO,
        number=run.number,
        staff_id=actor_id,
        at=at,
    )
    record_stock(database, books, "stock opening undone", run, moves, business_day)


def _restore(database: ShopDatabase, books: Books, change: Row) -> PriceMove:
    before = json.loads(change["before"])
    barcodes, _ver = before.pop("barcodes"), before.pop("ver", None)
    words = (change["row"], change["name"], change["code"])
    index_words(database, out=[words], into=[(change["row"], before["name"], before["code"])])
    stamp = _set(database, books, change["id"], **before)
    _move_on(database, change["id"], stamp["ver"])
    kept = ", ".join("?" * len(barcodes))
    _remove_barcodes(database, change["id"], stamp, f"AND code NOT IN ({kept})", barcodes)
    return PriceMove(
        change["id"],
        stamp["ver"],
        change["price_cents"],
        before["price_cents"],
        change["cost_cents"],
        before["cost_cents"],
    )


def _move_on(database: ShopDatabase, product_id: Id, ver: int) -> None:
    """Let the import that left a product as it is again stand for its new version."""
    database.execute_sql(
        "UPDATE import_change SET ver_after = sign(ver_after) * ? WHERE product_id = ? "
        "AND import_id IN (SELECT import_id FROM temp.earlier WHERE product_id = ?)",
        (ver, product_id, product_id),
    )


def _remove(database: ShopDatabase, books: Books, change: Row) -> None:
    stamp = _set(database, books, change["id"], deleted_at=to_stored(books.now()))
    _remove_barcodes(database, change["id"], stamp, "", ())


def _set(database: ShopDatabase, books: Books, product_id: Id, **values: object) -> Stamp:
    """Change a product; return its new stamp."""
    stamp = new_stamp(database, books)
    row = {**values, **stamp}
    sets = ", ".join(f"{name} = ?" for name in row)
    database.execute_sql(f"UPDATE product SET {sets} WHERE id = ?", (*row.values(), product_id))
    return stamp


def _remove_barcodes(
    database: ShopDatabase, product_id: Id, stamp: Stamp, condition: str, values: Sequence[str]
) -> None:
    database.execute_sql(
        "UPDATE barcode SET deleted_at = ?, origin = ?, ver = ?, changed_at = ? "
        f"WHERE product_id = ? AND deleted_at IS NULL {condition}",
        (stamp["changed_at"], *stamp.values(), product_id, *values),
    )
