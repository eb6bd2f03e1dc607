"""The list of rejected rows that a person opens in a spreadsheet."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import openpyxl
import pytest

from pos_desktop.documents import error_list
from pos_desktop.documents.error_list import write_error_list
from pos_desktop.documents.product_rows import RowError
from pos_desktop.domain.errors import Unavailable
from pos_desktop.domain.row_faults import RowFault
from tests.pos_desktop.documents.memory import peak_of


def _errors(count: int, value: str = "-1") -> Iterator[RowError]:
    for row in range(count):
        yield RowError(
            "Stock", row + 2, "Retail", value, RowFault.NEGATIVE, "", "Soap", f"C{row + 2}"
        )


def test_the_list_holds_where_what_and_why(tmp_path: Path) -> None:
    path = tmp_path / "errors.xlsx"
    assert write_error_list(path, _errors(2)) == 2
    sheet = openpyxl.load_workbook(path).active
    assert sheet is not None
    assert list(sheet.values) == [
        ("Sheet", "Row", "Cell", "Product", "Column", "Value", "Reason"),
        ("Stock", 2, "C2", "Soap", "Retail", "-1", "below zero; write a price of 0 or more"),
        ("Stock", 3, "C3", "Soap", "Retail", "-1", "below zero; write a price of 0 or more"),
    ]
    assert sheet.freeze_panes == "A2"


@pytest.mark.parametrize(
    "value",
    ["=cmd|'/c calc'!A1", "+1", "-1", "@SUM(A1)", "{=1}", "http://example.com", "\x00a\x1b"],
)
def test_a_hostile_value_stays_a_text(tmp_path: Path, value: str) -> None:
    path = tmp_path / "errors.xlsx"
    write_error_list(path, _errors(1, value))
    sheet = openpyxl.load_workbook(path).active
    assert sheet is not None
    cell = sheet["F2"]
    assert cell.data_type == "s"
    assert cell.hyperlink is None
    assert cell.value == value.replace("\x00", "\ufffd").replace("\x1b", "\ufffd")


def test_what_exceeds_a_sheet_goes_on_in_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(error_list, "MOST_ROWS", 3)
    path = tmp_path / "errors.xlsx"
    assert write_error_list(path, _errors(7)) == 7
    book = openpyxl.load_workbook(path)
    assert [sheet.max_row for sheet in book.worksheets] == [4, 4, 2]


def test_memory_does_not_grow_with_the_list(tmp_path: Path) -> None:
    peaks = []
    for count in (1_000, 10_000):
        path = tmp_path / "errors.xlsx"
        peaks.append(peak_of(partial(write_error_list, path, _errors(count))))
    assert peaks[1] < peaks[0] * 1.3 + 200_000


def test_a_list_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="choose another place"):
        write_error_list(tmp_path / "missing" / "errors.xlsx", _errors(1))


def test_a_list_that_is_broken_off_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

    def broken() -> Iterator[RowError]:
        yield from _errors(3)
        raise OSError("disk full")

    with pytest.raises(Unavailable):
        write_error_list(tmp_path / "errors.xlsx", broken())
    assert not list(tmp_path.iterdir())
