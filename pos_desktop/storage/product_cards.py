"""Products with everything the shop knows of them, one or as many as a choice means."""

from __future__ import annotations

import json
from typing import Any

from pos_desktop.domain.ids import Id
from pos_desktop.domain.product import ProductCard, ProductChoice, ProductForm
from pos_desktop.storage import search
from pos_desktop.storage.database import Row, ShopDatabase
from pos_desktop.storage.import_plan import FIELDS

COLUMNS = (*FIELDS, "reorder_level", "reorder_to", "supplier_id")
"""The columns of a product that people may set; its barcodes are rows of their own."""

_CARD = f"""
SELECT p.id, p.ver, p.changed_at, {", ".join(f"p.{name}" for name in COLUMNS)},
    coalesce(k.quantity, 0) AS in_stock, coalesce(s.name, '') AS supplier,
    (SELECT group_concat(code, ' ') FROM (
        SELECT code FROM barcode WHERE product_id = p.id AND deleted_at IS NULL ORDER BY code
    )) AS barcodes
FROM product p
LEFT JOIN stock_level k ON k.product_id = p.id
LEFT JOIN supplier s ON s.id = p.supplier_id
"""


def card(database: ShopDatabase, product_id: Id) -> ProductCard | None:
    """Return a product, or None where there is none or it was removed."""
    row = database.row(f"{_CARD} WHERE p.id = ? AND p.deleted_at IS NULL", (product_id,))
    return _card(row) if row else None


def cards(
    database: ShopDatabase, choice: ProductChoice, limit: int = -1, offset: int = 0
) -> list[ProductCard]:
    """Return the products of a choice by name; all without a limit."""
    where, values = condition(choice)
    rows = database.rows(
        f"{_CARD} WHERE {where} ORDER BY p.name, p.id LIMIT ? OFFSET ?", (*values, limit, offset)
    )
    return [_card(row) for row in rows]


def count(database: ShopDatabase, choice: ProductChoice) -> int:
    """Return how many products a choice means."""
    where, values = condition(choice)
    return int(database.value(f"SELECT count(*) FROM product p WHERE {where}", values))


def categories(database: ShopDatabase) -> list[str]:
    """Return the categories of the catalogue by name."""
    rows = database.rows(
        "SELECT DISTINCT category FROM product "
        "WHERE deleted_at IS NULL AND category IS NOT NULL ORDER BY category"
    )
    return [row["category"] for row in rows]


def condition(choice: ProductChoice) -> tuple[str, list[Any]]:
    """Return a choice as a condition on the product `p`, with its values."""
    parts, values = ["p.deleted_at IS NULL"], []
    if not choice.with_inactive:
        parts.append("p.active = 1")
    if choice.category is not None:
        parts.append("p.category = ?")
        values.append(choice.category)
    if choice.supplier_id is not None:
        parts.append("p.supplier_id = ?")
        values.append(choice.supplier_id)
    if choice.ids is not None:
        parts.append("p.id IN (SELECT value FROM json_each(?))")
        values.append(json.dumps(sorted(choice.ids)))
    if choice.low:
        parts.append(_LOW)
    if choice.text.strip():
        parts.append(_BY_TEXT)
        values += [search.matching(choice.text) or _NOTHING, choice.text.strip()]
    return " AND ".join(parts), values


_LOW = (
    "p.reorder_level IS NOT NULL AND coalesce("
    "(SELECT l.quantity FROM stock_level l WHERE l.product_id = p.id), 0) <= p.reorder_level"
)
_NOTHING = '""'
_BY_TEXT = (
    "(p.row IN (SELECT rowid FROM product_search WHERE product_search MATCH ?) "
    "OR p.id IN (SELECT product_id FROM barcode WHERE code = ? AND deleted_at IS NULL))"
)


def _card(row: Row) -> ProductCard:
    values = {name: row[name] for name in COLUMNS}
    form = ProductForm(
        **{
            **values,
            "by_weight": bool(row["by_weight"]),
            "active": bool(row["active"]),
            "barcodes": tuple((row["barcodes"] or "").split()),
        }
    )
    return ProductCard(
        id=row["id"],
        ver=row["ver"],
        changed_at=row["changed_at"],
        in_stock=row["in_stock"],
        supplier=row["supplier"],
        form=form,
    )
