"""Every report: what makes it, what it can be narrowed by, and what its rows stand for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum

from pos_desktop.domain.text import _
from pos_desktop.services.reports import (
    audit_report,
    closing_lists,
    grouped_reports,
    mpesa_report,
    sales_reports,
    stock_reports,
)
from pos_desktop.services.reports.report_filters import By
from pos_desktop.services.reports.report_parts import Report, Source

OF_LINES = frozenset({By.CATEGORY, By.CASHIER, By.PRODUCT, By.SUPPLIER})
"""What lines of sales can be narrowed by."""
OF_SALES = OF_LINES | {By.TENDER}
OF_GOODS = frozenset({By.CATEGORY, By.SUPPLIER})


class Group(Enum):
    """What a report is about, for a list of them."""

    SALES = "sales"
    MONEY = "money"
    STOCK = "stock"
    BOOKS = "books"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A report by its name."""

    make: Callable[[Source], Report]
    group: Group
    takes: frozenset[By] = field(default_factory=frozenset)
    """What it can be narrowed by."""
    chief: str = "gross_cents"
    """The column that a chart of it shows; empty where there is none to show."""
    is_momentary: bool = False
    """It tells how something stands now, whatever the period."""
    compares: bool = True
    """It can stand beside the period before."""


KINDS = {
    "sales-summary": Kind(
        make=sales_reports.sales_summary,
        group=Group.SALES,
        takes=frozenset({By.CASHIER}),
        chief="amount_cents",
    ),
    "sales-by-day": Kind(make=grouped_reports.sales_by_day, group=Group.SALES, takes=OF_SALES),
    "sales-by-hour": Kind(make=grouped_reports.sales_by_hour, group=Group.SALES, takes=OF_SALES),
    "sales-by-product": Kind(
        make=sales_reports.sales_by_product, group=Group.SALES, takes=OF_LINES
    ),
    "sales-by-category": Kind(
        make=grouped_reports.sales_by_category, group=Group.SALES, takes=OF_LINES
    ),
    "sales-by-cashier": Kind(
        make=grouped_reports.sales_by_cashier, group=Group.SALES, takes=OF_SALES
    ),
    "sales-by-tender": Kind(
        make=grouped_reports.sales_by_tender,
        group=Group.MONEY,
        takes=frozenset({By.CASHIER, By.TENDER}),
        chief="amount_cents",
    ),
    "vat": Kind(make=sales_reports.vat, group=Group.MONEY, takes=OF_LINES),
    "margin": Kind(
        make=grouped_reports.margin,
        group=Group.MONEY,
        takes=OF_LINES,
        chief="margin_cents",
    ),
    "stock-value": Kind(
        make=stock_reports.stock_value,
        group=Group.STOCK,
        takes=OF_GOODS,
        chief="",
        is_momentary=True,
        compares=False,
    ),
    "low-stock": Kind(
        make=stock_reports.low_stock,
        group=Group.STOCK,
        takes=OF_GOODS,
        chief="",
        is_momentary=True,
        compares=False,
    ),
    "shifts": Kind(
        make=closing_lists.shifts,
        group=Group.BOOKS,
        takes=frozenset({By.CASHIER}),
        chief="",
        compares=False,
    ),
    "x": Kind(make=closing_lists.x, group=Group.BOOKS, chief="", is_momentary=True, compares=False),
    "z": Kind(make=closing_lists.z, group=Group.BOOKS, chief="", compares=False),
    "audit": Kind(
        make=audit_report.audit,
        group=Group.BOOKS,
        takes=frozenset({By.CASHIER}),
        chief="",
        compares=False,
    ),
    "mpesa": Kind(
        make=mpesa_report.mpesa, group=Group.MONEY, chief="came_in_cents", compares=False
    ),
}
REPORTS = tuple(KINDS)
"""The names of all reports."""
MOMENTARY = frozenset(name for name, kind in KINDS.items() if kind.is_momentary)
"""Those that tell how something stands now, whatever the period."""


def group_words(group: Group) -> str:
    """Return what people call a group of reports."""
    return {
        Group.SALES: _("Sales"),
        Group.MONEY: _("Money"),
        Group.STOCK: _("Stock"),
        Group.BOOKS: _("Shifts and books"),
    }[group]
