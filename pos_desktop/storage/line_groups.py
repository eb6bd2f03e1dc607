"""Lines of sales summed up by product, category and VAT band.

SQLite sorts the lines to group them, and a year of them in one go costs twice what it costs month
by month (they no longer fit the processor's cache). So a period comes as stretches, each is
grouped on its own, and the groups are added up here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pos_desktop.domain.pricing import BandTotal
from pos_desktop.storage.database import Row, ShopDatabase
from pos_desktop.storage.figures import Selection

SUMS = """
    sum(l.gross_cents) AS gross_cents, sum(l.net_cents) AS net_cents,
    sum(l.vat_cents) AS vat_cents, sum(l.discount_cents + l.cart_discount_cents) AS discount_cents
"""
"""The sums over lines, as columns of a SELECT from `sale_line`, called `l`."""


def by_product(database: ShopDatabase, stretches: Iterable[Selection]) -> list[Row]:
    """Return product_id, quantity (thousandths) and sums (cents) of each product sold."""
    columns = f"l.product_id, sum(l.quantity) AS quantity, {SUMS}"
    return _grouped(database, stretches, columns, ("product_id",))


def by_category(database: ShopDatabase, stretches: Iterable[Selection]) -> list[Row]:
    """Return the sums of each category as it was when it was sold, the largest first."""
    found = _grouped(database, stretches, f"l.category, {SUMS}", ("category",))
    rows = _added([{**row, "category": row["category"] or ""} for row in found], ("category",))
    return sorted(rows, key=lambda row: (-row["gross_cents"], row["category"]))


def bands(database: ShopDatabase, stretches: Iterable[Selection]) -> tuple[BandTotal, ...]:
    """Return net and VAT by band and rate, in their order."""
    columns = """l.tax_band AS band, l.tax_rate_bp AS rate_bp, sum(l.net_cents) AS net_cents,
        sum(l.vat_cents) AS vat_cents"""
    found = _grouped(database, stretches, columns, ("band", "rate_bp"))
    ordered = sorted(found, key=lambda row: (row["band"], row["rate_bp"]))
    return tuple(BandTotal(**row) for row in ordered)


def margins(database: ShopDatabase, stretches: Iterable[Selection]) -> list[Row]:
    """Return product_id, quantity, net and cost of each product sold.

    `cost` is the sum of cost by quantity (thousandths of cents) over the lines whose cost is
    known, and `net_known_cents` the net of these; `net_cents` is that of all.
    """
    columns = """l.product_id, sum(l.quantity) AS quantity,
        sum(l.net_cents) AS net_cents,
        sum(iif(l.cost_cents IS NULL, 0, l.net_cents)) AS net_known_cents,
        sum(coalesce(l.cost_cents, 0) * l.quantity) AS cost,
        sum(l.cost_cents IS NULL) AS without_cost"""
    return _grouped(database, stretches, columns, ("product_id",))


def _grouped(
    database: ShopDatabase, stretches: Iterable[Selection], columns: str, keys: Sequence[str]
) -> list[Row]:
    """Return the groups of all stretches; the first columns are the keys of a group."""
    rows: list[Row] = []
    by = ", ".join(str(place) for place in range(1, len(keys) + 1))
    for selection in stretches:
        where, values = selection.on_lines
        rows += database.rows(
            f"SELECT {columns} FROM sale s JOIN sale_line l ON l.sale_id = s.id "
            f"WHERE {where} GROUP BY {by}",
            values,
        )
    return _added(rows, keys)


def _added(rows: Iterable[Row], keys: Sequence[str]) -> list[Row]:
    """Add up rows of the same keys; whatever else stands in them is a number."""
    found: dict[tuple[object, ...], Row] = {}
    for row in rows:
        into = found.setdefault(tuple(row[key] for key in keys), row)
        if into is not row:
            for column, value in row.items():
                if column not in keys:
                    into[column] += value
    return list(found.values())
