"""Sales summed up by day, hour, category, cashier and tender, and what was earned on them."""

from __future__ import annotations

from pos_desktop.storage.database import Row, ShopDatabase
from pos_desktop.storage.figures import SUMS, Selection

QUARTER_MS = 15 * 60 * 1000
"""Every zone of the world is so many quarters of an hour away from UTC."""


def by_day(database: ShopDatabase, selection: Selection) -> list[Row]:
    """Return the sums of each business day, in order."""
    return database.rows(
        f"SELECT s.business_day AS day, {SUMS} FROM sale s WHERE {selection.condition} "
        "GROUP BY s.business_day ORDER BY s.business_day",
        selection.values,
    )


def by_quarter(database: ShopDatabase, selection: Selection) -> list[Row]:
    """Return the sums of each quarter of an hour; `quarter` counts them since 1970 in UTC."""
    return database.rows(
        f"SELECT s.sold_at / {QUARTER_MS} AS quarter, {SUMS} FROM sale s "
        f"WHERE {selection.condition} GROUP BY quarter ORDER BY quarter",
        selection.values,
    )


def by_cashier(database: ShopDatabase, selection: Selection) -> list[Row]:
    """Return the sums of each person who sold, by name."""
    return database.rows(
        "SELECT coalesce(p.name, '') AS cashier, g.* FROM ("
        f"SELECT s.staff_id, {SUMS} FROM sale s WHERE {selection.condition} GROUP BY s.staff_id"
        ") g LEFT JOIN staff p ON p.id = g.staff_id ORDER BY cashier, g.staff_id",
        selection.values,
    )


def by_category(database: ShopDatabase, selection: Selection) -> list[Row]:
    """Return the sums of the lines of each category as it was when it was sold."""
    return database.rows(
        f"""
        SELECT coalesce(l.category, '') AS category, sum(l.gross_cents) AS gross_cents,
            sum(l.net_cents) AS net_cents, sum(l.vat_cents) AS vat_cents,
            sum(l.discount_cents + l.cart_discount_cents) AS discount_cents
        FROM sale s JOIN sale_line l ON l.sale_id = s.id WHERE {selection.condition}
        GROUP BY 1 ORDER BY gross_cents DESC, category
        """,
        selection.values,
    )


def by_tender(database: ShopDatabase, selection: Selection) -> list[Row]:
    """Return what each kind of tender took, gave back, and took on account; cents, 0 or more."""
    where = selection.condition
    return database.rows(
        f"""
        SELECT kind AS tender, count(*) AS count, sum(max(sold, 0)) AS taken_cents,
            -sum(min(sold, 0)) AS given_back_cents, sum(paid) AS on_account_cents,
            sum(sold + paid) AS amount_cents
        FROM (
            SELECT t.kind, t.amount_cents AS sold, 0 AS paid
            FROM sale s JOIN tender t ON t.sale_id = s.id WHERE {where}
            UNION ALL SELECT s.kind, 0, s.amount_cents
            FROM (SELECT *, paid_at AS sold_at FROM account_payment) s WHERE {where}
        ) GROUP BY kind ORDER BY amount_cents DESC, kind
        """,
        [*selection.values, *selection.values],
    )


def margins(database: ShopDatabase, selection: Selection) -> list[Row]:
    """Return net and cost of each product sold, as thousandths of cents where it is known.

    `cost` is the sum of cost by quantity (thousandths) over the lines whose cost is known, and
    `net_known_cents` the net of these; `net_cents` is that of all.
    """
    return database.rows(
        f"""
        SELECT coalesce(max(l.code), '') AS code, max(l.name) AS name,
            coalesce(max(l.category), '') AS category, sum(l.quantity) AS quantity,
            sum(l.net_cents) AS net_cents,
            sum(iif(l.cost_cents IS NULL, 0, l.net_cents)) AS net_known_cents,
            sum(coalesce(l.cost_cents, 0) * l.quantity) AS cost,
            sum(l.cost_cents IS NULL) AS without_cost
        FROM sale s JOIN sale_line l ON l.sale_id = s.id WHERE {selection.condition}
        GROUP BY l.product_id ORDER BY net_cents DESC, name
        """,
        selection.values,
    )
