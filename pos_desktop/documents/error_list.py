"""Writes the rejected rows of an import as an XLSX list that a person works through."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from pos_desktop.documents import written_aside
from pos_desktop.documents.product_rows import RowError
from pos_desktop.documents.streamed_workbook import workbook
from pos_desktop.domain.errors import Refused
from pos_desktop.domain.text import _

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

MOST_ROWS = 1_048_575
"""What a sheet holds below its header; the rest goes to further sheets."""
WIDTHS = (16, 8, 8, 32, 20, 32, 64)


def check_place(path: Path, source: Path) -> None:
    """Raise Unavailable where no list can be written, so that it is told before the import.

    The file that is read, and what is no file at all, are never written over. Raises Refused for
    a name that promises another kind of file, or that no file can have.
    """
    if path.exists() and _is_same(path, source):
        message = _("{file} cannot be written: it is being imported; choose another place.")
        raise Refused(message.format(file=path))
    written_aside.check_place(path)
    if path.suffix.lower() not in ("", ".xlsx"):
        raise Refused(
            _("The list of errors is a workbook: call it {better}, not {file}.").format(
                better=path.with_suffix(".xlsx").name, file=path.name
            )
        )


def _is_same(path: Path, source: Path) -> bool:
    """Tell whether both name one file; that the source is not there is told by who reads it."""
    return source.exists() and path.samefile(source)


def write_error_list(path: Path, errors: Iterable[RowError], *, mode: int | None = None) -> int:
    """Write the errors as they come, one row held at a time; return how many.

    Every text is written as text: a value that begins with = + - @ shows and never computes.
    Raises Unavailable or Refused where the file cannot be written; then nothing is left behind.
    """
    with written_aside.written_aside(path, mode=mode) as aside, workbook(aside) as book:
        return _fill(book, errors)


def _fill(book: Workbook, errors: Iterable[RowError]) -> int:
    bold = book.add_format({"bold": True, "bottom": 1})
    text = book.add_format({"num_format": "@", "valign": "top"})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    sheet = _sheet(book, bold)
    count = 0
    for error in errors:
        if count and count % MOST_ROWS == 0:
            sheet = _sheet(book, bold)
        count += 1
        at = (count - 1) % MOST_ROWS + 1
        sheet.write_string(at, 0, _shown(error.sheet), text)
        sheet.write_number(at, 1, error.row)
        for place, value in enumerate((error.cell, error.name, error.column, error.value), 2):
            sheet.write_string(at, place, _shown(value), text)
        sheet.write_string(at, 6, _shown(error.reason), wrapped)
    return count


def _sheet(book: Workbook, bold: Format) -> Worksheet:
    sheet = book.add_worksheet()
    sheet.freeze_panes(1, 0)
    for at, width in enumerate(WIDTHS):
        sheet.set_column(at, at, width)
    titles = (
        _("Sheet"), _("Row"), _("Cell"), _("Product"), _("Column"), _("Value"), _("Reason")
    )  # fmt: skip
    for at, title in enumerate(titles):
        sheet.write_string(0, at, title, bold)
    return sheet


def _shown(text: str) -> str:
    """Return a text without the signs that XML cannot hold."""
    return "".join(sign if sign.isprintable() or sign in "\n\t" else "�" for sign in text)
