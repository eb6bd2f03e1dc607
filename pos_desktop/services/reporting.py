"""Reports: the same words and the same sums as X and Z, over any period."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from pos_desktop import settings
from pos_desktop.domain.staff import Permission
from pos_desktop.services import (
    audit_report,
    closing_lists,
    grouped_reports,
    sales_reports,
    stock_reports,
)
from pos_desktop.services.acting import hand_of
from pos_desktop.services.configuration import Configuration
from pos_desktop.services.periods import Period
from pos_desktop.services.report_parts import Report, Source
from pos_desktop.services.shown_dates import shown_moment
from pos_desktop.services.sign_in import Person
from pos_desktop.storage.database import ShopDatabase
from pos_desktop.storage.moments import to_stored

MAKERS: Mapping[str, Callable[[Source], Report]] = {
    "sales-summary": sales_reports.sales_summary,
    "sales-by-day": grouped_reports.sales_by_day,
    "sales-by-hour": grouped_reports.sales_by_hour,
    "sales-by-product": sales_reports.sales_by_product,
    "sales-by-category": grouped_reports.sales_by_category,
    "sales-by-cashier": grouped_reports.sales_by_cashier,
    "sales-by-tender": grouped_reports.sales_by_tender,
    "vat": sales_reports.vat,
    "margin": grouped_reports.margin,
    "stock-value": stock_reports.stock_value,
    "low-stock": stock_reports.low_stock,
    "shifts": closing_lists.shifts,
    "x": closing_lists.x,
    "z": closing_lists.z,
    "audit": audit_report.audit,
}
REPORTS = tuple(MAKERS)
"""The names of all reports."""
MOMENTARY = frozenset({"stock-value", "low-stock", "x"})
"""Those that tell how something stands now, whatever the period."""


class Reporting:
    """Makes the shop's reports."""

    def __init__(self, reader: ShopDatabase, configuration: Configuration) -> None:
        self._reader = reader
        self._configuration = configuration

    def make(
        self,
        name: str,
        first: str | None = None,
        end: str | None = None,
        *,
        actor: Person | None,
    ) -> Report:
        """Return one of REPORTS over a period; without one, over today."""
        hand_of(actor, Permission.REPORTS)
        zone = self._configuration.zone
        period = Period.parse(first, end, self._configuration.today, zone)
        now = shown_moment(to_stored(self._configuration.now), zone)
        with self._reader.atomic("DEFERRED"):
            report = MAKERS[name](Source(self._reader, period, now, zone))
        return replace(report, shop=self._configuration.get(settings.SHOP_NAME))
