"""Reports: the same words and the same sums as X and Z, over any period."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from pos_desktop import settings
from pos_desktop.domain.errors import Refused
from pos_desktop.domain.staff import Permission
from pos_desktop.domain.text import _
from pos_desktop.services.configuration import Configuration
from pos_desktop.services.people.acting import hand_of
from pos_desktop.services.people.sign_in import Person
from pos_desktop.services.reports import report_filters
from pos_desktop.services.reports.periods import Period
from pos_desktop.services.reports.report_comparing import compared
from pos_desktop.services.reports.report_filters import By, Filters, check_filters
from pos_desktop.services.reports.report_kinds import KINDS
from pos_desktop.services.reports.report_parts import Report, Source
from pos_desktop.services.reports.report_words import title
from pos_desktop.services.reports.sales_behind import DRILLED, behind
from pos_desktop.services.shown_dates import shown_moment
from pos_desktop.storage.database import ShopDatabase
from pos_desktop.storage.moments import to_stored
from pos_desktop.storage.sales_behind import Behind

NO_FILTERS: Filters = {}
MOST_BEHIND = 200
"""How many of the sales behind a row are listed."""


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
        filters: Filters = NO_FILTERS,
        compare: bool = False,
        watch: Callable[[], None] = lambda: None,
        actor: Person | None,
    ) -> Report:
        """Return one of REPORTS over a period; without one, over today.

        It is narrowed by filters, and where asked has the period before beside it. `watch` is
        called between two steps of a long one, and may raise Cancelled.
        """
        hand_of(actor, Permission.REPORTS)
        kind = KINDS[name]
        check_filters(title(name), filters, kind.takes)
        if compare and not kind.compares:
            raise Refused(
                _("There is no period before to set the report {report} beside.").format(
                    report=title(name)
                )
            )
        with self._reader.atomic("DEFERRED"):
            source = self._source(first, end, filters, watch)
            report = kind.make(source)
            if compare:
                report = self._compared(report, source, kind.make)
        return self._headed(report, source, filters)

    def behind(
        self,
        name: str,
        key: str,
        first: str | None = None,
        end: str | None = None,
        *,
        filters: Filters = NO_FILTERS,
        most: int = MOST_BEHIND,
        actor: Person | None,
    ) -> Behind:
        """Return the sales behind the row of a report that stands for a key of its `keys`.

        Raises Refused for a report whose rows are not made of sales.
        """
        hand_of(actor, Permission.REPORTS)
        check_filters(title(name), filters, KINDS[name].takes)
        if name not in DRILLED:
            raise Refused(
                _("No sales stand behind the rows of the report {report}.").format(
                    report=title(name)
                )
            )
        with self._reader.atomic("DEFERRED"):
            source = self._source(first, end, filters, lambda: None)
            return behind(name, source, key, most)

    def choices(self, by: By, *, actor: Person | None) -> list[tuple[str, str]]:
        """Return what a report can be narrowed to, each as filter and title; no products."""
        hand_of(actor, Permission.REPORTS)
        return report_filters.choices(self._reader, by)

    def _source(
        self, first: str | None, end: str | None, filters: Filters, watch: Callable[[], None]
    ) -> Source:
        configuration = self._configuration
        zone = configuration.zone
        return Source(
            reader=self._reader,
            period=Period.parse(first, end, configuration.today, zone),
            now=shown_moment(to_stored(configuration.now), zone),
            zone=zone,
            narrowing=report_filters.found(self._reader, filters),
            watch=watch,
        )

    def _compared(self, report: Report, source: Source, make: Callable[[Source], Report]) -> Report:
        today: date = self._configuration.today
        period, words = source.period.before(today, source.zone)
        return compared(report, make(replace(source, period=period)), words)

    def _headed(self, report: Report, source: Source, filters: Filters) -> Report:
        """Say of which shop it is, and what it was narrowed to, on paper and in files too."""
        report = replace(report, shop=self._configuration.get(settings.SHOP_NAME))
        narrowed = source.narrowing.words
        if not narrowed:
            return report
        given = {by.value: text for by, text in filters.items()}
        return replace(
            report,
            filters=filters,
            narrowed=narrowed,
            notes=(_("Only {what}.").format(what=narrowed), *report.notes),
            document={**report.document, "filters": given},
        )
