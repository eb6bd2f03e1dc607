"""Reports of sales by day, hour, category, cashier and tender, and of what was earned."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from zoneinfo import ZoneInfo

from pos_desktop.domain.money import divide_half_up
from pos_desktop.domain.percent import WHOLE, format_percent
from pos_desktop.domain.quantity import ONE
from pos_desktop.domain.text import _, ngettext
from pos_desktop.services.reports.report_filters import By
from pos_desktop.services.reports.report_parts import (
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
from pos_desktop.storage import line_groups, sales_groups, sales_reports
from pos_desktop.storage.database import Row, ShopDatabase
from pos_desktop.storage.figures import Selection
from pos_desktop.storage.moments import from_stored


def sales_by_day(source: Source) -> Report:
    """Return the sums of each business day."""
    return _of_sales(source, "sales-by-day", ("day", _("Day")), sales_groups.by_day)


def sales_by_cashier(source: Source) -> Report:
    """Return the sums of each person who sold."""
    first = ("cashier", _("Cashier"))
    by = sales_groups.by_cashier
    return _of_sales(source, "sales-by-cashier", first, by, key="staff_id")


def sales_by_hour(source: Source) -> Report:
    """Return the sums of each hour of the day, on the wall of the shop."""

    def by_hour(reader: ShopDatabase, selection: Selection) -> list[Row]:
        return _hours(sales_groups.by_quarter(reader, selection), source.zone)

    return _of_sales(source, "sales-by-hour", ("hour", _("Hour")), by_hour)


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
    first: tuple[str, str],
    read: Callable[[ShopDatabase, Selection], list[Row]],
    key: str = "",
) -> Report:
    """Return a report of groups of sales; a group is known by a column, the first or another."""
    columns = (Column(key=first[0], title=first[1]), *figure_columns(*SALES_FIGURES))
    shown = [column.key for column in columns]
    found = read(source.reader, source.selection)
    rows = [{one: row[one] for one in shown} for row in found]
    keys = [row[key or first[0]] for row in found]
    made = table(name, source.period, columns, rows, sums(rows, *SALES_FIGURES), keys)
    return replace(made, notes=_narrowed_notes(source))


def _narrowed_notes(source: Source) -> tuple[str, ...]:
    """Say what the sums of sales mean where they are narrowed."""
    notes = []
    if source.selection.lines:
        notes.append(_("Only these goods are counted; rounding belongs to no goods."))
    if source.filter(By.TENDER):
        notes.append(_("A sale that was paid in several ways counts whole."))
    return tuple(notes)


def sales_by_category(source: Source) -> Report:
    """Return the sums of each category, the largest first."""
    rows = line_groups.by_category(source.reader, source.stretches)
    columns = (Column(key="category", title=_("Category")), *figure_columns(*LINE_FIGURES))
    keys = [row["category"] for row in rows]
    totals = sums(rows, *LINE_FIGURES)
    return table("sales-by-category", source.period, columns, rows, totals, keys)


def sales_by_tender(source: Source) -> Report:
    """Return what each tender took for sales, gave back for refunds, and took on account."""
    rows = sales_groups.by_tender(
        source.reader, source.narrowing.without(By.TENDER).narrow(source.period.selection)
    )
    wanted = source.filter(By.TENDER)
    rows = [row for row in rows if wanted in (None, row["tender"])]
    columns = (
        Column(key="tender", title=_("Tender")),
        Column(key="count", title=_("Payments"), kind="count"),
        Column(key="taken_cents", title=_("Taken"), kind="cents"),
        Column(key="given_back_cents", title=_("Given back"), kind="cents"),
        Column(key="on_account_cents", title=_("Accounts, vouchers"), kind="cents"),
        Column(key="amount_cents", title=_("Amount"), kind="cents"),
    )
    figures = ("count", "taken_cents", "given_back_cents", "on_account_cents", "amount_cents")
    keys = [row["tender"] for row in rows]
    return table("sales-by-tender", source.period, columns, rows, sums(rows, *figures), keys)


def margin(source: Source) -> Report:
    """Return what was earned on each product: its net less what it had cost when it was sold.

    Lines whose cost nobody knew count with neither; how many they are is said.
    """
    found = sales_reports.margins(source.reader, source.stretches)
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
    keys = [row["product_id"] for row in found]
    made = table("margin", source.period, columns, rows, totals, keys)
    known = sum(row["net_known_cents"] for row in found)
    shares = {"margin_percent": _share(totals["margin_cents"] or 0, known)}
    return replace(made, notes=_without_cost(unknown), shares=shares)


def _margin_row(row: Row) -> Row:
    cost = divide_half_up(row["cost"], ONE)
    net = row["net_known_cents"]
    return {
        "code": row["code"],
        "name": row["name"],
        "category": row["category"],
        "quantity": row["quantity"],
        "net_cents": row["net_cents"],
        "cost_cents": cost,
        "margin_cents": net - cost,
        "margin_percent": _share(net - cost, net),
    }


def _share(margin: int, net: int) -> str | None:
    """Return a margin in percent of the net that it was earned on; None where there is none."""
    return format_percent(divide_half_up(margin * WHOLE, abs(net))) if net else None


def _without_cost(count: int) -> tuple[str, ...]:
    if not count:
        return ()
    sentence = ngettext(
        "{count:,} line had no cost when it was sold: the margin leaves it out.",
        "{count:,} lines had no cost when they were sold: the margin leaves them out.",
        count,
    )
    return (sentence.format(count=count),)
