"""How a file begins, as it stands there."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from pos_desktop.documents.first_rows import MOST_ROWS, FirstRows, first_rows_stream
from pos_desktop.documents.reasons import FileRefused


def _first(path: Path, sheet: str | None = None) -> FirstRows:
    return FirstRows._make(next(first_rows_stream(str(path), sheet)))


def test_a_text_is_shown_cell_by_cell(tmp_path: Path) -> None:
    path = tmp_path / "goods.csv"
    path.write_text("Foo;Bar\n  A  b ;1,5\n" + "x;y\n" * 50)
    found = _first(path)
    assert (found.sheet, found.sheets) == ("", ())
    assert found.rows[:2] == ((1, ("Foo", "Bar")), (2, ("A b", "1,5")))
    assert len(found.rows) == MOST_ROWS


def test_a_workbook_has_sheets_and_numbers(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.title = "One"
    book.create_sheet("Two").append(["Milk", 65, 2.5])
    book.save(tmp_path / "goods.xlsx")
    found = _first(tmp_path / "goods.xlsx", "Two")
    assert (found.sheet, found.sheets) == ("Two", ("One", "Two"))
    assert found.rows == ((1, ("Milk", "65", "2.5")),)


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match="no such file"):
        _first(tmp_path / "none.csv")
