"""Reports of sales by day, hour, category, cashier and tender, and of what was earned."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from zoneinfo import ZoneInfo

from pos_desktop.domain.money import divide_half_up
from pos_desktop.domain.percent import WHOLE, format_percent
from pos_desktop.domain.quantity import ONE
from pos_desktop.domain.text import _, ngettext
from pos_desktop.services.report_parts import (
    LINE_FIGURES,
    SALES_FIGURES,
    Column,
    Report,
    Source,
    figure_columns,
    product_columns,
    sums,
    table,
)
from pos_desktop.storage import sales_groups
from pos_desktop.storage.database import Row, ShopDatabase
from pos_desktop.storage.figures import Selection
from pos_desktop.storage.moments import from_stored


def sales_by_day(source: Source) -> Report:
    """Return the sums of each business day."""
    return _of_sales(
        source, "sales-by-day", _("Sales by day"), ("day", _("Day")), sales_groups.by_day
    )


def sales_by_cashier(source: Source) -> Report:
    """Return the sums of each person who sold."""
    first = ("cashier", _("Cashier"))
    title = _("Sales by cashier")
    return _of_sales(source, "sales-by-cashier", title, first, sales_groups.by_cashier)


def sales_by_hour(source: Source) -> Report:
    """Return the sums of each hour of the day, on the wall of the shop."""

    def by_hour(reader: ShopDatabase, selection: Selection) -> list[Row]:
        return _hours(sales_groups.by_quarter(reader, selection), source.zone)

    return _of_sales(source, "sales-by-hour", _("Sales by hour"), ("hour", _("Hour")), by_hour)


def _hours(quarters: Sequence[Row], zone: ZoneInfo) -> list[Row]:
    found: dict[int, Row] = {}
    for quarter in quarters:
        moment = from_stored(quarter["quarter"] * sales_groups.QUARTER_MS).astimezone(zone)
        row = found.setdefault(
            moment.hour, {"hour": f"{moment.hour:02d}:00", **dict.fromkeys(SALES_FIGURES, 0)}
        )
        for key in SALES_FIGURES:
            row[key] += quarter[key]
    return [found[hour] for hour in sorted(found)]


def _of_sales(
    source: Source,
    name: str,
    title: str,
    first: tuple[str, str],
    read: Callable[[ShopDatabase, Selection], list[Row]],
) -> Report:
    columns = (Column(key=first[0], title=first[1]), *figure_columns(*SALES_FIGURES))
    keys = [column.key for column in columns]
    found = read(source.reader, source.period.selection)
    rows = [{key: row[key] for key in keys} for row in found]
    return table(name, title, source.period, columns, rows, sums(rows, *SALES_FIGURES))


def sales_by_category(source: Source) -> Report:
    """Return the sums of each category, the largest first."""
    rows = sales_groups.by_category(source.reader, source.period.selection)
    columns = (Column(key="category", title=_("Category")), *figure_columns(*LINE_FIGURES))
    totals = sums(rows, *LINE_FIGURES)
    return table("sales-by-category", _("Sales by category"), source.period, columns, rows, totals)


def sales_by_tender(source: Source) -> Report:
    """Return what each tender took for sales, gave back for refunds, and took on account."""
    rows = sales_groups.by_tender(source.reader, source.period.selection)
    columns = (
        Column(key="tender", title=_("Tender")),
        Column(key="count", title=_("Payments"), kind="count"),
        Column(key="taken_cents", title=_("Taken"), kind="cents"),
        Column(key="given_back_cents", title=_("Given back"), kind="cents"),
        Column(key="on_account_cents", title=_("Accounts, vouchers"), kind="cents"),
        Column(key="amount_cents", title=_("Amount"), kind="cents"),
    )
    keys = ("count", "taken_cents", "given_back_cents", "on_account_cents", "amount_cents")
    title = _("Sales by tender")
    return table("sales-by-tender", title, source.period, columns, rows, sums(rows, *keys))


def margin(source: Source) -> Report:
    """Return what was earned on each product: its net less what it had cost when it was sold.

    Lines whose cost nobody knew count with neither; how many they are is said.
    """
    found = sales_groups.margins(source.reader, source.period.selection)
    rows = [_margin_row(row) for row in found]
    columns = (
        *product_columns(_("Quantity")),
        *figure_columns("net_cents"),
        Column(key="cost_cents", title=_("Cost"), kind="cents"),
        Column(key="margin_cents", title=_("Margin"), kind="cents"),
        Column(key="margin_percent", title=_("Margin %"), kind="percent"),
    )
    totals = sums(rows, "net_cents", "cost_cents", "margin_cents")
    unknown = sum(row["without_cost"] for row in found)
    totals["lines_without_cost"] = unknown
    made = table("margin", _("Margin"), source.period, columns, rows, totals)
    return replace(made, notes=_without_cost(unknown))


def _margin_row(row: Row) -> Row:
    cost = divide_half_up(row["cost"], ONE)
    net = row["net_known_cents"]
    share = divide_half_up((net - cost) * WHOLE, abs(net)) if net else None
    return {
        "code": row["code"],
        "name": row["name"],
        "category": row["category"],
        "quantity": row["quantity"],
        "net_cents": row["net_cents"],
        "cost_cents": cost,
        "margin_cents": net - cost,
        "margin_percent": None if share is None else format_percent(share),
    }


def _without_cost(count: int) -> tuple[str, ...]:
    if not count:
        return ()
    sentence = ngettext(
        "{count} line had no cost when it was sold: the margin leaves it out.",
        "{count} lines had no cost when they were sold: the margin leaves them out.",
        count,
    )
    return (sentence.format(count=count),)
