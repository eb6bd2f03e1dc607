"""A report as a table for people: columns, cells as texts, and the last row with the sums."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pos_desktop.domain.money import format_amount
from pos_desktop.domain.tender import TenderKind
from pos_desktop.domain.text import _
from pos_desktop.services.paper.paper_parts import tender_name
from pos_desktop.services.reports.report_comparing import difference
from pos_desktop.services.reports.report_kinds import KINDS
from pos_desktop.services.reports.report_parts import Column, Report, figure_columns


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Columns, rows of values in their order, and the sums below them (None: has none).

    Where the report was compared, two columns follow: what its chief figure was before, and the
    difference.
    """

    columns: Sequence[Column]
    rows: Sequence[Sequence[Any]]
    totals: Sequence[Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Headline:
    """A sum of a report as it stands above it, with what it was before where that is known."""

    column: Column
    now: Any
    before: Any = None


def as_table(report: Report) -> Table:
    """Return a report as a table."""
    rows = [[row[column.key] for column in report.columns] for row in report.rows]
    below = {**report.shares, **report.totals}
    totals = [below.get(column.key) for column in report.columns]
    chief = chief_column(report)
    beside = report.compared
    if beside is None or chief is None:
        return Table(columns=report.columns, rows=rows, totals=totals)
    rows = [
        [*cells, *_beside(chief, row[chief.key], was[chief.key] if was else None)]
        for cells, row, was in zip(rows, report.rows, beside.rows, strict=True)
    ]
    totals += _beside(chief, report.totals.get(chief.key), beside.totals.get(chief.key))
    before = _("{figure} before").format(figure=chief.title)
    columns = (
        *report.columns,
        Column(key="before", title=before, kind=chief.kind),
        Column(key="difference", title=_("Difference"), kind=chief.kind),
    )
    return Table(columns=columns, rows=rows, totals=totals)


def headlines(report: Report) -> list[Headline]:
    """Return the sums of a report, each with what it was before where that was asked for."""
    columns = {column.key: column for column in report.columns}
    if report.is_summary:
        columns = {column.key: column for column in figure_columns(*report.totals)}
    before = report.compared.totals if report.compared else {}
    return [
        Headline(column=columns[key], now=value, before=before.get(key))
        for key, value in report.totals.items()
        if key in columns
    ]


def chief_column(report: Report) -> Column | None:
    """Return the column that a chart of the report shows, or None."""
    chief = KINDS[report.name].chief
    return next((column for column in report.columns if column.key == chief), None)


def is_figure(column: Column) -> bool:
    """Tell whether what stands in a column is a number, aligned to the right."""
    return column.kind != "text"


def shown(column: Column, value: Any) -> str:
    """Return a value of a column as people read it; thousands are told apart."""
    if value is None:
        return column.unknown
    if column.key == "tender":
        return tender_name(TenderKind(value))
    if column.kind == "cents":
        return format_amount(value)
    return f"{value:,}" if isinstance(value, int) and column.kind == "count" else str(value)


def shown_difference(column: Column, value: Any) -> str:
    """Return a difference as people read it, with its sign: `+1,240.00`."""
    text = shown(column, value)
    return f"+{text}" if text and not text.startswith("-") and text.strip("0.,") else text


def _beside(chief: Column, now: Any, before: Any) -> list[Any]:
    was = 0 if before is None and chief.kind in ("cents", "count") else before
    return [was, difference(chief, now, before)]
