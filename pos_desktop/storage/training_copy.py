"""What a training shop takes over of a real one: people, goods, prices and rules, and no fact."""

from __future__ import annotations

from collections.abc import Iterator

from pos_desktop.storage import sealed_rows
from pos_desktop.storage.audit import wrong_stock
from pos_desktop.storage.books import Books
from pos_desktop.storage.counters import MASTER_VERSION, put_counter
from pos_desktop.storage.database import ShopDatabase
from pos_desktop.storage.errors import translated

MASTERS = ("tax_rate", "setting", "role", "staff", "supplier", "product", "barcode")
"""In the order in which they name one another."""


def spoilt(real: ShopDatabase) -> Iterator[str]:
    """Yield, in words, each value that training would take over though it is spoilt."""
    yield from sealed_rows.broken(real, MASTERS)
    yield from wrong_stock(real)


def copy_masters(real: ShopDatabase, training: ShopDatabase) -> None:
    """Copy the master rows from file to file, in a transaction; the real file is only read.

    SQLite does it in a third of the time that rows take on their way through the program. The
    transaction begins as one that reads: one that writes would take the lock of both files.
    """
    with translated(training.path):
        training.execute_sql("ATTACH ? AS real", (str(real.path),))
        try:
            with training.atomic("DEFERRED"):
                for table in MASTERS:
                    _copy(training, table)
                sql = "SELECT value FROM real.counter WHERE name = ?"
                put_counter(training, MASTER_VERSION, training.value(sql, (MASTER_VERSION,)) or 0)
                training.execute_sql(
                    "INSERT INTO product_search (product_search) VALUES ('rebuild')"
                )
        finally:
            training.execute_sql("DETACH real")


def _copy(training: ShopDatabase, table: str) -> None:
    """Copy a table by the names of its columns, whose order is another in a file that has grown."""
    names = ", ".join(row["name"] for row in training.rows(f"PRAGMA table_info({table})"))
    training.execute_sql(f"INSERT INTO {table} ({names}) SELECT {names} FROM real.{table}")


def copy_stock(real: ShopDatabase, training: ShopDatabase, books: Books, business_day: str) -> None:
    """Open the training shop with the stock of the real one, as a fact of its own books."""
    fact_id = books.new_id()
    moves = real.rows(
        "SELECT ? AS fact_id, row_number() OVER (ORDER BY product_id) AS no, product_id, quantity "
        "FROM stock_level WHERE quantity <> 0 ORDER BY product_id",
        (fact_id,),
    )
    if not moves:
        return
    books.record(
        "stock opening",
        {"stock_move": moves},
        business_day=business_day,
        actor_id=None,
        fact_id=fact_id,
    )
    training.execute_sql(
        "INSERT INTO stock_level (product_id, quantity) "
        "SELECT product_id, quantity FROM stock_move WHERE fact_id = ?",
        (fact_id,),
    )
