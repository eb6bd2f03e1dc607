"""Whole lists of the shop, a page at a time, so that the longest is never in memory at once.

No read lasts longer than a page: the log of the file can be brought in between two of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from operator import itemgetter
from typing import Any

from pos_desktop.storage.database import Row, ShopDatabase
from pos_desktop.storage.figures import Selection
from pos_desktop.storage.products import SHOWN_CODE

_PAGE = 1_000


def products(database: ShopDatabase) -> Iterator[Row]:
    """Yield every product in the order in which it came, with what an import can read back."""
    sql = """
        SELECT p.row AS key, p.code, p.name, p.category, p.unit, p.price_cents, p.cost_cents,
            p.tax_band, p.by_weight, p.active, p.item_class, p.unit_code, p.packaging_code,
            (SELECT group_concat(code, ' ') FROM (
                SELECT code FROM barcode WHERE product_id = p.id AND deleted_at IS NULL
                ORDER BY code
            )) AS barcodes
        FROM product p WHERE p.deleted_at IS NULL AND p.row > ? ORDER BY p.row LIMIT ?
    """
    return _paged(lambda key, most: database.rows(sql, (key, most)), 0)


def stock(database: ShopDatabase) -> Iterator[Row]:
    """Yield every product that is kept or was ever moved, with its level, cost and price."""
    sql = f"""
        SELECT p.row AS key, {SHOWN_CODE}, p.name, coalesce(p.category, '') AS category,
            coalesce(k.quantity, 0) AS quantity, p.reorder_level, p.cost_cents, p.price_cents,
            coalesce(s.name, '') AS supplier
        FROM product p LEFT JOIN stock_level k ON k.product_id = p.id
        LEFT JOIN supplier s ON s.id = p.supplier_id
        WHERE p.deleted_at IS NULL AND p.row > ? ORDER BY p.row LIMIT ?
    """
    return _paged(lambda key, most: database.rows(sql, (key, most)), 0)


def customers(database: ShopDatabase) -> Iterator[Row]:
    """Yield every customer with what they owe; negative where the shop owes them."""
    sql = """
        SELECT c.id AS key, c.code, c.name, c.phone, c.email, c.address, c.kra_pin,
            c.mail_consent_at, c.credit_limit_cents, (
                SELECT coalesce(sum(amount_cents), 0) FROM account_entry WHERE customer_id = c.id
            ) AS balance_cents
        FROM customer c WHERE c.deleted_at IS NULL AND c.id > ? ORDER BY c.id LIMIT ?
    """
    return _paged(lambda key, most: database.rows(sql, (key, most)), "")


def sale_lines(database: ShopDatabase, selection: Selection) -> Iterator[Row]:
    """Yield the lines of the selected sales, receipt after receipt; those of refunds negative."""
    sql = f"""
        SELECT s.at, s.id, printf('%s-%06d', s.till_code, s.receipt_number) AS receipt,
            s.business_day, s.sold_at, coalesce(p.name, '') AS cashier,
            coalesce(c.name, '') AS customer, l.no, coalesce(l.code, '') AS code,
            coalesce(l.barcode, '') AS barcode, l.name, coalesce(l.category, '') AS category,
            l.unit, l.quantity, l.price_cents,
            l.discount_cents + l.cart_discount_cents AS discount_cents, l.tax_band, l.net_cents,
            l.vat_cents, l.gross_cents, l.cost_cents
        FROM (
            SELECT *, {selection.order} AS at FROM sale s WHERE {selection.condition}
            AND ({selection.order}, s.id) > (?, ?) ORDER BY {selection.order}, s.id LIMIT ?
        ) s JOIN sale_line l ON l.sale_id = s.id
        LEFT JOIN staff p ON p.id = s.staff_id LEFT JOIN customer c ON c.id = s.customer_id
        ORDER BY s.at, s.id, l.no
    """

    def page(key: tuple[str | int, str], most: int) -> list[Row]:
        return database.rows(sql, (*selection.values, *key, most))

    return _paged(page, (0, ""), lambda row: (row["at"], row["id"]))


def _paged(
    page: Callable[[Any, int], list[Row]],
    key: Any,
    key_of: Callable[[Row], Any] = itemgetter("key"),
) -> Iterator[Row]:
    """Yield the rows of page after page, each after the last key of the one before."""
    while rows := page(key, _PAGE):
        key = key_of(rows[-1])
        yield from rows
