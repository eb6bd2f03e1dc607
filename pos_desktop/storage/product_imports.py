"""Carries import plans out, keeps what they changed, and takes them back."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from pos_desktop.domain.ids import Id
from pos_desktop.storage import stock
from pos_desktop.storage.books import Books
from pos_desktop.storage.counters import MASTER_VERSION, raise_counter
from pos_desktop.storage.database import Row, ShopDatabase
from pos_desktop.storage.import_plan import FIELDS, Change, Known, Plan
from pos_desktop.storage.moments import to_stored

RUNNING = "running"
DONE = "done"
STOPPED = "stopped"
UNDONE = "undone"


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportRun:
    """An import as the file remembers it; `began_at` in milliseconds UTC."""

    id: Id
    number: int
    file_name: str
    state: str
    rows: int
    imported: int
    updated: int
    unchanged: int
    rejected: int
    stock_ignored: int
    began_at: int


def begin(
    database: ShopDatabase, books: Books, *, file_name: str, sheet: str, staff_id: Id | None
) -> ImportRun:
    """Begin an import inside the caller's transaction; its number is what people call it by."""
    at = to_stored(books.now())
    run = ImportRun(
        id=books.new_id(),
        number=raise_counter(database, "import"),
        file_name=file_name,
        state=RUNNING,
        rows=0,
        imported=0,
        updated=0,
        unchanged=0,
        rejected=0,
        stock_ignored=0,
        began_at=at,
    )
    row = {name: getattr(run, name) for name in ImportRun.__slots__}
    database.insert("import_run", [{**row, "sheet": sheet, "staff_id": staff_id, "changed_at": at}])
    return run


def find(database: ShopDatabase, number: int) -> ImportRun | None:
    """Return an import by its number, or None."""
    columns = ", ".join(ImportRun.__slots__)
    row = database.row(f"SELECT {columns} FROM import_run WHERE number = ?", (number,))
    return ImportRun(**row) if row else None


def set_counts(database: ShopDatabase, run_id: Id, *, at: int, state: str, **counts: int) -> None:
    """Keep how far an import has come."""
    names = ", ".join(f"{name} = ?" for name in counts)
    database.execute_sql(
        f"UPDATE import_run SET state = ?, changed_at = ?, {names} WHERE id = ?",
        (state, at, *counts.values(), run_id),
    )


def carry_out(
    database: ShopDatabase, books: Books, run: ImportRun, plan: Plan, business_day: str
) -> None:
    """Write a plan's changes inside the caller's transaction.

    Opening stock is a fact; the products, as master rows, carry the number of their change.
    """
    changes = plan.changes
    at = to_stored(books.now())
    last = raise_counter(database, MASTER_VERSION, len(changes))
    versions = range(last - len(changes) + 1, last + 1)
    stamped = list(zip(versions, changes, strict=True))
    created = [(ver, change) for ver, change in stamped if change.before is None]
    updated = [(ver, change) for ver, change in stamped if change.before is not None]
    origin = books.node.till_id
    _insert_products(database, created, origin, at)
    _update_products(database, updated, origin, at)
    _insert_barcodes(database, stamped, origin, at)
    _index_words(database, changes)
    _remember(database, run, stamped)
    opening = [(c.product.id, c.stock) for _ver, c in created if c.stock]
    record_stock(database, books, "stock opening", run, opening, business_day)


def _insert_products(
    database: ShopDatabase, created: Sequence[tuple[int, Change]], origin: Id, at: int
) -> None:
    names = ("row", "id", *FIELDS, "origin", "ver", "changed_at")
    marks = ", ".join("?" * len(names))
    database.executemany(
        f"INSERT INTO product ({', '.join(names)}) VALUES ({marks})",
        [
            (change.product.row, change.product.id, *change.product.values, origin, ver, at)
            for ver, change in created
        ],
    )


def _update_products(
    database: ShopDatabase, updated: Sequence[tuple[int, Change]], origin: Id, at: int
) -> None:
    sets = ", ".join(f"{name} = ?" for name in FIELDS)
    database.executemany(
        f"UPDATE product SET {sets}, origin = ?, ver = ?, changed_at = ? WHERE id = ?",
        [(*change.product.values, origin, ver, at, change.product.id) for ver, change in updated],
    )


def _insert_barcodes(
    database: ShopDatabase, stamped: Sequence[tuple[int, Change]], origin: Id, at: int
) -> None:
    database.executemany(
        "INSERT INTO barcode (code, product_id, origin, ver, changed_at) VALUES (?, ?, ?, ?, ?) "
        "ON CONFLICT (product_id, code) DO UPDATE SET deleted_at = NULL, ver = excluded.ver, "
        "changed_at = excluded.changed_at",
        [
            (code, change.product.id, origin, ver, at)
            for ver, change in stamped
            for code in change.new_barcodes
        ],
    )


def _index_words(database: ShopDatabase, changes: Sequence[Change]) -> None:
    """Bring the search index up: old words out with their old spelling, new ones in."""
    index_words(
        database,
        out=[(c.product.row, *words) for c in changes if (words := c.old_words)],
        into=[(c.product.row, *c.words) for c in changes if c.before is None or c.old_words],
    )


Words = tuple[int, str, str | None]
"""A product's row with its name and code."""


def index_words(database: ShopDatabase, *, out: Sequence[Words], into: Sequence[Words]) -> None:
    """Take words out of the search index and put others in."""
    database.executemany(
        "INSERT INTO product_search (product_search, rowid, name, code) VALUES ('delete', ?, ?, ?)",
        out,
    )
    database.executemany("INSERT INTO product_search (rowid, name, code) VALUES (?, ?, ?)", into)


def _remember(
    database: ShopDatabase, run: ImportRun, stamped: Sequence[tuple[int, Change]]
) -> None:
    """Keep how each product stood before the import first touched it."""
    database.executemany(
        "INSERT INTO import_change (import_id, product_id, before, ver_after) VALUES (?, ?, ?, ?) "
        "ON CONFLICT (import_id, product_id) DO UPDATE SET ver_after = excluded.ver_after",
        [
            (
                run.id,
                change.product.id,
                _as_json(change.before) if change.before is not None else None,
                ver,
            )
            for ver, change in stamped
        ],
    )


def _as_json(product: Known) -> str:
    values = dict(zip(FIELDS, product.values, strict=True))
    return json.dumps({**values, "barcodes": sorted(product.barcodes)})


def record_stock(
    database: ShopDatabase,
    books: Books,
    kind: str,
    run: ImportRun,
    moves: Sequence[tuple[Id, int]],
    business_day: str,
) -> None:
    """Record stock moves (product, thousandths) of an import as one fact."""
    if not moves:
        return
    fact_id = books.new_id()
    rows: list[Row] = [
        {
            "fact_id": fact_id,
            "no": no,
            "product_id": product_id,
            "quantity": quantity,
            "cost_cents": None,
        }
        for no, (product_id, quantity) in enumerate(moves, start=1)
    ]
    books.record(
        kind,
        {"stock_move": rows},
        business_day=business_day,
        actor_id=None,
        detail={"import": run.number},
        fact_id=fact_id,
        keep_head=False,
    )
    stock.add_to_levels(database, moves)
