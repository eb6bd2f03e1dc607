"""What a training shop takes over of a real one: people, goods, prices and rules, and no fact."""

from __future__ import annotations

from pos_desktop.storage import stock
from pos_desktop.storage.books import Books
from pos_desktop.storage.counters import MASTER_VERSION, counter, put_counter
from pos_desktop.storage.database import ShopDatabase

_MASTERS = ("tax_rate", "setting", "role", "staff", "supplier", "product", "barcode")
"""In the order in which they name one another."""


def copy_masters(real: ShopDatabase, training: ShopDatabase) -> None:
    """Copy the master rows inside the caller's transaction; the real file is only read."""
    for table in _MASTERS:
        training.insert(table, real.rows(f"SELECT * FROM {table}"))
    put_counter(training, MASTER_VERSION, counter(real, MASTER_VERSION))
    training.execute_sql("INSERT INTO product_search (product_search) VALUES ('rebuild')")


def copy_stock(real: ShopDatabase, training: ShopDatabase, books: Books, business_day: str) -> None:
    """Open the training shop with the stock of the real one, as a fact of its own books."""
    levels = real.rows(
        "SELECT product_id, quantity FROM stock_level WHERE quantity <> 0 ORDER BY product_id"
    )
    if not levels:
        return
    fact_id = books.new_id()
    moves = [
        {"fact_id": fact_id, "no": no, **level, "cost_cents": None}
        for no, level in enumerate(levels, start=1)
    ]
    books.record(
        "stock opening",
        {"stock_move": moves},
        business_day=business_day,
        actor_id=None,
        fact_id=fact_id,
    )
    stock.add_to_levels(training, [(row["product_id"], row["quantity"]) for row in levels])
