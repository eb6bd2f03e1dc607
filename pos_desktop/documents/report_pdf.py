"""Writes a document as a PDF to be printed and handed on: A4, page by page to the disk.

Rows are drawn as they come and pages are written when they are full, so memory does not grow with
them. How many pages there are is known at the end; each page points at a drawing that says it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from pos_desktop.documents.chart_colours import ACCENT_SOFT, GROUND, LINE, MUTED, TEXT
from pos_desktop.documents.document import (
    Document,
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
from pos_desktop.documents.pdf_charts import HEIGHT as CHART_HEIGHT
from pos_desktop.documents.pdf_charts import PdfChart
from pos_desktop.documents.pdf_columns import EDGE, Layout, PdfColumn, lay_out
from pos_desktop.documents.pdf_letters import PLAIN, STRONG, UNKNOWN, Letters, cut, width, wrapped
from pos_desktop.documents.written_aside import Aside
from pos_desktop.documents.written_values import shown
from pos_desktop.domain.text import _, language

BOTTOM = 46.0
"""Below it is the foot of a page, in points."""
_MOST_LINES = 3
"""So many lines a name may take; more of it is cut."""
_MOST_HEAD_LINES, _MOST_NOTE_LINES = 3, 50
_PAGES = "pages"
_SMALL = 7.5


def write_pdf(document: Document, aside: Aside, tell: Tell = nothing_told) -> int:
    """Write a document and return how many rows it has.

    Raises OSError where the disk refuses, and whatever `tell` raises to break off.
    """
    letters = Letters()
    first, rows = first_and_all(each_row(document, tell))
    layout = lay_out(document, first, letters)
    return _Pages(document, layout, letters, aside).fill(rows)


class _Pages:
    """A document on its way to paper; `_y` is where the next thing is drawn below."""

    def __init__(self, document: Document, layout: Layout, letters: Letters, aside: Aside) -> None:
        from pos_desktop.documents.pdf_stream import StreamedCanvas

        self._document = document
        self._layout = layout
        self._letters = letters
        self._canvas = StreamedCanvas(aside.file, layout.page, language(), _PAGES)
        self._line = layout.size * 1.25
        self._pad = layout.size * 0.3
        self._y = 0.0
        self._shaded = False
        self._texts: Any = None

    def fill(self, rows: Iterator[Sequence[Any]]) -> int:
        self._name_file()
        self._begin_page()
        self._draw_head()
        self._draw_charts()
        count = self._draw_table(rows)
        self._draw_notes()
        self._end_page()
        self._say_pages()
        self._canvas.save()
        return count

    def _name_file(self) -> None:
        document, canvas = self._document, self._canvas
        canvas.setTitle(f"{document.title} · {document.covers}")
        canvas.setAuthor(document.made_by or document.shop.name)
        canvas.setSubject(document.shop.name)
        canvas.setCreator("POS Desktop")

    # pages

    def _begin_page(self) -> None:
        self._y = self._layout.page[1] - EDGE
        self._texts = self._canvas.beginText()
        self._texts.setFillColor(TEXT)

    def _end_page(self) -> None:
        self._canvas.drawText(self._texts)
        self._draw_foot()
        self._canvas.showPage()

    def _next_page(self) -> None:
        """Go on with the table on a new page, below its headings."""
        self._end_page()
        self._begin_page()
        words = _("{title}, continued").format(title=self._document.title)
        self._write_line(f"{words} · {self._document.covers}", PLAIN, _SMALL, MUTED)
        self._y -= 4
        self._draw_headings()

    def _draw_foot(self) -> None:
        canvas, right = self._canvas, self._layout.page[0] - EDGE
        canvas.setStrokeColor(LINE)
        canvas.setLineWidth(0.5)
        canvas.line(EDGE, BOTTOM - 12, right, BOTTOM - 12)
        canvas.setFillColor(MUTED)
        canvas.setFont(PLAIN, _SMALL)
        before, after = _page_words(str(canvas.getPageNumber()))
        room = width(f"{before}{after}000", PLAIN, _SMALL)
        made = made_words(
            self._document, shown(Kind.MOMENT, self._document.zone)(self._document.made)
        )
        words = self._letters.known(f"{self._document.shop.name} · {made}")
        canvas.drawString(EDGE, BOTTOM - 22, cut(words, PLAIN, _SMALL, right - EDGE - room - 10))
        canvas.drawString(right - room, BOTTOM - 22, before)
        canvas.saveState()
        canvas.translate(right - room + width(before, PLAIN, _SMALL), BOTTOM - 22)
        canvas.doForm(_PAGES)
        canvas.restoreState()

    def _say_pages(self) -> None:
        """Make the drawing that every page points at: how many there are."""
        canvas = self._canvas
        pages = canvas.getPageNumber() - 1
        _before, after = _page_words("")
        canvas.beginForm(_PAGES, 0, -3, 200, 12)
        canvas.setFillColor(MUTED)
        canvas.setFont(PLAIN, _SMALL)
        canvas.drawString(0, 0, f"{pages}{after}")
        canvas.endForm()

    # around the table

    def _draw_head(self) -> None:
        document = self._document
        self._write_line(document.shop.name, STRONG, 14, TEXT)
        self._write_line(document.shop.details(), PLAIN, 8.5, MUTED)
        self._y -= 8
        self._write_line(document.title, STRONG, 12, TEXT)
        self._write_line(document.covers, PLAIN, 9, TEXT)
        self._write_line(compared_words(document), PLAIN, 9, MUTED)
        self._y -= 8

    def _write_line(self, text: str, face: str, size: float, colour: str) -> None:
        """Write a text over the whole width, in as many lines as it needs; nothing for none."""
        known, room = self._letters.known(text), self._layout.width
        for line in wrapped(known, face, size, room, _MOST_HEAD_LINES) if known else ():
            self._y -= size * 1.3
            self._canvas.setFillColor(colour)
            self._canvas.setFont(face, size)
            self._canvas.drawString(EDGE, self._y, line)

    def _draw_charts(self) -> None:
        for chart in self._document.charts:
            if self._y - CHART_HEIGHT < BOTTOM:
                self._end_page()
                self._begin_page()
            place = (EDGE, self._y, self._layout.width)
            PdfChart(self._canvas, self._letters, chart, place).draw()
            self._y -= CHART_HEIGHT + 14

    def _draw_notes(self) -> None:
        notes = [*(one.words for one in self._document.figures), *self._document.notes]
        if self._letters.any_unknown:
            words = _("{sign} stands where the letters of this file lack a sign.")
            notes.append(words.format(sign=UNKNOWN))
        self._y -= 6
        for note in notes:
            known = self._letters.known(note)
            for line in wrapped(known, PLAIN, _SMALL, self._layout.width, _MOST_NOTE_LINES):
                if self._y - 2 * _SMALL < BOTTOM:
                    self._end_page()
                    self._begin_page()
                self._write_line(line, PLAIN, _SMALL, MUTED)

    # the table

    def _draw_table(self, rows: Iterator[Sequence[Any]]) -> int:
        """Draw all rows; the last one stays together with the totals."""
        totals = total_row(self._document)
        self._start_table()
        count, held = 0, None
        for row in rows:
            if held is not None:
                self._draw_row(held, 0)
            held = self._lines(row)
            count += 1
        below = self._height(1) if totals else 0
        if held is None:
            self._draw_nothing()
        else:
            self._draw_row(held, below)
        if totals:
            self._draw_totals(totals)
        return count

    def _start_table(self) -> None:
        heads = max(len(lines) for lines in self._head_lines())
        if self._y - self._height(heads) - self._height(_MOST_LINES) - self._height(1) < BOTTOM:
            self._next_page()
        else:
            self._draw_headings()

    def _height(self, lines: int) -> float:
        return lines * self._line + 2 * self._pad

    def _head_lines(self) -> list[list[str]]:
        size = self._layout.size
        return [
            wrapped(column.title, STRONG, size, column.width, _MOST_LINES)
            for column in self._layout.columns
        ]

    def _draw_headings(self) -> None:
        titles = self._head_lines()
        height = self._height(max(map(len, titles)))
        self._ground(height, ACCENT_SOFT)
        self._write_cells(titles, STRONG)
        self._y -= height
        self._shaded = False

    def _lines(self, row: Sequence[Any]) -> list[list[str]]:
        """Return the texts of a row in lines: names are wrapped, numbers never."""
        cells = []
        known, size = self._letters.known, self._layout.size
        for column, value in zip(self._layout.columns, row, strict=True):
            text = known(column.make(value))
            if column.is_text and width(text, PLAIN, size) > column.width:
                cells.append(wrapped(text, PLAIN, size, column.width, _MOST_LINES))
            else:
                cells.append([text])
        return cells

    def _draw_row(self, cells: Sequence[Sequence[str]], below: float) -> None:
        """Draw a row, on the next page where it and what must stay below it find no room."""
        height = self._height(max(map(len, cells)))
        if self._y - height - below < BOTTOM:
            self._next_page()
        if self._shaded:
            self._ground(height, GROUND)
        self._shaded = not self._shaded
        self._write_cells(cells, PLAIN)
        self._y -= height

    def _draw_totals(self, totals: Sequence[Any]) -> None:
        name_at, name = total_label(self._document)
        cells = [[self._letters.known(column.make(value))]
                 for column, value in zip(self._layout.columns, totals, strict=True)]  # fmt: skip
        if name_at >= 0:
            column = self._layout.columns[name_at]
            known = self._letters.known(name)
            cells[name_at] = [cut(known, STRONG, self._layout.size, column.width)]
        self._canvas.setStrokeColor(TEXT)
        self._canvas.setLineWidth(0.8)
        self._canvas.line(EDGE, self._y, self._layout.page[0] - EDGE, self._y)
        self._write_cells(cells, STRONG)
        self._y -= self._height(1)

    def _draw_nothing(self) -> None:
        self._y -= 4
        self._write_line(nothing_here(), PLAIN, 9, MUTED)
        self._y -= 8

    def _ground(self, height: float, colour: str) -> None:
        self._canvas.setFillColor(colour)
        self._canvas.rect(
            EDGE - 3, self._y - height, self._layout.width + 6, height, stroke=0, fill=1
        )

    def _write_cells(self, cells: Sequence[Sequence[str]], face: str) -> None:
        size = self._layout.size
        top = self._y - self._pad - size
        self._texts.setFont(face, size)
        for column, lines in zip(self._layout.columns, cells, strict=True):
            for number, text in enumerate(lines):
                if text:
                    self._write_cell(column, text, face, top - number * self._line)

    def _write_cell(self, column: PdfColumn, text: str, face: str, y: float) -> None:
        """Write one line; a number that is wider than its column becomes smaller, never cut."""
        texts, size = self._texts, self._layout.size
        wide = 0.0 if column.is_text and not column.is_right else width(text, face, size)
        if wide > column.width:
            texts.setFont(face, size * column.width / wide)
            wide = column.width
        texts.setTextOrigin(column.right - wide if column.is_right else column.left, y)
        texts.textOut(text)
        if wide == column.width:
            texts.setFont(face, size)


def _page_words(number: str) -> tuple[str, str]:
    """Return what says which page it is, before and after how many there are."""
    words = _("Page {number} of {pages}").format(number=number, pages="\0")
    before, _sign, after = words.partition("\0")
    return before, after
