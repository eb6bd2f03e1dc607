"""Streams the rows of one XLSX sheet.

python-calamine and openpyxl hold a sheet or all its texts in memory, and python-calamine does not
tell a formula without a saved result from an empty cell. What is read here is never more than one
block of the file, one row, and a bounded part of the shared texts.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO

from pos_desktop.documents.cells import Cell, CellFault
from pos_desktop.documents.shared_texts import LONGEST_TEXT, SharedTexts, unescaped
from pos_desktop.documents.tables import MOST_COLUMNS, Row, column_index
from pos_desktop.documents.xml_stream import Attributes, End, Start, XmlStream, plain_tags
from pos_desktop.domain.row_faults import RowFault

LARGEST_NUMBER = 1e300


class SheetRows:
    """Streams the rows of one sheet: (row number, cells), rows without a value left out."""

    def __init__(
        self, source: IO[bytes], name: str, texts: SharedTexts, date_styles: frozenset[str]
    ) -> None:
        """Read from source; date_styles are the style numbers that show a number as a date."""
        self._texts = texts
        self._dates = date_styles
        self._stream = XmlStream(source, name)
        self._pieces: list[str] = []
        self._columns = _Places()

    @property
    def bytes_read(self) -> int:
        """How much of the sheet's XML has been read."""
        return self._stream.bytes_read

    def rows(self) -> Iterator[Row]:
        """Yield the rows in order; raises FileRefused where the XML breaks."""
        ready: list[Row] = []
        parser = self._stream.parser
        parser.CharacterDataHandler = self._pieces.append
        plain_tags(*self._handlers(ready), parser)
        for _block in self._stream.blocks():
            yield from ready
            ready.clear()

    def _handlers(self, ready: list[Row]) -> tuple[Start, End]:  # noqa: C901 - see its docstring
        """Return what expat calls at each element's start and end.

        Long because they share their state as local names: a million rows call them forty million
        times, and attributes of an object would cost a third more.
        """
        pieces, value_of, put = self._pieces, self._value, self._put
        row: list[Cell] = []
        number = 0
        cell: Attributes = {}
        text = ""
        formula: str | None = None
        is_guide = False

        def start(tag: str, attributes: Attributes) -> None:
            nonlocal cell, text, formula, row, number, is_guide
            if tag == "c":
                cell, text, formula = attributes, "", None
            elif tag == "row":
                given = attributes.get("r", "")
                is_given = given.isdecimal() and len(given) < 9
                row, number = [], max(int(given) if is_given else 0, number + 1)
            elif tag == "rPh":
                is_guide = True
            elif pieces:
                pieces.clear()

        def end(tag: str) -> None:
            nonlocal text, formula, is_guide
            if tag == "v":
                text = pieces[0] if len(pieces) == 1 else "".join(pieces)
                pieces.clear()
            elif tag == "c":
                if text or formula is not None:
                    value = value_of(cell, text, formula)
                    if value != "":
                        put(row, cell, value)
            elif tag == "t":
                text += "" if is_guide else "".join(pieces)
                pieces.clear()
            elif tag == "f":
                formula = "=" + "".join(pieces)
                pieces.clear()
            elif tag == "rPh":
                is_guide = False
            elif tag == "row" and row:
                ready.append((number, row))

        return start, end

    def _put(self, row: list[Cell], cell: Attributes, value: Cell) -> None:
        """Put a value at its place in a row; columns far to the right are not looked at."""
        reference = cell.get("r")
        place = len(row) if reference is None else self._columns[reference.rstrip("0123456789")]
        gap = place - len(row)
        if gap and place < MOST_COLUMNS:
            row.extend([""] * (gap + 1))
            row[place] = value
        elif place < MOST_COLUMNS:
            row.append(value)

    def _value(self, cell: Attributes, text: str, formula: str | None) -> Cell:
        kind = cell.get("t")
        if kind is None or kind == "n":
            if text:
                return self._number(cell, text)
        elif kind == "s":
            try:
                return self._texts[int(text)]
            except (ValueError, IndexError):
                return CellFault(RowFault.UNREADABLE, text)
        elif kind in ("str", "inlineStr"):
            return unescaped(text)
        if kind == "e":
            return CellFault(RowFault.CELL_ERROR, text)
        if not text:
            return CellFault(RowFault.FORMULA, (formula or "")[:LONGEST_TEXT])
        if kind == "b":
            return "TRUE" if text == "1" else "FALSE"
        return CellFault(RowFault.DATE, text) if kind == "d" else unescaped(text)

    def _number(self, cell: Attributes, text: str) -> Cell:
        if cell.get("s") in self._dates:
            return CellFault(RowFault.DATE, text)
        try:
            number = float(text)
        except ValueError:
            return unescaped(text)
        return number if abs(number) < LARGEST_NUMBER else CellFault(RowFault.NOT_AMOUNT, text)


class _Places(dict[str, int]):
    """The place of each column's letters; what names no column lies beyond all that are read."""

    def __missing__(self, letters: str) -> int:
        place = column_index(letters)
        self[letters] = MOST_COLUMNS if place is None else place
        return self[letters]
