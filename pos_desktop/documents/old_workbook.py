"""Reads XLS, XLSB and ODS by python-calamine; it holds a sheet whole, so their size is limited."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from pos_desktop.documents.cells import Cell, CellFault
from pos_desktop.documents.reasons import FileFault, FileRefused
from pos_desktop.documents.tables import choose_sheet
from pos_desktop.documents.workbook_guard import open_archive, open_part
from pos_desktop.documents.xml_stream import Attributes, each_start
from pos_desktop.domain.row_faults import RowFault

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook

MOST_CELLS = 5_000_000
"""Filled cells of a sheet that is held in memory whole; each takes some 32 bytes."""


class OldWorkbookTable:
    """One sheet of a workbook in a format that cannot be streamed."""

    encoding = ""
    delimiter = ""
    strict_width = False

    def __init__(self, path: Path, form: str, sheet: str | None = None) -> None:
        """Load the sheet (form is "xls", "xlsb" or "ods"); raises FileRefused."""
        import python_calamine as calamine

        self.path = path
        self.format = form
        self._row = 0
        if form == "ods":
            _guard_repetition(path)
        try:
            book = calamine.CalamineWorkbook.from_path(path)
            self.sheets = tuple(_visible_first(book))
            self.sheet = choose_sheet(list(self.sheets), sheet, path.name)
            self._sheet = book.get_sheet_by_name(self.sheet)
        except calamine.PasswordError as error:
            raise FileRefused(FileFault.ENCRYPTED, file=path.name) from error
        except (calamine.CalamineError, OSError) as error:
            raise FileRefused(FileFault.DAMAGED, file=path.name) from error

    @property
    def progress(self) -> float:
        """How much of the sheet has been read, 0 to 1."""
        return self._row / max(self._sheet.total_height, 1)

    def rows(self) -> Iterator[tuple[int, list[Cell] | CellFault]]:
        """Yield row number and cells of each row that is not empty."""
        top, left = self._sheet.start or (0, 0)
        start: list[Cell] = [""] * left
        for number, row in enumerate(self._sheet.iter_rows(), 1):
            self._row = number
            cells = start + [_cell(value) for value in row]
            if number > top and any(cell != "" for cell in cells):
                yield number, cells


def _guard_repetition(path: Path) -> None:
    """Refuse an ODS sheet whose few cells say that they repeat millions of times."""
    held, rows = 0, 1

    def seen(tag: str, attributes: Attributes) -> None:
        nonlocal held, rows
        if tag == "table-row":
            rows = _times(attributes, ":number-rows-repeated")
        elif tag == "table-cell" and any(key.endswith(":value-type") for key in attributes):
            held += rows * _times(attributes, ":number-columns-repeated")
            if held > MOST_CELLS:
                raise FileRefused(FileFault.ENDLESS, file=path.name)

    with (
        open_archive(path) as archive,
        open_part(archive, "content.xml", path.name) as content,
    ):
        each_start(content, path.name, seen)


def _times(attributes: Attributes, name: str) -> int:
    given = next((value for key, value in attributes.items() if key.endswith(name)), "1")
    return int(given) if given.isdecimal() and len(given) < 9 else 1


def _visible_first(book: CalamineWorkbook) -> list[str]:
    sheets = sorted(book.sheets_metadata, key=lambda one: "Visible" not in repr(one.visible))
    return [one.name for one in sheets]


def _cell(value: object) -> Cell:
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return float(value)
    if isinstance(value, str):
        is_error = value.startswith("#") and value.rstrip("!?").isupper() and " " not in value
        return CellFault(RowFault.CELL_ERROR, value) if is_error else value
    return CellFault(RowFault.DATE, str(value))
