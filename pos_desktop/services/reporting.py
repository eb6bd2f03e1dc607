"""Reports: the same words and the same sums as X and Z, over any period."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from pos_desktop.domain.clock import Clock
from pos_desktop.domain.errors import Refused
from pos_desktop.domain.percent import format_percent
from pos_desktop.domain.quantity import format_quantity, line_amount
from pos_desktop.domain.staff import Permission
from pos_desktop.domain.text import _
from pos_desktop.services.configuration import Configuration
from pos_desktop.services.sign_in import Person, check_may
from pos_desktop.storage import sales_reports
from pos_desktop.storage.database import Row, ShopDatabase
from pos_desktop.storage.figures import Selection, figures, of_days, of_moments
from pos_desktop.storage.moments import to_stored


@dataclass(frozen=True, slots=True)
class Period:
    """What a report covers: two dates or two moments as they were typed; the end is exclusive.

    Dates select business days, so that a night's sales stay with the Z that closed them; moments
    select sales by the time at which they were made.
    """

    first: str
    end: str
    selection: Selection

    @classmethod
    def parse(cls, first: str | None, end: str | None, today: date, zone: ZoneInfo) -> Period:
        """Read `--from` and `--to`; without them today. Raises Refused for what is no date."""
        first = first or today.isoformat()
        end = end or (max(today, _day(first)) + timedelta(days=1)).isoformat()
        moments = [to_stored(_moment(text, zone)) for text in (first, end)]
        if moments[0] >= moments[1]:
            raise Refused(
                _(
                    "The report would end before it begins: --to {end} must be after {first}."
                ).format(first=first, end=end)
            )
        if _is_date(first) and _is_date(end):
            return cls(first, end, of_days(first, end))
        return cls(first, end, of_moments(*moments))


def _day(text: str) -> date:
    """Return the date at the head of a text, or the first of all where it is none."""
    return date.fromisoformat(text[:10]) if _is_date(text[:10]) else date.min


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _moment(text: str, zone: ZoneInfo) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise Refused(
            _("Type a date as 2026-11-24 or a time as 2026-11-24T08:15, not {text}.").format(
                text=text
            )
        ) from error
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of a report: its key, its heading, and what its values are."""

    key: str
    title: str
    kind: str = "text"
    """`text`, `count`, `cents`, `quantity` (decimal text) or `percent` (decimal text)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A report as plain values. `document` is what `--json` prints of it."""

    name: str
    title: str
    columns: Sequence[Column]
    rows: Sequence[Row]
    totals: Mapping[str, Any]
    document: Mapping[str, Any]


class Reporting:
    """Makes the shop's reports."""

    def __init__(self, reader: ShopDatabase, configuration: Configuration, clock: Clock) -> None:
        self._reader = reader
        self._configuration = configuration
        self._clock = clock
        self._makers: dict[str, Callable[[Period], Report]] = {
            "sales-summary": self._sales_summary,
            "sales-by-product": self._sales_by_product,
            "vat": self._vat,
            "stock-value": self._stock_value,
        }

    @property
    def names(self) -> list[str]:
        """The names of all reports."""
        return list(self._makers)

    def make(
        self,
        name: str,
        first: str | None = None,
        end: str | None = None,
        *,
        actor: Person | None = None,
    ) -> Report:
        """Return a report over a period; without one, over today."""
        check_may(actor, Permission.REPORTS)
        zone = self._configuration.zone
        today = self._clock.now().astimezone(zone).date()
        period = Period.parse(first, end, today, zone)
        with self._reader.atomic("DEFERRED"):
            return self._makers[name](period)

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
        )

    def _sales_by_product(self, period: Period) -> Report:
        rows = sales_reports.by_product(self._reader, period.selection)
        columns = (
            Column(key="code", title=_("Code")),
            Column(key="name", title=_("Product")),
            Column(key="category", title=_("Category")),
            Column(key="quantity", title=_("Quantity"), kind="quantity"),
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
            row["cost_value_cents"] = line_amount(row["cost_cents"] or 0, row["quantity"])
            row["price_value_cents"] = line_amount(row["price_cents"], row["quantity"])
        columns = (
            Column(key="code", title=_("Code")),
            Column(key="name", title=_("Product")),
            Column(key="category", title=_("Category")),
            Column(key="quantity", title=_("In stock"), kind="quantity"),
            Column(key="cost_cents", title=_("Cost"), kind="cents"),
            Column(key="price_cents", title=_("Price"), kind="cents"),
            Column(key="cost_value_cents", title=_("Value at cost"), kind="cents"),
            Column(key="price_value_cents", title=_("Value at price"), kind="cents"),
        )
        totals = _sum(rows, "cost_value_cents", "price_value_cents")
        return _table("stock-value", _("Stock value"), period, columns, rows, totals)


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
        name=name, title=title, columns=columns, rows=rows, totals=totals, document=document
    )


def _sum(rows: Sequence[Row], *keys: str) -> dict[str, int]:
    return {key: sum(row[key] for row in rows) for key in keys}
