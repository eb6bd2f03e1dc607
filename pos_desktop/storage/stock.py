"""Stock: the sum of its moves, with a cached level that can be rebuilt from them."""

from __future__ import annotations

from collections.abc import Sequence

from pos_desktop.domain.ids import Id
from pos_desktop.storage.database import ShopDatabase

_ADD = """
INSERT INTO stock_level (product_id, quantity) VALUES (?, ?)
ON CONFLICT (product_id) DO UPDATE SET quantity = quantity + excluded.quantity
"""


def add_to_levels(database: ShopDatabase, moves: Sequence[tuple[Id, int]]) -> None:
    """Bring the cached levels up by (product, thousandths), in the moves' own transaction."""
    database.executemany(_ADD, moves)


def level(database: ShopDatabase, product_id: Id) -> int:
    """Return what is in stock of a product, in thousandths."""
    found = database.value("SELECT quantity FROM stock_level WHERE product_id = ?", (product_id,))
    return int(found or 0)


def wrong_levels(database: ShopDatabase) -> list[str]:
    """Return code and name of each product whose cached level is not the sum of its moves."""
    rows = database.rows(
        """
        SELECT l.product_id, p.code, p.name FROM (
            SELECT product_id FROM (
                SELECT product_id, quantity FROM stock_level
                UNION ALL SELECT product_id, -quantity FROM stock_move
            ) GROUP BY product_id HAVING sum(quantity) <> 0
        ) l LEFT JOIN product p ON p.id = l.product_id
        """
    )
    return [
        " ".join(part for part in (row["code"], row["name"]) if part) or row["product_id"]
        for row in rows
    ]


def rebuild_levels(database: ShopDatabase) -> None:
    """Make every cached level the sum of its moves, in the caller's transaction."""
    database.execute_sql("DELETE FROM stock_level")
    database.execute_sql(
        "INSERT INTO stock_level (product_id, quantity) "
        "SELECT product_id, sum(quantity) FROM stock_move GROUP BY product_id"
    )
