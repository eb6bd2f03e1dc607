"""How prices and costs have moved: a row for each change, by whatever way it came.

Whoever changes the price or the cost of a product keeps that here in the same transaction. The
first price of a product is no change: it is the old one of its first row, or still holds.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from pos_desktop.domain.ids import Id
from pos_desktop.domain.money import Cents
from pos_desktop.domain.product import PriceChange, PriceSource
from pos_desktop.storage.database import ShopDatabase


class PriceMove(NamedTuple):
    """What one change did to a product's price and cost; `ver` is the version that it made."""

    product_id: Id
    ver: int
    old_price_cents: Cents
    price_cents: Cents
    old_cost_cents: Cents | None
    cost_cents: Cents | None

    @property
    def is_none(self) -> bool:
        """Whether neither price nor cost has changed."""
        return self.old_price_cents == self.price_cents and self.old_cost_cents == self.cost_cents


def keep(
    database: ShopDatabase,
    moves: Sequence[PriceMove],
    *,
    source: PriceSource,
    staff_id: Id | None,
    at: int,
    number: int | None = None,
) -> None:
    """Keep changes inside the caller's transaction; those that change nothing are left out."""
    stamp = (source.value, number, staff_id, at)
    database.executemany(_KEEP, [(*move, *stamp) for move in moves if not move.is_none])


def repriced_since(database: ShopDatabase, at: int) -> frozenset[Id]:
    """Return the products whose price has changed since a moment in milliseconds UTC."""
    rows = database.rows(
        "SELECT DISTINCT product_id FROM price_change "
        "WHERE changed_at >= ? AND old_price_cents != price_cents",
        (at,),
    )
    return frozenset(row["product_id"] for row in rows)


_COLUMNS = (*PriceMove._fields, "source", "source_number", "staff_id", "changed_at")
_KEEP = f"INSERT INTO price_change ({', '.join(_COLUMNS)}) VALUES ({', '.join('?' * 10)})"
_OF_PRODUCT = f"""
SELECT {", ".join(_COLUMNS)},
       ifnull((SELECT name FROM staff WHERE staff.id = staff_id), '') AS staff_name
FROM price_change WHERE product_id = ? ORDER BY ver DESC LIMIT ?
"""


def of_product(database: ShopDatabase, product_id: Id, limit: int) -> list[PriceChange]:
    """Return the last changes of a product's price or cost, the newest first."""
    rows = database.rows(_OF_PRODUCT, (product_id, limit))
    return [PriceChange(**{**row, "source": PriceSource(row["source"])}) for row in rows]
