"""CSV of documents is read back by another reader, and nothing in it computes."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_desktop.documents.document import TELL_EVERY, DocumentColumn
from pos_desktop.documents.report_csv import csv_line, harmless, write_csv
from pos_desktop.domain.errors import Cancelled
from tests.pos_desktop.documents.documents import document, many, names, written
from tests.pos_desktop.documents.memory import peak_of

FORMULAS = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", "\u00a0=1", "＝1",
            "＋1", "－1", "＠1", " ＝1")  # fmt: skip


def _read(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [*csv.reader(file)]


def test_values_are_exact_texts(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    assert written(write_csv, path, document()) == 3
    assert path.read_bytes().startswith(b"\xef\xbb\xbfCode,Product,")
    assert path.read_bytes().endswith(b"\r\n")
    assert _read(path)[1:] == [
        ["00042", "Sugar 1 kg", "1240", "12.500", "99999999.99", "23.45", "2026-11-24",
         "2026-11-24 10:15:00"],
        ["M1", "Milk", "3", "0.750", "-0.05", "12.5", "2026-11-23", "2026-11-24 08:15:00"],
        ["N", "Nothing known", "", "", "", "", "", ""],
        ["TOTAL", "", "1243", "", "99999999.94", "", "", ""],
    ]  # fmt: skip


def test_neither_a_heading_nor_the_name_of_the_totals_computes(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    columns = [DocumentColumn(key="a", title="=1+1"), DocumentColumn(key="b", title="B")]
    written(
        write_csv, path, document([], columns=columns, totals={"b": "x"}, total_label="@SUM(A1)")
    )
    assert _read(path) == [["'=1+1", "B"], ["'@SUM(A1)", "x"]]


def test_rows_by_key_are_taken_in_the_order_of_the_columns(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    rows = [{"name": "Soap", "gross": 100, "code": "S", "unknown": 1}]
    assert written(write_csv, path, document(rows, totals={})) == 1
    assert _read(path)[1] == ["S", "Soap", "", "", "1.00", "", "", ""]


@pytest.mark.parametrize("text", FORMULAS)
def test_a_text_like_a_formula_gets_an_apostrophe(text: str) -> None:
    assert harmless(text) == f"'{text}"


@pytest.mark.parametrize("text", ["Sugar", "", "1", "a=1", "'=1", "  Milk", "−5"])
def test_other_texts_stay(text: str) -> None:
    assert harmless(text) == text


@given(st.lists(st.text("=+-@＝＋－＠ \t\r\n\u00a0;,'\"a1", max_size=8), min_size=2, max_size=4))
def test_any_line_is_read_back_and_no_field_begins_as_a_formula(texts: list[str]) -> None:
    fields = [harmless(text) for text in texts]
    assert next(csv.reader(io.StringIO(csv_line(fields), newline=""))) == fields
    for field in fields:
        assert not field.strip().startswith(tuple("=+-@＝＋－＠"))


def test_a_semicolon_opens_no_cell_where_files_are_split_at_it(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    written(write_csv, path, names("soap;=1+1", "a\t=1+1"))
    for delimiter in ";\t":
        with path.open(encoding="utf-8-sig", newline="") as file:
            cells = [cell for row in csv.reader(file, delimiter=delimiter) for cell in row]
        assert not [cell for cell in cells if cell.startswith("=")]


def test_progress_is_told_and_can_break_off(tmp_path: Path) -> None:
    told: list[int] = []
    path = tmp_path / "list.csv"
    rows = TELL_EVERY * 2 + 1
    assert written(write_csv, path, document(many(rows)), told.append) == rows
    assert told == [TELL_EVERY, 2 * TELL_EVERY, rows]

    def cancel(_rows: int) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        written(write_csv, tmp_path / "other.csv", document(many(rows)), cancel)
    assert [*tmp_path.iterdir()] == [path]


def test_memory_does_not_grow_with_the_rows(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    peaks = [
        peak_of(lambda count=count: written(write_csv, path, document(many(count))))  # type: ignore[misc]
        for count in (500, 5_000)
    ]
    assert peaks[1] < peaks[0] * 1.3 + 100_000
