"""A report as a document that is handed on: its columns and figures, and a chart where it has one.

Rows and totals are those of the report; what stood before is a column beside its chief figure.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from pos_desktop.documents.document import (
    Chart,
    ChartKind,
    DocumentColumn,
    Kind,
    Series,
    SumFigure,
)
from pos_desktop.domain.text import _
from pos_desktop.services.reports.report_parts import Column, Report
from pos_desktop.services.reports.report_table import (
    Headline,
    as_table,
    chief_column,
    headlines,
    shown,
)
from pos_desktop.services.shown_dates import shown_day

_DAYS = frozenset({"day", "business_day"})
_MOMENTS = frozenset({"opened_at", "closed_at", "at"})
MOST_BARS = 30
"""A chart of more bars than this cannot be read on paper; of days a line is drawn."""


def report_columns(report: Report) -> list[DocumentColumn]:
    """Return the columns of a report, those of the period before among them."""
    return [
        DocumentColumn(
            key=column.key, title=column.title, kind=_kind(column), unknown=column.unknown
        )
        for column in as_table(report).columns
    ]


def report_rows(report: Report) -> Iterator[Sequence[Any]]:
    """Yield the rows of a report."""
    table = as_table(report)
    for row in table.rows:
        yield [_named(column, value) for column, value in zip(table.columns, row, strict=True)]


def report_totals(report: Report) -> dict[str, Any]:
    """Return the sums below the columns of a report; a summary has figures instead."""
    if report.is_summary:
        return {}
    table = as_table(report)
    pairs = zip(table.columns, table.totals, strict=True)
    return {column.key: value for column, value in pairs if value is not None}


def report_figures(report: Report) -> list[SumFigure]:
    """Return the sums of a summary, which belong to none of its columns."""
    return [_figure(one) for one in headlines(report)] if report.is_summary else []


def report_charts(report: Report) -> list[Chart]:
    """Return the chart of a report: its chief figure by row, beside the period before."""
    chief = chief_column(report)
    if chief is None or not report.rows or chief.kind not in (Kind.CENTS, Kind.COUNT):
        return []
    kind = ChartKind.LINE if len(report.rows) > MOST_BARS and _is_of_days(report) else ChartKind.BAR
    rows = report.rows if kind is ChartKind.LINE else report.rows[:MOST_BARS]
    name = _label_column(report)
    series = [Series(title=chief.title, values=[row[chief.key] for row in rows])]
    if report.compared is not None:
        before = report.compared.rows[: len(rows)]
        values = [row[chief.key] if row else None for row in before]
        series.append(Series(title=_("Before"), values=values))
    return [
        Chart(
            title=f"{report.title}: {chief.title}",
            labels=[_label(name, row[name.key]) for row in rows],
            series=series,
            kind=kind,
            unit=Kind(chief.kind),
        )
    ]


def _label_column(report: Report) -> Column:
    """Return the column that tells the rows apart: the name of a product rather than its code."""
    return next((one for one in report.columns if one.key == "name"), report.columns[0])


def _label(column: Column, value: Any) -> str:
    """Return how a bar is called: a day as the cells of the table write it."""
    return shown_day(value) if column.key in _DAYS else str(_named(column, value))


def _is_of_days(report: Report) -> bool:
    return report.columns[0].key in _DAYS


def _kind(column: Column) -> Kind:
    if column.key in _DAYS:
        return Kind.DATE
    if column.key in _MOMENTS:
        return Kind.MOMENT
    return Kind(column.kind)


def _named(column: Column, value: Any) -> Any:
    """Return a value as it stands in a cell: a tender by its name, a moment as a moment."""
    if column.key == "tender":
        return shown(column, value)
    if column.key in _MOMENTS:
        return datetime.fromisoformat(value) if value else None
    return value


def _figure(sum_of: Headline) -> SumFigure:
    column, now, before = sum_of.column, sum_of.now, sum_of.before
    words = f"{column.title}: {shown(column, now)}"
    return SumFigure(
        column=DocumentColumn(key=column.key, title=column.title, kind=_kind(column)),
        now=now,
        before=before,
        words=words if before is None else f"{words} ({_before(column, before)})",
    )


def _before(column: Column, value: Any) -> str:
    return _("before {before}").format(before=shown(column, value))
