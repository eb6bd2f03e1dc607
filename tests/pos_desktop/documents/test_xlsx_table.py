"""XLSX workbooks, as spreadsheets save them and as nobody should."""

from __future__ import annotations

import datetime as dt
from collections import deque
from functools import partial
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from pos_desktop.documents import shared_texts, xml_stream
from pos_desktop.documents.cells import CellFault
from pos_desktop.documents.opening import open_table
from pos_desktop.documents.reasons import FileFault, FileRefused
from pos_desktop.documents.tables import Row
from pos_desktop.documents.xlsx_table import is_date_format
from pos_desktop.domain.row_faults import RowFault
from tests.pos_desktop.documents import workbooks
from tests.pos_desktop.documents.memory import peak_of

HEADER = ["barcode", "name", "price"]


def _rows(path: Path, sheet: str | None = None) -> list[Row]:
    return list(open_table(path, sheet).rows())


def _sheet(rows: str) -> str:
    return f'<worksheet xmlns="m"><sheetData>{rows}</sheetData></worksheet>'


def test_texts_numbers_and_flags_come_as_they_were_saved(tmp_path: Path) -> None:
    path = workbooks.save(
        tmp_path / "goods.xlsx",
        [HEADER, ["4011", "  Sukari & <chai>  ", 12.5], [6161100100015, True, None], [], ["x", 1]],
    )
    assert _rows(path) == [
        (1, ["barcode", "name", "price"]),
        (2, ["4011", "  Sukari & <chai>  ", 12.5]),
        (3, [6161100100015.0, "TRUE"]),
        (5, ["x", 1.0]),
    ]


def test_texts_beside_their_cells_come_too(tmp_path: Path) -> None:
    path = tmp_path / "goods.xlsx"
    book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, HEADER)
    sheet.write_row(7, 1, ["Sugar\r\n2 kg", 3])
    book.close()
    assert _rows(path) == [(1, HEADER), (8, ["", "Sugar\r\n2 kg", 3.0])]


def test_prefixes_rich_texts_guides_and_missing_references_are_read(tmp_path: Path) -> None:
    xml = (
        '<x:worksheet xmlns:x="m"><x:sheetData><x:row>'
        '<x:c t="inlineStr"><x:is><x:r><x:t>Su</x:t></x:r><x:r><x:t>gar</x:t></x:r>'
        "<x:rPh><x:t>no</x:t></x:rPh></x:is></x:c>"
        '<x:c t="s"><x:v>0</x:v></x:c><x:c r="F1"><x:v>2</x:v></x:c></x:row>'
        '<x:row><x:c t="s"><x:v>7</x:v></x:c></x:row></x:sheetData></x:worksheet>'
    )
    texts = "<sst><si><r><t>a</t></r><r><t>_x0041_</t></r><rPh><t>no</t></rPh></si></sst>"
    path = workbooks.by_hand(tmp_path / "goods.xlsx", xml, sharedStrings=texts)
    assert _rows(path) == [
        (1, ["Sugar", "aA", "", "", "", 2.0]),
        (2, [CellFault(RowFault.UNREADABLE, "7")]),
    ]


def test_formulas_errors_and_dates_are_told_from_values(tmp_path: Path) -> None:
    xml = _sheet(
        '<row r="4"><c r="A4"><f>B4*2</f><v>25</v></c><c r="B4"><f>C4+1</f></c>'
        '<c r="C4" t="e"><f>1/0</f><v>#DIV/0!</v></c><c r="D4" t="str"><f>""</f><v></v></c>'
        '<c r="E4" t="d"><v>2026-11-24</v></c><c r="F4" t="str"><f>"a"</f><v>a</v></c></row>'
    )
    (found,) = _rows(workbooks.by_hand(tmp_path / "goods.xlsx", xml))
    assert found == (
        4,
        [
            25.0,
            CellFault(RowFault.FORMULA, "=C4+1"),
            CellFault(RowFault.CELL_ERROR, "#DIV/0!"),
            "",
            CellFault(RowFault.DATE, "2026-11-24"),
            "a",
        ],
    )


def test_a_number_shown_as_a_date_is_no_number(tmp_path: Path) -> None:
    path = workbooks.save(tmp_path / "goods.xlsx", [[dt.date(2026, 11, 24), 5]])
    ((_number, cells),) = _rows(path)
    assert isinstance(cells, list)
    assert isinstance(cells[0], CellFault)
    assert (cells[0].fault, cells[1]) == (RowFault.DATE, 5.0)


@pytest.mark.parametrize(
    ("code", "is_date"),
    [
        ("dd/mm/yyyy", True),
        ("h:mm AM/PM", True),
        ("General", False),
        ("#,##0.00", False),
        ('"Ksh" #,##0.00;[Red]-#,##0', False),
        ("[$KSh-441]0.00", False),
        (r"0\d", False),
    ],
)
def test_a_number_format_tells_dates(code: str, is_date: bool) -> None:
    assert is_date_format(code) is is_date


def test_a_merged_cell_holds_its_value_once(tmp_path: Path) -> None:
    path = tmp_path / "goods.xlsx"
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["4011", "Fruit"])
    sheet.append(["4012", None])
    sheet.merge_cells("B1:B2")
    book.save(path)
    assert _rows(path) == [(1, ["4011", "Fruit"]), (2, ["4012"])]


def test_the_first_visible_sheet_is_read_and_any_other_by_name_or_number(tmp_path: Path) -> None:
    path = tmp_path / "goods.xlsx"
    book = openpyxl.Workbook()
    first = book.active
    assert first is not None
    first.title = "Notes"
    first.sheet_state = "hidden"
    first.append(["hidden"])
    book.create_sheet("Stock").append(["stock"])
    book.create_sheet("Bei").append(["bei"])
    book.save(path)
    assert _rows(path) == [(1, ["stock"])]
    assert _rows(path, "bei") == [(1, ["bei"])]
    assert _rows(path, "2") == [(1, ["bei"])]
    assert _rows(path, "Notes") == [(1, ["hidden"])]
    with pytest.raises(FileRefused, match=r'no sheet "Stok"; it has Stock\.'):
        open_table(path, "Stok")


def test_cells_far_to_the_right_are_not_looked_at(tmp_path: Path) -> None:
    xml = _sheet('<row r="1048576"><c r="XFD1"><v>1</v></c><c r="A1"><v>2</v></c></row>')
    assert _rows(workbooks.by_hand(tmp_path / "goods.xlsx", xml)) == [(1048576, [2.0])]


@pytest.mark.parametrize(
    ("xml", "fault"),
    [
        ('<!DOCTYPE a [<!ENTITY b "bb"><!ENTITY c "&b;&b;">]><worksheet/>', FileFault.ENDLESS),
        ("<worksheet><sheetData><row>", FileFault.DAMAGED),
        ("no xml", FileFault.DAMAGED),
        (b"\x00" * 1000, FileFault.DAMAGED),
    ],
)
def test_xml_that_is_broken_or_unpacks_itself_is_refused(
    tmp_path: Path, xml: str | bytes, fault: FileFault
) -> None:
    with pytest.raises(FileRefused) as refused:
        _rows(workbooks.by_hand(tmp_path / "goods.xlsx", xml))
    assert refused.value.fault is fault


def test_a_tag_without_end_is_refused_before_it_fills_the_memory(tmp_path: Path) -> None:
    xml = f'<worksheet a="{"x" * (xml_stream.LONGEST_TOKEN * 3)}"/>'
    with pytest.raises(FileRefused) as refused:
        _rows(workbooks.by_hand(tmp_path / "goods.xlsx", xml))
    assert refused.value.fault is FileFault.ENDLESS


def test_shared_texts_beyond_the_limit_wait_outside_memory(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(shared_texts, "TEXTS_IN_MEMORY", 10)
    monkeypatch.setattr(shared_texts, "SHELVES_AT_HAND", 16)
    texts = shared_texts.SharedTexts()
    for number in range(5_000):
        texts.add(f"text {number}")
    texts.finish()
    order = [*range(5_000), *range(4_999, -1, -7)]
    assert all(texts[number] == f"text {number}" for number in order)
    with pytest.raises(IndexError):
        texts[5_100]
    with pytest.raises(IndexError):
        texts[-1]
    texts.close()


def _sheet_of(path: Path, rows: int) -> Path:
    book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
    sheet = book.add_worksheet()
    for number in range(rows):
        sheet.write_row(number, 0, [f"code {number}", f"name {number}", number])
    book.close()
    return path


def test_memory_does_not_grow_with_the_sheet(tmp_path: Path) -> None:
    peaks = []
    for rows in (1_000, 20_000):
        path = _sheet_of(tmp_path / f"{rows}.xlsx", rows)
        peaks.append(peak_of(partial(deque, open_table(path).rows(), maxlen=0)))
    assert peaks[1] < peaks[0] * 1.5 + 200_000
