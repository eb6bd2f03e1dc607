"""Reports of what is in stock, as it stands: their period changes nothing."""

from __future__ import annotations

from dataclasses import replace

from pos_desktop.domain.product import ProductChoice, suggested_order
from pos_desktop.domain.quantity import line_amount
from pos_desktop.domain.text import _, ngettext
from pos_desktop.services.reports.report_filters import By
from pos_desktop.services.reports.report_parts import (
    Column,
    Report,
    Source,
    as_it_stands,
    product_columns,
    sums,
    table,
)
from pos_desktop.storage import product_cards, sales_reports
from pos_desktop.storage.database import Row


def stock_value(source: Source) -> Report:
    """Return what is in stock and what it is worth, at cost and at price."""
    found = sales_reports.stock_value(source.reader, source.filter(By.SUPPLIER))
    rows = _of_category(source, found)
    for row in rows:
        cost = row["cost_cents"]
        row["cost_value_cents"] = None if cost is None else line_amount(cost, row["quantity"])
        row["price_value_cents"] = line_amount(row["price_cents"], row["quantity"])
    columns = (
        *product_columns(_("In stock")),
        Column(key="cost_cents", title=_("Cost"), kind="cents"),
        Column(key="price_cents", title=_("Price"), kind="cents"),
        Column(key="cost_value_cents", title=_("Value at cost"), kind="cents"),
        Column(key="price_value_cents", title=_("Value at price"), kind="cents"),
    )
    unknown = sum(row["cost_cents"] is None for row in rows)
    totals = sums(rows, "cost_value_cents", "price_value_cents")
    totals["products_without_cost"] = unknown
    made = table("stock-value", source.period, columns, rows, totals)
    return replace(made, covers=as_it_stands(source), notes=_without_cost(unknown))


def low_stock(source: Source) -> Report:
    """Return the products to be ordered: those at or below their reorder level."""
    rows: list[Row] = [
        {
            "code": card.form.shown_code,
            "name": card.form.name,
            "category": card.form.category or "",
            "quantity": card.in_stock,
            "reorder_level": card.form.reorder_level,
            "suggested_order": suggested_order(card),
            "supplier": card.supplier,
        }
        for card in product_cards.cards(
            source.reader, ProductChoice(low=True, supplier_id=source.filter(By.SUPPLIER))
        )
    ]
    rows = _of_category(source, rows)
    columns = (
        *product_columns(_("In stock")),
        Column(key="reorder_level", title=_("Reorder level"), kind="quantity"),
        Column(key="suggested_order", title=_("Suggested order"), kind="quantity"),
        Column(key="supplier", title=_("Supplier")),
    )
    totals = {"products": len(rows)}
    made = table("low-stock", source.period, columns, rows, totals)
    notes = (
        () if rows else (_("Goods count here once they have a reorder level; set it with them."),)
    )
    return replace(made, covers=as_it_stands(source), notes=notes)


def _of_category(source: Source, rows: list[Row]) -> list[Row]:
    wanted = source.filter(By.CATEGORY)
    return [row for row in rows if wanted in (None, row["category"])]


def _without_cost(count: int) -> tuple[str, ...]:
    if not count:
        return ()
    sentence = ngettext(
        "{count:,} product has no cost: the value at cost leaves it out.",
        "{count:,} products have no cost: the value at cost leaves them out.",
        count,
    )
    return (sentence.format(count=count),)
