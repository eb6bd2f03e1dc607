"""Carries import plans out, keeps what they changed, and takes them back."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from pos_desktop.domain.ids import Id
from pos_desktop.domain.product import PriceSource
from pos_desktop.domain.runs import RunState
from pos_desktop.storage import price_history, stock
from pos_desktop.storage.books import Books
from pos_desktop.storage.counters import MASTER_VERSION, raise_counter
from pos_desktop.storage.database import Row, ShopDatabase
from pos_desktop.storage.import_plan import FIELDS, Known, Plan, Values
from pos_desktop.storage.moments import to_stored
from pos_desktop.storage.price_history import PriceMove
from pos_desktop.storage.sealed_rows import insert_sealed


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportRun:
    """An import as the file remembers it; `began_at` in milliseconds UTC."""

    id: Id
    number: int
    file_name: str
    state: RunState
    staff_id: Id | None
    """Who started it; None for the technician at the console."""
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
        state=RunState.RUNNING,
        staff_id=staff_id,
        rows=0,
        imported=0,
        updated=0,
        unchanged=0,
        rejected=0,
        stock_ignored=0,
        began_at=at,
    )
    row = {name: getattr(run, name) for name in ImportRun.__slots__}
    database.insert("import_run", [{**row, "sheet": sheet, "changed_at": at}])
    return run


def find(database: ShopDatabase, number: int) -> ImportRun | None:
    """Return an import by its number, or None."""
    columns = ", ".join(ImportRun.__slots__)
    row = database.row(f"SELECT {columns} FROM import_run WHERE number = ?", (number,))
    return _run(row) if row else None


def latest(database: ShopDatabase, limit: int) -> list[ImportRun]:
    """Return the last imports, the newest first."""
    columns = ", ".join(ImportRun.__slots__)
    rows = database.rows(f"SELECT {columns} FROM import_run ORDER BY number DESC LIMIT ?", (limit,))
    return [_run(row) for row in rows]


def _run(row: Row) -> ImportRun:
    return ImportRun(**{**row, "state": RunState(row["state"])})


def end_broken_off(database: ShopDatabase) -> None:
    """Mark imports stopped whose program died; the caller holds the lock of imports."""
    database.execute_sql(
        "UPDATE import_run SET state = ? WHERE state = ?", (RunState.STOPPED, RunState.RUNNING)
    )


def set_counts(
    database: ShopDatabase, run_id: Id, *, at: int, state: RunState, **counts: int
) -> None:
    """Keep how far an import has come."""
    names = ", ".join(f"{name} = ?" for name in counts)
    database.execute_sql(
        f"UPDATE import_run SET state = ?, changed_at = ?, {names} WHERE id = ?",
        (state, at, *counts.values(), run_id),
    )


Words = tuple[int, str, str | None]
"""A product's row with its name and code."""


@dataclass(slots=True)
class Work:
    """What a plan writes, ready for the tables: made before the write lock is asked for."""

    created: list[Values]
    updated: list[Values]
    barcodes: list[Values]
    words_out: list[Words]
    words_in: list[Words]
    remembered: list[Values]
    opening: list[tuple[Id, int]]
    priced: list[PriceMove]


def prepare(books: Books, run: ImportRun, plan: Plan) -> Work:
    """Return the rows of a plan's changes, numbered from the plan's version on."""
    at, origin = to_stored(books.now()), books.node.till_id
    work = Work([], [], [], [], [], [], [], [])
    for ver, change in enumerate(plan.changes, start=plan.version + 1):
        product, stamp = change.product, (origin, ver, at)
        before = None
        if change.before is None:
            work.created.append((product.row, product.id, *product.values, *stamp))
            work.words_in.append((product.row, *change.words))
            if change.stock:
                work.opening.append((product.id, change.stock))
        else:
            before = _as_json(change.before)
            work.updated.append((*product.values, *stamp, product.id))
            work.priced.append(_price_move(change.before, product, ver))
            if old := change.old_words:
                work.words_out.append((product.row, *old))
                work.words_in.append((product.row, *change.words))
        work.barcodes += [(code, product.id, *stamp) for code in change.new_barcodes]
        work.remembered.append((run.id, product.id, before, ver))
    return work


def carry_out(
    database: ShopDatabase, books: Books, run: ImportRun, work: Work, business_day: str
) -> None:
    """Write prepared work inside the caller's transaction.

    The catalogue must still have the version of the plan. Opening stock is a fact; the products,
    as master rows, carry the number of their change.
    """
    raise_counter(database, MASTER_VERSION, len(work.remembered))
    insert_sealed(database, "product", _PRODUCT, work.created)
    database.executemany(_UPDATE_PRODUCT, work.updated)
    insert_sealed(database, "barcode", _BARCODE, work.barcodes, _BARCODE_THERE)
    index_words(database, out=work.words_out, into=work.words_in)
    insert_sealed(database, "import_change", _CHANGE, work.remembered, _CHANGE_THERE)
    price_history.keep(
        database,
        work.priced,
        source=PriceSource.IMPORT,
        number=run.number,
        staff_id=run.staff_id,
        at=to_stored(books.now()),
    )
    record_stock(database, books, "stock opening", run, work.opening, business_day)


def _price_move(before: Known, after: Known, ver: int) -> PriceMove:
    old, new = before.values, after.values
    return PriceMove(after.id, ver, old[_PRICE], new[_PRICE], old[_COST], new[_COST])


_PRICE, _COST = FIELDS.index("price_cents"), FIELDS.index("cost_cents")
_PRODUCT = ("row", "id", *FIELDS, "origin", "ver", "changed_at")
_UPDATE_PRODUCT = (
    f"UPDATE product SET {', '.join(f'{name} = ?' for name in FIELDS)}, "
    "origin = ?, ver = ?, changed_at = ? WHERE id = ?"
)
_BARCODE = ("code", "product_id", "origin", "ver", "changed_at")
_BARCODE_THERE = (
    "ON CONFLICT (product_id, code) DO UPDATE SET deleted_at = NULL, ver = excluded.ver, "
    "changed_at = excluded.changed_at"
)
_CHANGE = ("import_id", "product_id", "before", "ver_after")
_CHANGE_THERE = "ON CONFLICT (import_id, product_id) DO UPDATE SET ver_after = excluded.ver_after"
"""An import keeps how each product stood before it first touched it."""


def index_words(database: ShopDatabase, *, out: Sequence[Words], into: Sequence[Words]) -> None:
    """Take words out of the search index and put others in."""
    if out:
        database.executemany(
            "INSERT INTO product_search (product_search, rowid, name, code) "
            "VALUES ('delete', ?, ?, ?)",
            out,
        )
    database.executemany("INSERT INTO product_search (rowid, name, code) VALUES (?, ?, ?)", into)


def _as_json(product: Known) -> str:
    values = dict(zip(FIELDS, product.values, strict=True))
    return json.dumps({**values, "barcodes": sorted(product.barcodes), "ver": product.ver})


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
