"""What reports are made of: columns, rows and totals as plain values, and what they share."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from pos_desktop.domain.quantity import format_quantity
from pos_desktop.domain.text import _
from pos_desktop.services.reports.periods import Period
from pos_desktop.services.reports.report_filters import By, Narrowing
from pos_desktop.services.reports.report_words import title
from pos_desktop.storage.database import Row, ShopDatabase
from pos_desktop.storage.figures import Selection


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of a report: its key, its heading, and what its values are."""

    key: str
    title: str
    kind: str = "text"
    """`text`, `count`, `cents`, `quantity` (decimal text) or `percent` (decimal text)."""
    unknown: str = ""
    """What people read where a value or the total is None; programs read an empty cell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A report as plain values. `document` is what `--json` prints of it.

    Scripts of other people read the document, so each report keeps its keys for good: the summary
    is one set of figures with `from`, `to` and its `tenders`; `vat` has its `bands` and nothing
    else; every other has `report`, `from`, `to`, `columns` (keys), `rows` (by those keys) and
    `totals`, and so has a new one.
    """

    name: str
    title: str
    columns: Sequence[Column]
    rows: Sequence[Row]
    totals: Mapping[str, Any]
    document: Mapping[str, Any]
    period: Period
    covers: str
    """What the report is about, for people: its period, or the moment of what changes."""
    shop: str = ""
    notes: Sequence[str] = ()
    """What a reader must know beside the figures."""
    paper_notes: Sequence[str] = ()
    """What only a reader of the paper, who may reckon it over, must know."""
    is_summary: bool = False
    """One set of figures: the totals are the report, the rows a part of them."""
    keys: Sequence[str] = ()
    """What each row stands for: the day, hour, category, tender, band and rate, or an id."""
    filters: Mapping[By, str] = field(default_factory=dict)
    """What it was narrowed to, as it was asked."""
    narrowed: str = ""
    """What it was narrowed to, for people."""
    compared: Compared | None = None
    """The period before, where that was asked for."""
    shares: Mapping[str, Any] = field(default_factory=dict)
    """What stands below a column and is no sum of it, such as the margin of all in percent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """The same report over the period before, its rows beside those of the report."""

    period: Period
    covers: str
    """Which period it is, for people: `the month before, business days ...`."""
    rows: Sequence[Row | None]
    """What stood there before in each row of the report; None where nothing did."""
    totals: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Source:
    """What a report is made from: the shop's file, a period, and for people what the moment is."""

    reader: ShopDatabase
    period: Period
    now: str
    zone: ZoneInfo
    narrowing: Narrowing = field(default_factory=Narrowing)
    watch: Callable[[], None] = lambda: None
    """Called between two steps of a long report; it may raise Cancelled."""

    @property
    def selection(self) -> Selection:
        """The sales that count."""
        return self.narrowing.narrow(self.period.selection)

    @property
    def stretches(self) -> Iterator[Selection]:
        """The same sales, a month at a time: for what must sort each of their lines."""
        for stretch in self.period.stretches:
            self.watch()
            yield self.narrowing.narrow(stretch)

    def filter(self, by: By) -> str | None:
        """Return to which id of a kind the report is narrowed, or None."""
        return self.narrowing.ids.get(by)


def product_columns(quantity: str) -> tuple[Column, ...]:
    """Return the columns that say which product a row is about, and how much of it."""
    return (
        Column(key="code", title=_("Code")),
        Column(key="name", title=_("Product")),
        Column(key="category", title=_("Category")),
        Column(key="quantity", title=quantity, kind="quantity"),
    )


SALES_FIGURES = (
    "sales",
    "refunds",
    "gross_cents",
    "net_cents",
    "vat_cents",
    "discount_cents",
    "rounding_cents",
)
"""What a list of sales adds up, as keys of its rows; a refund counts against its sums.

Each is a sum of `storage/figures` and, of only some lines, of `storage/sales_groups`; a field of
`Figures` and a word of its `as_plain`, since X and Z tell them too; and it has its heading below.
All are added up for the TOTAL: what must not be (a share, a count of different things) is none of
them, but a column of its own with its total in `Report.shares`."""
LINE_FIGURES = ("gross_cents", "net_cents", "vat_cents", "discount_cents")
"""What lines of sales add up: rounding belongs to no line."""


def figure_columns(*keys: str) -> tuple[Column, ...]:
    """Return the columns of these figures of sales, each with its heading."""
    titles = {
        "sales": _("Sales"),
        "refunds": _("Refunds"),
        "gross_cents": _("Gross"),
        "net_cents": _("Net"),
        "vat_cents": _("VAT"),
        "discount_cents": _("Discount"),
        "rounding_cents": _("Rounding"),
        "payments_on_account_cents": _("Accounts, vouchers"),
    }
    return tuple(
        Column(key=key, title=titles[key], kind="cents" if key.endswith("_cents") else "count")
        for key in keys
    )


def table(
    name: str,
    period: Period,
    columns: Sequence[Column],
    rows: list[Row],
    totals: Mapping[str, int | None],
    keys: Sequence[str] = (),
) -> Report:
    """Return a report of rows; quantities come as thousandths, and become decimal texts."""
    for column in columns:
        if column.kind == "quantity":
            for row in rows:
                row[column.key] = format_quantity(row[column.key])
    document = {
        "report": name,
        "from": period.first,
        "to": period.end,
        "columns": [column.key for column in columns],
        "rows": rows,
        "totals": totals,
    }
    return Report(
        name=name,
        title=title(name),
        columns=columns,
        rows=rows,
        totals=totals,
        document=document,
        period=period,
        covers=period.words,
        keys=keys,
    )


def as_it_stands(source: Source) -> str:
    """Say what a report covers whose period changes nothing."""
    return _("as it stands, {moment}").format(moment=source.now)


def sums(rows: Sequence[Row], *keys: str) -> dict[str, int | None]:
    """Return the sums of columns by their keys; what is not known counts for nothing.

    Where no row knows a figure the sum is not known either: None.
    """
    return {key: _sum([row[key] for row in rows]) for key in keys}


def _sum(values: Sequence[int | None]) -> int | None:
    known = [value for value in values if value is not None]
    return sum(known) if known or not values else None
