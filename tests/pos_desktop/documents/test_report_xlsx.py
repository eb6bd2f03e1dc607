"""Workbooks are read back by two other readers: the same values, and no cell that computes."""

from __future__ import annotations

import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import python_calamine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.utils.escape import unescape
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from pos_desktop.documents import report_xlsx
from pos_desktop.documents.document import TELL_EVERY, DocumentColumn, Kind
from pos_desktop.documents.report_xlsx import write_xlsx
from pos_desktop.documents.sheet_texts import LONGEST_TEXT, sheet_name
from pos_desktop.documents.writing_faults import NotWritten
from pos_desktop.domain.errors import Cancelled
from tests.pos_desktop.documents.documents import (
    CHART,
    COLUMNS,
    LINE_CHART,
    TOTALS,
    document,
    many,
    names,
    written,
)
from tests.pos_desktop.documents.memory import peak_of
from tests.pos_desktop.documents.test_written_aside import files_of_at_most, posix

HEAD = [
    "Mama Njeri & Sons",
    "Gĩthũrai 45, Nairobi · PIN P051234567X · +254 712 345 678",
    "Sales by product",
    "business days 01/11/2026 to 24/11/2026",
    "Made 24/11/2026 08:15 by Njeri",
    None,
]
TOP = len(HEAD) + 1
"""The row of the headings, as sheets count."""


def _at(*when: int) -> datetime:
    """Return what a cell says of a time: no cell knows a zone."""
    return datetime(*when, tzinfo=UTC).replace(tzinfo=None)  # type: ignore[misc,arg-type]


@pytest.fixture(scope="module")
def ordinary(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("books") / "list.xlsx"
    made = document(notes=("Prices hold VAT.",), charts=(CHART, LINE_CHART))
    assert written(write_xlsx, path, made) == 3
    return path


def _book(path: Path) -> Workbook:
    return openpyxl.load_workbook(path)


def _sheet(path: Path) -> Worksheet:
    return _book(path).worksheets[0]


def _values(path: Path) -> list[list[Any]]:
    return [list(row) for row in _sheet(path).iter_rows(values_only=True)]


def test_the_head_says_whose_what_and_when(ordinary: Path) -> None:
    rows = _values(ordinary)
    assert [row[0] for row in rows[: TOP - 1]] == HEAD
    assert rows[TOP - 1] == [column.title for column in COLUMNS]
    assert [row[0] for row in rows[TOP + 4 :]] == ["Prices hold VAT."]


def test_values_are_numbers_days_and_texts_to_the_cent(ordinary: Path) -> None:
    first, second, third, totals = _values(ordinary)[TOP : TOP + 4]
    assert first == ["00042", "Sugar 1 kg", 1240, 12.5, 99999999.99, 0.2345,
                     _at(2026, 11, 24), _at(2026, 11, 24, 10, 15)]  # fmt: skip
    assert second == ["M1", "Milk", 3, 0.75, -0.05, 0.125,
                      _at(2026, 11, 23), _at(2026, 11, 24, 8, 15)]  # fmt: skip
    assert third == ["N", "Nothing known", *[None] * 6]
    assert totals == ["TOTAL", None, 1243, None, 99999999.94, None, None, None]
    sheet = _sheet(ordinary)
    formats = [sheet.cell(TOP + 1, place).number_format for place in range(1, 9)]
    assert formats == ["@", "@", "#,##0", "#,##0.000", "#,##0.00", "0.00%", "dd/mm/yyyy",
                       "dd/mm/yyyy hh:mm"]  # fmt: skip


def test_another_reader_finds_the_same(ordinary: Path) -> None:
    book = python_calamine.CalamineWorkbook.from_path(str(ordinary))
    rows = book.get_sheet_by_index(0).to_python()
    first, _second, _third, totals = rows[TOP : TOP + 4]
    assert first[:6] == ["00042", "Sugar 1 kg", 1240, 12.5, 99999999.99, 0.2345]
    assert first[7] == _at(2026, 11, 24, 10, 15)
    assert (totals[0], totals[2], totals[4]) == ("TOTAL", TOTALS["sales"], 99999999.94)


def test_amounts_of_any_size_are_exact(tmp_path: Path) -> None:
    path = tmp_path / "list.xlsx"
    amounts = [99_999_999_999_99, -99_999_999_999_98, 9_007_199_254_740_91, 57, 110, 0]
    columns = (DocumentColumn(key="gross", title="Gross", kind=Kind.CENTS),)
    written(write_xlsx, path, document(((one,) for one in amounts), columns=columns, totals={}))
    read = [row[0] for row in _values(path)[TOP:]]
    assert [round(float(one) * 100) for one in read] == amounts
    with zipfile.ZipFile(path) as parts:
        text = parts.read("xl/worksheets/sheet1.xml").decode()
    for exact in ("99999999999.99", "-99999999999.98", "9007199254740.91", "0.57", "1.10"):
        assert f"<v>{exact}</v>" in text


def test_the_sheet_can_be_worked_with_and_printed(ordinary: Path) -> None:
    sheet = _sheet(ordinary)
    assert sheet.title == "Sales by product"
    assert sheet.freeze_panes == f"A{TOP + 1}"
    assert sheet.auto_filter.ref == f"A{TOP}:H{TOP + 3}", "the row of totals is not sorted away"
    widths = [sheet.column_dimensions[letter].width for letter in "ABCDEFGH"]
    assert all(6 <= width <= 49 for width in widths)
    assert widths[4] > len("99,999,999.99"), "no amount shows as ####"
    assert sheet.print_title_rows == f"${TOP}:${TOP}"
    assert str(sheet.page_setup.paperSize) == "9"
    assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)
    assert sheet.oddFooter is not None
    assert sheet.oddFooter.right is not None
    assert sheet.oddFooter.right.text == "Page &P of &N"
    properties = _book(ordinary).properties
    assert (properties.title, properties.creator) == ("Sales by product", "Njeri")


def test_charts_stand_beside_their_figures(ordinary: Path) -> None:
    sheet = _book(ordinary).worksheets[1]
    assert sheet.title == "Charts"
    assert [cell.value for cell in sheet[2]][1:3] == ["This week", "The week before"]
    assert [cell.value for cell in sheet[3]][:3] == ["08:00", 1000, 900]
    with zipfile.ZipFile(ordinary) as parts:
        bars = parts.read("xl/charts/chart1.xml").decode()
        line = parts.read("xl/charts/chart2.xml").decode()
    assert bars.count("<c:ser>") == 2
    assert "<c:barChart>" in bars
    assert "Charts!$B$3:$B$5" in bars
    assert "<c:v>2500.50</c:v>" in bars, "programs that only show a chart find its figures in it"
    assert "<c:lineChart>" in line


HOSTILE = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "=cmd|'/c calc'!A1", "{=1}", "1e5",
           "00042", "http://example.com", "mailto:a@b.c", "#REF!", "TRUE", "_x0041_", "<v>&amp;",
           " two ", "a\nb")  # fmt: skip


def _texts(path: Path) -> list[Any]:
    sheet = _sheet(path)
    cells = [row[0] for row in sheet.iter_rows(min_row=TOP + 1)]
    assert all(cell.data_type == "s" and cell.hyperlink is None for cell in cells)
    return [unescape(str(cell.value)) for cell in cells]


def test_hostile_texts_stay_texts_sign_by_sign(tmp_path: Path) -> None:
    path = tmp_path / "list.xlsx"
    written(write_xlsx, path, names(*HOSTILE))
    assert _texts(path) == list(HOSTILE)
    read = python_calamine.CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
    assert [row[0] for row in read[TOP:]] == list(HOSTILE)
    with zipfile.ZipFile(path) as parts:
        sheet = parts.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert "<hyperlink" not in sheet


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.text(min_size=1, max_size=12), min_size=1, max_size=12))
def test_no_text_becomes_a_formula(tmp_path: Path, texts: list[str]) -> None:
    path = tmp_path / "list.xlsx"
    written(write_xlsx, path, names(*texts))
    assert len(_texts(path)) == len(texts)
    with zipfile.ZipFile(path) as parts:
        assert b"<f>" not in parts.read("xl/worksheets/sheet1.xml")


def test_signs_that_no_workbook_holds_are_shown_as_missing(tmp_path: Path) -> None:
    path = tmp_path / "list.xlsx"
    written(write_xlsx, path, names("\x00a\x1b", "\ud800b", "\ufffe", "茶 ☃ 🛒"))
    assert _texts(path) == ["\ufffda\ufffd", "\ufffdb", "\ufffd", "茶 ☃ 🛒"]


def test_a_text_longer_than_a_cell_is_cut_and_told(tmp_path: Path) -> None:
    path = tmp_path / "list.xlsx"
    written(write_xlsx, path, names("a" * 40_000, "🛒" * 20_000, "b" * LONGEST_TEXT))
    first, second, third, note = _texts(path)
    assert (len(first), first[-1]) == (LONGEST_TEXT, "…")
    assert len(second.encode("utf-16-le")) // 2 <= LONGEST_TEXT
    assert third == "b" * LONGEST_TEXT
    assert note == "Texts longer than 32,767 signs are cut, for a cell holds no more: 2."


def test_what_exceeds_a_sheet_goes_on_in_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(report_xlsx, "MOST_ROWS", TOP + 3)
    path = tmp_path / "list.xlsx"
    assert written(write_xlsx, path, document(many(3 + TOP + 2), notes=("Note",))) == TOP + 5
    book = _book(path)
    assert book.sheetnames == ["Sales by product", "Sales by product 2", "Sales by product 3"]
    codes = [cell.value for sheet in book for cell in sheet["A"]]
    assert [code for code in codes if str(code).startswith("C") and code != "Code"] == [
        f"C{number}" for number in range(TOP + 5)
    ]
    assert all(sheet.freeze_panes for sheet in book)
    assert [sheet.auto_filter.ref for sheet in book][1] == f"A1:H{TOP + 3}"
    assert [codes.count(word) for word in ("Code", "TOTAL", "Note")] == [3, 1, 1]


def test_a_document_of_nothing_says_so(tmp_path: Path) -> None:
    path = tmp_path / "list.xlsx"
    assert written(write_xlsx, path, document((), totals={}, compared="October")) == 0
    values = [row[0] for row in _values(path)]
    assert "Compared with October" in values
    assert values[-1] == "There is nothing in this period."


def test_a_long_heading_has_the_height_it_needs(tmp_path: Path) -> None:
    path = tmp_path / "list.xlsx"
    title = "Gross of all sales before any discount of the line or of the cart"
    columns = (COLUMNS[0], DocumentColumn(key="gross", title=title, kind=Kind.CENTS))
    written(write_xlsx, path, document([("A", 1)], columns=columns, totals={}))
    sheet = _sheet(path)
    wide, high = sheet.column_dimensions["B"].width, sheet.row_dimensions[TOP].height
    assert high / 15 * wide > len(title)


def test_a_title_makes_a_name_that_sheets_can_have() -> None:
    assert sheet_name("Sales: A/B [x]? " * 4, 2).endswith(" 2")
    assert len(sheet_name("x" * 99, 12)) == 31
    assert sheet_name("'", 1) == "_"
    assert sheet_name("History", 1) == "History_"


def test_the_same_document_makes_the_same_file(tmp_path: Path) -> None:
    contents = []
    for name in ("one.xlsx", "two.xlsx"):
        written(write_xlsx, tmp_path / name, document(charts=(CHART,)))
        contents.append((tmp_path / name).read_bytes())
    assert contents[0] == contents[1]


def test_progress_is_told_and_can_break_off(tmp_path: Path) -> None:
    told: list[int] = []
    path = tmp_path / "list.xlsx"
    written(write_xlsx, path, document(many(TELL_EVERY + 1)), told.append)
    assert told == [TELL_EVERY, TELL_EVERY + 1]

    def cancel(_rows: int) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        written(write_xlsx, tmp_path / "other.xlsx", document(many(TELL_EVERY + 1)), cancel)
    assert [*tmp_path.iterdir()] == [path]


@posix
@pytest.mark.parametrize("room", [20_000, 60_000])
def test_a_disk_without_room_is_told_and_nothing_is_left(tmp_path: Path, room: int) -> None:
    with files_of_at_most(room), pytest.raises(NotWritten, match="larger than that disk"):
        written(write_xlsx, tmp_path / "list.xlsx", document(many(2_000)))
    assert not [*tmp_path.iterdir()]


def test_memory_does_not_grow_with_the_rows(tmp_path: Path) -> None:
    path = tmp_path / "list.xlsx"
    peaks = [
        peak_of(lambda count=count: written(write_xlsx, path, document(many(count))))  # type: ignore[misc]
        for count in (400, 4_000)
    ]
    assert peaks[1] < peaks[0] * 1.3 + 200_000
