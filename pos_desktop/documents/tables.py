"""Opens a file of any known kind as a stream of rows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
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
    def strict_width(self) -> bool:
        """Whether cells beyond the header prove that a row is shifted."""

    @property
    def progress(self) -> float:
        """How much of the table has been read, 0 to 1."""

    def rows(self) -> Iterator[Row]:
        """Yield number and cells of each row that is not empty; a fault in place of a bad line."""


def open_table(path: Path, sheet: str | None = None) -> Table:
    """Return the table in a file, told by its content, not its name; raises FileRefused."""
    from pos_desktop.documents.workbook_guard import workbook_format

    if not path.is_file():  # a pipe would be waited for without end
        raise FileRefused(FileFault.MISSING, file=path.name)
    form = workbook_format(path)
    if form is None:
        from pos_desktop.documents.csv_table import CsvTable

        return CsvTable(path)
    if form == "xlsx":
        from pos_desktop.documents.xlsx_table import XlsxTable

        return XlsxTable(path, sheet)
    from pos_desktop.documents.old_workbook import OldWorkbookTable

    return OldWorkbookTable(path, form, sheet)


def column_index(letters: str) -> int | None:
    """Return the place of a spreadsheet column ("A" is 0, "AB" is 27), None for anything else."""
    if not letters.isascii() or not letters.isalpha() or len(letters) > 3:
        return None
    place = 0
    for letter in letters.upper():
        place = place * 26 + ord(letter) - 64
    return place - 1
