"""What a table is, whatever kind of file it comes from: a stream of rows."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from typing import Protocol

from pos_desktop.documents.cells import Cell, CellFault
from pos_desktop.documents.reasons import FileFault, FileRefused

Row = tuple[int, list[Cell] | CellFault]

MOST_COLUMNS = 512
"""Columns beyond are not looked at."""


class Table(Protocol):
    """A table open for reading; memory does not grow with its length."""

    @property
    def format(self) -> str:
        """The kind of file: csv, xlsx, xls, xlsb, ods."""

    @property
    def encoding(self) -> str:
        """The encoding of a CSV file, empty for workbooks."""

    @property
    def delimiter(self) -> str:
        """The delimiter of a CSV file, empty for workbooks."""

    @property
    def sheet(self) -> str:
        """The sheet's name, empty for CSV."""

    @property
    def sheets(self) -> tuple[str, ...]:
        """The names of all sheets, the visible first; none for CSV."""

    @property
    def strict_width(self) -> bool:
        """Whether cells beyond the header prove that a row is shifted."""

    @property
    def progress(self) -> float:
        """How much of the table has been read, 0 to 1."""

    def rows(self) -> Iterator[Row]:
        """Yield number and cells of each row that is not empty; a fault in place of a bad line."""


def column_index(letters: str) -> int | None:
    """Return the place of a spreadsheet column ("A" is 0, "AB" is 27), None for anything else."""
    if not letters.isascii() or not letters.isalpha() or len(letters) > 3:
        return None
    place = 0
    for letter in letters.upper():
        place = place * 26 + ord(letter) - 64
    return place - 1


def choose_sheet(names: list[str], wanted: str | None, file: str) -> str:
    """Return the wanted sheet's name, or the first; raises FileRefused with what there is."""
    if not names:
        raise FileRefused(FileFault.EMPTY, file=file)
    if wanted is None or wanted in names:
        return wanted or names[0]
    by_case = [name for name in names if name.strip().casefold() == wanted.strip().casefold()]
    if by_case:
        return by_case[0]
    if wanted.isdecimal() and len(wanted) < 4 and 0 < int(wanted) <= len(names):
        return names[int(wanted) - 1]
    near = difflib.get_close_matches(wanted, names)
    known = ", ".join((near or names)[:10])
    raise FileRefused(FileFault.NO_SHEET, file=file, sheet=wanted, known=known)
