"""The catalogue as the till reads it: by barcode, by code, by what a search found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pos_desktop.domain.basket import Item
from pos_desktop.domain.ids import Id
from pos_desktop.domain.money import Cents
from pos_desktop.storage.database import Row, ShopDatabase

_ITEM = """
SELECT p.id AS product_id, p.code, p.name, p.price_cents, {barcode} AS barcode, p.category, p.unit,
    p.cost_cents, p.tax_band, p.by_weight, p.item_class, p.unit_code, p.packaging_code, p.active
"""
SHOWN_CODE = """coalesce(
    p.code,
    (SELECT min(b.code) FROM barcode b WHERE b.product_id = p.id AND b.deleted_at IS NULL),
    ''
) AS code"""
"""What people know the product `p` by, as `ProductForm.shown_code` says it."""
_FIRST_BARCODE = "(SELECT min(code) FROM barcode WHERE product_id = p.id AND deleted_at IS NULL)"
_BY_BARCODE = (
    _ITEM.format(barcode="b.code")
    + "FROM barcode b JOIN product p ON p.id = b.product_id "
    + "WHERE b.code = ? AND b.deleted_at IS NULL AND p.deleted_at IS NULL"
)
_BY_CODE = (
    _ITEM.format(barcode=_FIRST_BARCODE)
    + "FROM product p WHERE p.code = ? AND p.deleted_at IS NULL"
)
_BY_ID = (
    _ITEM.format(barcode=_FIRST_BARCODE) + "FROM product p WHERE p.id = ? AND p.deleted_at IS NULL"
)
_BY_ROWS = _ITEM.format(barcode=_FIRST_BARCODE) + ", p.row FROM product p WHERE p.row IN ({marks})"


@dataclass(frozen=True, slots=True)
class Found:
    """A product of the catalogue, and whether it is still sold."""

    item: Item
    active: bool


def by_barcode(database: ShopDatabase, barcode: str) -> Found | None:
    """Return the product with exactly this barcode, or None."""
    return _found(database.row(_BY_BARCODE, (barcode,)))


def by_code(database: ShopDatabase, code: str) -> Found | None:
    """Return the product with exactly this code, or None."""
    return _found(database.row(_BY_CODE, (code,)))


def by_id(database: ShopDatabase, product_id: Id) -> Item | None:
    """Return the item of a product's id, also of one no longer sold, or None."""
    found = _found(database.row(_BY_ID, (product_id,)))
    return found.item if found else None


def by_rows(database: ShopDatabase, numbers: Sequence[int]) -> dict[int, Found]:
    """Return the products of these row numbers of the file (as the search index gives them)."""
    sql = _BY_ROWS.format(marks=", ".join("?" * len(numbers)))
    return {row["row"]: found for row in database.rows(sql, numbers) if (found := _found(row))}


def _found(row: Row | None) -> Found | None:
    if row is None:
        return None
    return Found(item_of(row, row["price_cents"]), bool(row["active"]))


def item_of(row: Row, price_cents: Cents) -> Item:
    """Return the item of a row that carries a product's columns, such as a line of a sale."""
    return Item(
        product_id=row["product_id"],
        code=row["code"] or row["barcode"] or "",
        name=row["name"],
        price_cents=price_cents,
        barcode=row["barcode"],
        category=row["category"],
        unit=row["unit"],
        cost_cents=row["cost_cents"],
        tax_band=row["tax_band"],
        by_weight=bool(row["by_weight"]),
        item_class=row["item_class"],
        unit_code=row["unit_code"],
        packaging_code=row["packaging_code"],
    )
