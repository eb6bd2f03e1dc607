"""Reports: the same words and the same sums as X and Z, over any period."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from pos_desktop import settings
from pos_desktop.domain.clock import Clock
from pos_desktop.domain.percent import format_percent
from pos_desktop.domain.quantity import format_quantity, line_amount
from pos_desktop.domain.staff import Permission
from pos_desktop.domain.text import _, ngettext
from pos_desktop.services.configuration import Configuration
from pos_desktop.services.periods import Period
from pos_desktop.services.shown_dates import shown_moment
from pos_desktop.services.sign_in import Person, check_may
from pos_desktop.storage import sales_reports
from pos_desktop.storage.database import Row, ShopDatabase
from pos_desktop.storage.figures import figures
from pos_desktop.storage.moments import to_stored


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of a report: its key, its heading, and what its values are."""

    key: str
    title: str
    kind: str = "text"
    """`text`, `count`, `cents`, `quantity` (decimal text) or `percent` (decimal text)."""


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
    is_summary: bool = False
    """One set of figures: the totals are the report, the rows a part of them."""


class Reporting:
    """Makes the shop's reports."""

    def __init__(self, reader: ShopDatabase, configuration: Configuration, clock: Clock) -> None:
        self._reader = reader
        self._configuration = configuration
        self._clock = clock

    def make(
        self,
        name: str,
        first: str | None = None,
        end: str | None = None,
        *,
        actor: Person | None = None,
    ) -> Report:
        """Return one of REPORTS over a period; without one, over today."""
        check_may(actor, Permission.REPORTS)
        zone = self._configuration.zone
        today = self._clock.now().astimezone(zone).date()
        period = Period.parse(first, end, today, zone)
        with self._reader.atomic("DEFERRED"):
            report = self.MAKERS[name](self, period)
        return replace(report, shop=self._configuration.get(settings.SHOP_NAME))

    def _sales_summary(self, period: Period) -> Report:
        found = figures(self._reader, period.selection).as_plain()
        found.pop("bands")
        tenders = found["tenders"]
        return Report(
            name="sales-summary",
            title=_("Sales summary"),
            columns=(
                Column(key="tender", title=_("Tender")),
                Column(key="count", title=_("Payments"), kind="count"),
                Column(key="amount_cents", title=_("Amount"), kind="cents"),
            ),
            rows=tenders,
            totals={key: value for key, value in found.items() if key != "tenders"},
            document={"from": period.first, "to": period.end, **found},
            period=period,
            covers=period.words,
            is_summary=True,
        )

    def _vat(self, period: Period) -> Report:
        found = figures(self._reader, period.selection)
        bands = [
            {
                "band": band.band,
                "rate_percent": format_percent(band.rate_bp),
                "net_cents": band.net_cents,
                "vat_cents": band.vat_cents,
                "gross_cents": band.gross_cents,
            }
            for band in found.bands
        ]
        return Report(
            name="vat",
            title=_("VAT by rate"),
            columns=(
                Column(key="band", title=_("Band")),
                Column(key="rate_percent", title=_("Rate %"), kind="percent"),
                Column(key="net_cents", title=_("Net"), kind="cents"),
                Column(key="vat_cents", title=_("VAT"), kind="cents"),
                Column(key="gross_cents", title=_("Gross"), kind="cents"),
            ),
            rows=bands,
            totals=_sum(bands, "net_cents", "vat_cents", "gross_cents"),
            document={"bands": bands},
            period=period,
            covers=period.words,
        )

    def _sales_by_product(self, period: Period) -> Report:
        rows = sales_reports.by_product(self._reader, period.selection)
        columns = (
            *_product_columns(_("Quantity")),
            Column(key="gross_cents", title=_("Gross"), kind="cents"),
            Column(key="net_cents", title=_("Net"), kind="cents"),
            Column(key="vat_cents", title=_("VAT"), kind="cents"),
            Column(key="discount_cents", title=_("Discount"), kind="cents"),
        )
        totals = _sum(rows, "gross_cents", "net_cents", "vat_cents", "discount_cents")
        return _table("sales-by-product", _("Sales by product"), period, columns, rows, totals)

    def _stock_value(self, period: Period) -> Report:
        rows = sales_reports.stock_value(self._reader)
        for row in rows:
            cost = row["cost_cents"]
            row["cost_value_cents"] = None if cost is None else line_amount(cost, row["quantity"])
            row["price_value_cents"] = line_amount(row["price_cents"], row["quantity"])
        columns = (
            *_product_columns(_("In stock")),
            Column(key="cost_cents", title=_("Cost"), kind="cents"),
            Column(key="price_cents", title=_("Price"), kind="cents"),
            Column(key="cost_value_cents", title=_("Value at cost"), kind="cents"),
            Column(key="price_value_cents", title=_("Value at price"), kind="cents"),
        )
        unknown = sum(row["cost_cents"] is None for row in rows)
        totals = _sum(rows, "cost_value_cents", "price_value_cents")
        totals["products_without_cost"] = unknown
        found = _table("stock-value", _("Stock value"), period, columns, rows, totals)
        now = shown_moment(to_stored(self._clock.now()), self._configuration.zone)
        return replace(
            found,
            covers=_("as it stands, {moment}").format(moment=now),
            notes=_without_cost(unknown),
        )

    MAKERS: ClassVar[Mapping[str, Callable[[Reporting, Period], Report]]] = {
        "sales-summary": _sales_summary,
        "sales-by-product": _sales_by_product,
        "vat": _vat,
        "stock-value": _stock_value,
    }


REPORTS = tuple(Reporting.MAKERS)
"""The names of all reports."""


def _product_columns(quantity: str) -> tuple[Column, ...]:
    """Return the columns that say which product a row is about, and how much of it."""
    return (
        Column(key="code", title=_("Code")),
        Column(key="name", title=_("Product")),
        Column(key="category", title=_("Category")),
        Column(key="quantity", title=quantity, kind="quantity"),
    )


def _table(
    name: str,
    title: str,
    period: Period,
    columns: Sequence[Column],
    rows: list[Row],
    totals: Mapping[str, int],
) -> Report:
    for row in rows:
        row["quantity"] = format_quantity(row["quantity"])
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
        title=title,
        columns=columns,
        rows=rows,
        totals=totals,
        document=document,
        period=period,
        covers=period.words,
    )


def _without_cost(count: int) -> tuple[str, ...]:
    if not count:
        return ()
    sentence = ngettext(
        "{count} product has no cost: the value at cost leaves it out.",
        "{count} products have no cost: the value at cost leaves them out.",
        count,
    )
    return (sentence.format(count=count),)


def _sum(rows: Sequence[Row], *keys: str) -> dict[str, int]:
    return {key: sum(row[key] or 0 for row in rows) for key in keys}
