"""Native charts of a workbook, on a sheet of their own beside the figures they draw."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from pos_desktop.documents.chart_colours import COLOURS
from pos_desktop.documents.document import Chart, ChartKind, Kind
from pos_desktop.documents.sheet_texts import sheet_name, sheet_text
from pos_desktop.documents.written_values import number_of
from pos_desktop.domain.text import _

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

A4 = 9
"""As workbooks number paper."""
LEAST_ROWS = 22
"""So many rows a chart is high; the figures of the next begin below it."""
_SIZE = {"width": 860, "height": 400}


def add_charts(book: Workbook, charts: Sequence[Chart], title: Format) -> None:
    """Add a sheet with the figures of each chart, and the chart to their right."""
    taken = {sheet.name.lower() for sheet in book.worksheets()}
    name = sheet_name(_("Charts"), 1)
    sheet = book.add_worksheet(f"{name}_" if name.lower() in taken else name)
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0)
    sheet.set_column(0, 0, 22)
    sheet.set_column(1, 2, 16)
    at = 0
    for chart in charts:
        sheet.write_string(at, 0, sheet_text(chart.title), title)
        _write_figures(book, sheet, at + 1, chart)
        sheet.insert_chart(at + 1, 4, _drawn(book, sheet, at + 1, chart), {"object_position": 3})
        at += max(len(chart.labels) + 4, LEAST_ROWS + 2)


def _number_format(chart: Chart) -> str:
    return "#,##0.00" if chart.unit is Kind.CENTS else "#,##0"


def _write_figures(book: Workbook, sheet: Worksheet, top: int, chart: Chart) -> None:
    form = book.add_format({"num_format": _number_format(chart)})
    bold = book.add_format({"bold": True, "bottom": 1, "align": "right"})
    for place, one in enumerate(chart.series, start=1):
        sheet.write_string(top, place, sheet_text(one.title), bold)
    for row, label in enumerate(chart.labels):
        sheet.write_string(top + 1 + row, 0, sheet_text(label))
        for place, one in enumerate(chart.series, start=1):
            value = one.values[row]
            if value is not None:
                sheet.write_number(top + 1 + row, place, number_of(chart.unit, value), form)


def _drawn(book: Workbook, sheet: Worksheet, top: int, chart: Chart) -> Any:
    """Return a chart of figures below a row; it carries them, for programs that only show it."""
    drawn = book.add_chart({"type": "column" if chart.kind is ChartKind.BAR else "line"})
    first, last = top + 1, top + max(len(chart.labels), 1)
    labels = [sheet_text(label) for label in chart.labels]
    for place, one in enumerate(chart.series, start=1):
        colour = COLOURS[(place - 1) % len(COLOURS)]
        drawn.add_series(
            {
                "name": [sheet.name, top, place],
                "name_data": [sheet_text(one.title)],
                "categories": [sheet.name, first, 0, last, 0],
                "categories_data": labels,
                "values": [sheet.name, first, place, last, place],
                "values_data": [_plain(chart, value) for value in one.values],
                "fill": {"color": colour},
                "line": {"color": colour, "width": 2.25},
                "gap": 60,
            }
        )
    drawn.set_title({"name": sheet_text(chart.title), "name_font": {"size": 12}})
    drawn.set_legend({"position": "bottom", "none": len(chart.series) < 2})
    drawn.set_y_axis(
        {"num_format": "#,##0", "major_gridlines": {"visible": True, "line": {"color": "#E4E7EC"}}}
    )
    drawn.set_size(_SIZE)
    return drawn


def _plain(chart: Chart, value: int | None) -> Any:
    return "" if value is None else number_of(chart.unit, value)
