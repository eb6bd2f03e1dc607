"""Sales and stock summed up for reports; the sums of money come from `figures`."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from pos_desktop.domain.ids import Id
from pos_desktop.storage import line_groups
from pos_desktop.storage.database import Row, ShopDatabase
from pos_desktop.storage.figures import Selection
from pos_desktop.storage.products import SHOWN_CODE


def by_product(database: ShopDatabase, stretches: Iterable[Selection]) -> list[Row]:
    """Return each sold product with quantity (thousandths) and sums (cents), the largest first.

    What is shown of a product is looked up once for each, after its lines are summed up.
    """
    found = _with_names(database, line_groups.by_product(database, stretches))
    return sorted(found, key=lambda row: (-row["gross_cents"], row["name"]))


def margins(database: ShopDatabase, stretches: Iterable[Selection]) -> list[Row]:
    """Return each sold product with what `line_groups.margins` says of it, by net, falling."""
    found = _with_names(database, line_groups.margins(database, stretches))
    return sorted(found, key=lambda row: (-row["net_cents"], row["name"]))


def _with_names(database: ShopDatabase, found: list[Row]) -> list[Row]:
    shown = _shown(database, [row["product_id"] for row in found])
    return [{**shown[row["product_id"]], **row} for row in found]


def _shown(database: ShopDatabase, product_ids: Sequence[Id]) -> dict[Id, Row]:
    """Return code, name and category of products by their ids."""
    rows = database.rows(
        f"SELECT p.id, {SHOWN_CODE}, p.name, coalesce(p.category, '') AS category "
        "FROM product p WHERE p.id IN (SELECT value FROM json_each(?))",
        (json.dumps(product_ids),),
    )
    return {row.pop("id"): row for row in rows}


def stock_value(database: ShopDatabase, supplier_id: Id | None = None) -> list[Row]:
    """Return each product in stock with its level, cost and price, by name.

    With a supplier, only what is bought there.
    """
    return database.rows(
        f"""
        SELECT {SHOWN_CODE}, p.name, coalesce(p.category, '') AS category,
            k.quantity, p.cost_cents, p.price_cents
        FROM stock_level k JOIN product p ON p.id = k.product_id
        WHERE k.quantity <> 0 AND (?1 IS NULL OR p.supplier_id = ?1) ORDER BY p.name, p.id
        """,
        (supplier_id,),
    )
