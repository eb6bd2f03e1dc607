"""What an export holds, made into a document and written in its form."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pos_desktop import settings
from pos_desktop.documents.document import Document, Row, ShopHead, Tell
from pos_desktop.documents.handing_out import write_document
from pos_desktop.documents.report_csv import write_lines
from pos_desktop.documents.written_aside import written_aside
from pos_desktop.domain.errors import Refused
from pos_desktop.domain.export import ExportWish, FileForm, ListName, list_words
from pos_desktop.domain.ids import Id
from pos_desktop.domain.text import _
from pos_desktop.services.configuration import Configuration
from pos_desktop.services.exports.list_documents import list_columns, list_rows_of, totalled
from pos_desktop.services.paper.paper_parts import parted
from pos_desktop.services.reports import report_documents
from pos_desktop.services.reports.periods import Period
from pos_desktop.services.reports.report_csv import csv_lines
from pos_desktop.services.reports.report_filters import By
from pos_desktop.services.reports.report_kinds import REPORTS
from pos_desktop.services.reports.report_parts import Report
from pos_desktop.services.reports.report_words import title
from pos_desktop.services.reports.reporting import Reporting
from pos_desktop.services.shown_dates import shown_minute
from pos_desktop.storage.database import ShopDatabase
from pos_desktop.storage.moments import to_stored

_LISTS = {name.value for name in ListName}


@dataclass(frozen=True, slots=True)
class Written:
    """A file that was made."""

    path: Path
    title: str
    rows: int


class ExportDocuments:
    """Makes the documents of exports; in a child, since to write them takes a processor."""

    def __init__(
        self,
        reader: ShopDatabase,
        configuration: Configuration,
        reporting: Reporting,
        named: Callable[[Id], str],
    ) -> None:
        """Take `named`, which returns the name of a person of the books."""
        self._reader = reader
        self._configuration = configuration
        self._reporting = reporting
        self._named = named

    def check(self, wish: ExportWish) -> None:
        """Raise Refused for what cannot be exported so."""
        if wish.what not in (*REPORTS, *_LISTS):
            names = ", ".join((*REPORTS, *_LISTS))
            raise Refused(
                _("There is nothing called {name} to export; there is {names}.").format(
                    name=wish.what, names=names
                )
            )
        if wish.what in _LISTS and wish.form is FileForm.PDF:
            raise Refused(_("A whole list is written as XLSX or CSV: choose one of them."))
        self._period(wish)

    def title(self, wish: ExportWish) -> str:
        """Return what an export is called."""
        if wish.what in _LISTS:
            return list_words(ListName(wish.what))
        return title(wish.what)

    def write(
        self, wish: ExportWish, path: Path, *, mode: int | None, tell: Tell, made_by: Id
    ) -> Written:
        """Write a file; Refused or Unavailable, with a sentence, where it cannot be written."""
        if wish.form is FileForm.CSV and wish.what not in _LISTS:
            rows = self._write_csv(wish, path, mode, tell)
        else:
            document = self._document(wish, made_by)
            rows = write_document(document, path, wish.form, tell=tell, mode=mode)
        return Written(path, self.title(wish), rows)

    def _write_csv(self, wish: ExportWish, path: Path, mode: int | None, tell: Tell) -> int:
        """Write a report as programs read it: its figures alone, and no period before."""
        report = self._made(replace(wish, compare=False))
        with written_aside(path, mode=mode) as aside:
            write_lines(csv_lines(report), aside, tell)
        return len(report.rows)

    def _document(self, wish: ExportWish, made_by: Id) -> Document:
        if wish.what in _LISTS:
            return self._list(wish, made_by)
        return self._report(self._made(wish), made_by)

    # reports

    def _made(self, wish: ExportWish) -> Report:
        filters = {By(name): text for name, text in wish.filters.items()}
        return self._reporting.make(
            wish.what, wish.first, wish.end, filters=filters, compare=wish.compare, actor=None
        )

    def _report(self, report: Report, made_by: Id) -> Document:
        now = self._configuration.now
        return Document(
            title=report.title,
            shop=shop_head(self._configuration),
            covers=report.covers,
            columns=report_documents.report_columns(report),
            rows=report_documents.report_rows(report),
            made=now,
            zone=self._configuration.zone,
            made_by=self._named(made_by) if made_by else "",
            compared=report.compared.covers if report.compared else "",
            totals=report_documents.report_totals(report),
            figures=report_documents.report_figures(report),
            notes=(*report.notes, *report.paper_notes),
            charts=report_documents.report_charts(report),
        )

    # lists

    def _list(self, wish: ExportWish, made_by: Id) -> Document:
        name, period = ListName(wish.what), self._period(wish)
        keys = totalled(name)
        totals: dict[str, Any] = dict.fromkeys(keys, 0)
        return Document(
            title=self.title(wish),
            shop=shop_head(self._configuration),
            covers=period.words if name is ListName.SALES else self._as_it_stands(),
            columns=list_columns(name),
            rows=_added_up(list_rows_of(name, self._reader, period), totals),
            made=self._configuration.now,
            zone=self._configuration.zone,
            made_by=self._named(made_by) if made_by else "",
            totals=totals if wish.form is not FileForm.CSV else {},
        )

    def _as_it_stands(self) -> str:
        configuration = self._configuration
        moment = shown_minute(to_stored(configuration.now), configuration.zone)
        return _("as it stands, {moment}").format(moment=moment)

    def _period(self, wish: ExportWish) -> Period:
        configuration = self._configuration
        return Period.parse(wish.first, wish.end, configuration.today, configuration.zone)


def shop_head(configuration: Configuration) -> ShopHead:
    """Return whose documents they are."""
    get = configuration.get
    return ShopHead(
        name=get(settings.SHOP_NAME),
        address=", ".join(parted(get(settings.SHOP_ADDRESS))),
        tax_pin=get(settings.SHOP_KRA_PIN),
    )


def _added_up(rows: Iterator[Row], totals: dict[str, Any]) -> Iterator[Row]:
    """Yield rows while their figures are added up: the totals are whole after the last."""
    for row in rows:
        assert isinstance(row, dict)
        for key in totals:
            totals[key] += row[key] or 0
        yield row
