"""Writes a document as a workbook: real numbers and days, a frozen header, a filter, charts.

Rows go to the disk as they come. A text is always a text: no cell computes, links or turns into a
number. What is not known is an empty cell, and no dash as on paper: a text among numbers is sorted,
filtered and added up by no spreadsheet as they are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from textwrap import wrap
from typing import TYPE_CHECKING, Any

from pos_desktop.documents.document import (
    NUMBERS,
    Document,
    DocumentColumn,
    Kind,
    Tell,
    compared_words,
    each_row,
    first_and_all,
    made_words,
    nothing_here,
    nothing_told,
    total_label,
    total_row,
)
from pos_desktop.documents.sheet_charts import A4, add_charts
from pos_desktop.documents.sheet_texts import LONGEST_TEXT, footer_text, sheet_name, sheet_text
from pos_desktop.documents.streamed_workbook import workbook
from pos_desktop.documents.written_aside import Aside
from pos_desktop.documents.written_values import day_of, moment_of, number_of, shown
from pos_desktop.domain.country import DayOrder, here
from pos_desktop.domain.text import _

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

MOST_ROWS = 1_048_576
"""What a sheet holds; what is beyond goes on in the next."""
LINE_HEIGHT = 15
"""Of a row, in points."""
FILTER_SIGNS = 3
"""What the button of the filter covers of a heading."""
PORTRAIT_SIGNS = 100
"""How many signs the columns of a page in portrait have together, at a size to be read."""
_WIDEST, _NARROWEST = 48, 6
_LEAST_WIDTHS = {Kind.CENTS: 13, Kind.QUANTITY: 12, Kind.DATE: 12, Kind.MOMENT: 18}
"""A number that is wider than its column shows as ####: the largest that a shop has finds room."""


def write_xlsx(document: Document, aside: Aside, tell: Tell = nothing_told) -> int:
    """Write a document and return how many rows it has.

    Raises OSError where the disk refuses, and whatever `tell` raises to break off.
    """
    with workbook(aside) as book:
        return _Workbook(book, document).fill(tell)


class _Workbook:
    """A document on its way into a workbook."""

    def __init__(self, book: Workbook, document: Document) -> None:
        self._book = book
        self._document = document
        self._columns = document.columns
        self._formats = _Formats(book, document.columns)
        self._widths: list[int] = []
        self._sheets: list[Worksheet] = []
        self._header = 0
        self._at = 0
        self._cut = 0

    def fill(self, tell: Tell) -> int:
        self._book.set_properties(_properties(self._document))
        first, rows = first_and_all(each_row(self._document, tell))
        self._widths = _widths(self._document, first)
        self._begin_sheet()
        count = self._rows(rows)
        self._end_sheet()
        if not count:
            self._line([nothing_here()])
        self._totals()
        self._figures()
        self._notes()
        if self._document.charts:
            add_charts(self._book, self._document.charts, self._formats.title)
        return count

    def _begin_sheet(self) -> None:
        number = len(self._sheets) + 1
        self._sheet = self._book.add_worksheet(sheet_name(self._document.title, number))
        self._sheets.append(self._sheet)
        self._at = 0
        if number == 1:
            self._heading()
        self._header = self._at
        self._sheet.set_row(self._header, LINE_HEIGHT * self._header_lines())
        for place, column in enumerate(self._columns):
            self._text(place, column.title, self._formats.headers[place])
        self._at += 1
        self._set_up_page()

    def _header_lines(self) -> int:
        """Return how many lines the longest heading takes in its column."""
        return max(
            len(wrap(column.title, max(width - FILTER_SIGNS, 1))) or 1
            for column, width in zip(self._columns, self._widths, strict=True)
        )

    def _heading(self) -> None:
        document, formats = self._document, self._formats
        moment = shown(Kind.MOMENT, document.zone)(document.made)
        lines = [
            (document.shop.name, formats.shop),
            (document.shop.details(), formats.muted),
            (document.title, formats.title),
            (document.covers, None),
            (compared_words(document), None),
            (made_words(document, moment), formats.muted),
        ]
        for text, form in lines:
            if text:
                self._line([text], form)
        self._at += 1

    def _set_up_page(self) -> None:
        sheet, header = self._sheet, self._header
        sheet.freeze_panes(header + 1, 0)
        sheet.repeat_rows(header)
        for place, width in enumerate(self._widths):
            sheet.set_column(place, place, width)
        if sum(self._widths) > PORTRAIT_SIGNS:
            sheet.set_landscape()
        sheet.set_paper(A4)
        sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
        sheet.fit_to_pages(1, 0)
        pages = _("Page {number} of {pages}").format(number="&P", pages="&N")
        sheet.set_footer(f"&L{footer_text(self._document.shop.name)}&R{pages}")

    def _end_sheet(self) -> None:
        """Filter what stands on a sheet, and let no text that looks like a number be marked."""
        last, right = max(self._at - 1, self._header), len(self._columns) - 1
        self._sheet.autofilter(self._header, 0, last, right)
        self._sheet.ignore_errors(
            {"number_stored_as_text": f"A1:{_letters(right)}{max(last + 1, 1)}"}
        )

    def _rows(self, rows: Iterator[Sequence[Any]]) -> int:
        writers = self._writers()
        count = 0
        for values in rows:
            if self._at == MOST_ROWS:
                self._end_sheet()
                self._begin_sheet()
                writers = self._writers()
            at = self._at
            for place, write in enumerate(writers):
                value = values[place]
                if value is not None:
                    write(at, place, value)
            self._at += 1
            count += 1
        return count

    def _writers(self) -> list[Callable[[int, int, Any], None]]:
        """Return for each column what writes a value into the sheet that is being filled."""
        forms = self._formats.columns
        return [self._writer(column, forms[at]) for at, column in enumerate(self._columns)]

    def _writer(self, column: DocumentColumn, form: Format) -> Callable[[int, int, Any], None]:
        sheet, kind, zone = self._sheet, column.kind, self._document.zone
        number, day = sheet.write_number, sheet.write_datetime
        if kind is Kind.PERCENT:
            return lambda at, place, value: number(at, place, number_of(kind, value) / 100, form)
        if kind in NUMBERS:
            return lambda at, place, value: number(at, place, number_of(kind, value), form)
        if kind is Kind.DATE:
            return lambda at, place, value: day(at, place, day_of(value), form)
        if kind is Kind.MOMENT:
            return lambda at, place, value: day(at, place, moment_of(value, zone), form)
        return lambda at, place, value: self._cell(at, place, str(value), form)

    def _totals(self) -> None:
        totals = total_row(self._document)
        if not totals:
            return
        self._next_sheet_if_full()
        name_at, name = total_label(self._document)
        for place, (column, value) in enumerate(zip(self._columns, totals, strict=True)):
            form = self._formats.totals[place]
            if value is not None:
                self._writer(column, form)(self._at, place, value)
            elif place == name_at:
                self._text(place, name, form)
            else:
                self._sheet.write_blank(self._at, place, None, form)
        self._at += 1

    def _figures(self) -> None:
        """Write sums of no column as numbers, where the first amounts stand above them."""
        kinds = [column.kind for column in self._columns]
        place = kinds.index(Kind.CENTS) if Kind.CENTS in kinds else len(kinds)
        for figure in self._document.figures:
            self._next_sheet_if_full()
            write = self._writer(figure.column, self._formats.of(figure.column))
            self._text(0, figure.column.title, None)
            write(self._at, place, figure.now)
            if figure.before is not None:
                write(self._at, place + 1, figure.before)
            self._at += 1

    def _notes(self) -> None:
        notes = list(self._document.notes)
        if self._cut:
            said = _("Texts longer than {most} signs are cut, for a cell holds no more: {count}.")
            notes.append(said.format(most=f"{LONGEST_TEXT:,}", count=self._cut))
        for note in notes:
            self._next_sheet_if_full()
            self._line([note], self._formats.muted)

    def _next_sheet_if_full(self) -> None:
        if self._at >= MOST_ROWS:
            self._begin_sheet()

    def _line(self, texts: Sequence[str], form: Format | None = None) -> None:
        for place, text in enumerate(texts):
            self._text(place, text, form)
        self._at += 1

    def _text(self, place: int, text: str, form: Format | None) -> None:
        self._cell(self._at, place, text, form)

    def _cell(self, at: int, place: int, text: str, form: Format | None) -> None:
        kept = sheet_text(text)
        self._cut += len(kept) < len(text)
        self._sheet.write_string(at, place, kept, form)


class _Formats:
    """How cells look, by what they are."""

    def __init__(self, book: Workbook, columns: Sequence[DocumentColumn]) -> None:
        self._book = book
        self.shop = book.add_format({"bold": True, "font_size": 14})
        self.title = book.add_format({"bold": True, "font_size": 12})
        self.muted = book.add_format({"font_color": "#5D6B82"})
        header = {"bold": True, "bottom": 1, "text_wrap": True, "valign": "vcenter"}
        header |= {"bg_color": "#E3F4F1", "font_color": "#101828"}
        total = {"bold": True, "top": 1}
        self.columns = [book.add_format(_form(column)) for column in columns]
        self.totals = [book.add_format(_form(column) | total) for column in columns]
        self.headers = [book.add_format(header | _side(column)) for column in columns]

    def of(self, column: DocumentColumn) -> Format:
        """Return how a value looks that stands below the columns."""
        return self._book.add_format(_form(column))


def _form(column: DocumentColumn) -> dict[str, Any]:
    cents = "0.00" if here().shows_cents else "0.##"
    days = "dd/mm/yyyy" if here().day_order is DayOrder.DAY_FIRST else "yyyy-mm-dd"
    forms = {
        Kind.TEXT: "@",
        Kind.COUNT: "#,##0",
        Kind.CENTS: f"#,##{cents}",
        Kind.QUANTITY: "#,##0.000",
        Kind.PERCENT: "0.00%",
        Kind.DATE: days,
        Kind.MOMENT: f"{days} hh:mm",
    }
    return {"num_format": forms[column.kind]} | _side(column)


def _side(column: DocumentColumn) -> dict[str, Any]:
    """Keep days away from a number at their left."""
    if column.is_right:
        return {"align": "right"}
    return {"align": "left", "indent": int(column.kind is not Kind.TEXT)}


def _widths(document: Document, rows: Sequence[Sequence[Any]]) -> list[int]:
    """Return how wide the columns are, in signs: as the first rows and the totals need."""
    totals, name = total_row(document), total_label(document)
    return [
        column.width or _width(document, column, [row[place] for row in [*rows, totals] if row],
                               name[1] if name[0] == place else "")
        for place, column in enumerate(document.columns)
    ]  # fmt: skip


def _width(document: Document, column: DocumentColumn, values: Sequence[Any], name: str) -> int:
    make = shown(column.kind, document.zone)
    extra = 4 if column.kind is Kind.QUANTITY else 1
    longest = max((len(make(value)) for value in values), default=0) + extra
    header = max((len(word) for word in column.title.split()), default=0) + FILTER_SIGNS
    least = max(_LEAST_WIDTHS.get(column.kind, _NARROWEST), header, len(name) + 2)
    return min(max(longest, least), _WIDEST)


def _properties(document: Document) -> dict[str, Any]:
    return {
        "title": sheet_text(document.title),
        "subject": sheet_text(document.covers),
        "author": sheet_text(document.made_by or document.shop.name),
        "company": sheet_text(document.shop.name),
        "created": document.made.astimezone(document.zone).replace(tzinfo=None),
    }


def _letters(place: int) -> str:
    from xlsxwriter.utility import xl_col_to_name

    return str(xl_col_to_name(place))
