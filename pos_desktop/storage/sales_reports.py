"""Sales and stock summed up for reports; the sums of money come from `figures`."""

from __future__ import annotations

from pos_desktop.storage.database import Row, ShopDatabase
from pos_desktop.storage.figures import Selection
from pos_desktop.storage.products import SHOWN_CODE


def by_product(database: ShopDatabase, selection: Selection) -> list[Row]:
    """Return each sold product with quantity (thousandths) and sums (cents), the largest first.

    What is shown of a product is looked up once for each, after its lines are summed up.
    """
    return database.rows(
        f"""
        SELECT {SHOWN_CODE}, p.name, coalesce(p.category, '') AS category,
            g.quantity, g.gross_cents, g.net_cents, g.vat_cents, g.discount_cents
        FROM (
            SELECT l.product_id, sum(l.quantity) AS quantity, sum(l.gross_cents) AS gross_cents,
                sum(l.net_cents) AS net_cents, sum(l.vat_cents) AS vat_cents,
                sum(l.discount_cents + l.cart_discount_cents) AS discount_cents
            FROM sale s JOIN sale_line l ON l.sale_id = s.id
            WHERE {selection.condition} GROUP BY l.product_id
        ) g JOIN product p ON p.id = g.product_id
        ORDER BY g.gross_cents DESC, p.name
        """,
        selection.values,
    )


def stock_value(database: ShopDatabase) -> list[Row]:
    """Return each product in stock with its level, cost and price, by name."""
    return database.rows(
        f"""
        SELECT {SHOWN_CODE}, p.name, coalesce(p.category, '') AS category,
            k.quantity, p.cost_cents, p.price_cents
        FROM stock_level k JOIN product p ON p.id = k.product_id
        WHERE k.quantity <> 0 ORDER BY p.name, p.id
        """
    )
