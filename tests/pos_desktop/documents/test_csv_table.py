"""CSV files of any making."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pos_desktop.documents import csv_table
from pos_desktop.documents.cells import CellFault
from pos_desktop.documents.csv_table import CsvTable
from pos_desktop.documents.reasons import FileFault, FileRefused
from pos_desktop.domain.row_faults import RowFault

TEXT = "barcode;name;price\n4011;Crème “brûlée”;1,50\n4012;Maziwa;2,00\n"
ROWS = [
    (1, ["barcode", "name", "price"]),
    (2, ["4011", "Crème “brûlée”", "1,50"]),
    (3, ["4012", "Maziwa", "2,00"]),
]


def _table(folder: Path, content: bytes | str) -> CsvTable:
    path = folder / "goods.csv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return CsvTable(path)


def _refused(folder: Path, content: bytes | str) -> FileRefused:
    with pytest.raises(FileRefused) as refused:
        list(_table(folder, content).rows())
    return refused.value


@pytest.mark.parametrize(
    ("encoding", "bom", "found"),
    [
        ("utf-8", b"", "utf-8"),
        ("utf-8-sig", b"", "utf-8-sig"),
        ("cp1252", b"", "cp1252"),
        ("utf-16", b"", "utf-16"),
        ("utf-16-be", b"\xfe\xff", "utf-16"),
        ("utf-16-le", b"", "utf-16-le"),
        ("utf-16-be", b"", "utf-16-be"),
        ("utf-32", b"", "utf-32"),
    ],
)
def test_every_encoding_is_recognised(
    tmp_path: Path, encoding: str, bom: bytes, found: str
) -> None:
    table = _table(tmp_path, bom + TEXT.encode(encoding))
    assert list(table.rows()) == ROWS
    assert (table.encoding, table.delimiter) == (found, ";")


def test_one_late_byte_decides_against_utf8(tmp_path: Path) -> None:
    lines = b"".join(b"%d,name %d\n" % (number, number) for number in range(60_000))
    table = _table(tmp_path, b"barcode,name\n" + lines + b"1,caf\xe9\n")
    *_others, last = table.rows()
    assert last == (60_002, ["1", "café"])


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_every_delimiter_is_recognised(tmp_path: Path, delimiter: str) -> None:
    text = "\n".join(delimiter.join(cells) for _number, cells in ROWS[:1] + ROWS[2:])
    if delimiter == ",":
        text = text.replace("2,00", "2.00")
    assert _table(tmp_path, text).delimiter == delimiter


def test_a_decimal_comma_is_no_delimiter(tmp_path: Path) -> None:
    lines = ["name;price"] + [f"Sugar, white, {size} kg;{size},50" for size in range(1, 9)]
    assert _table(tmp_path, "\n".join(lines)).delimiter == ";"


def test_a_first_line_may_name_the_delimiter(tmp_path: Path) -> None:
    table = _table(tmp_path, "sep=|\r\nbarcode|name\r\n1|a;b;c\r\n")
    assert list(table.rows()) == [(2, ["barcode", "name"]), (3, ["1", "a;b;c"])]


def test_line_breaks_inside_quotes_belong_to_the_cell_and_count_as_one_row(
    tmp_path: Path,
) -> None:
    table = _table(tmp_path, 'barcode,name\r\n1,"Sugar\r\n2 kg ""fine"""\r\n\r\n2,Salt')
    assert list(table.rows()) == [
        (1, ["barcode", "name"]),
        (2, ["1", 'Sugar\n2 kg "fine"']),
        (4, ["2", "Salt"]),
    ]


def test_the_line_ends_of_an_old_mac_are_line_ends(tmp_path: Path) -> None:
    assert [row for _n, row in _table(tmp_path, "a,b\r1,2\r").rows()] == [["a", "b"], ["1", "2"]]


def test_a_mark_that_is_never_closed_costs_its_own_line_only(tmp_path: Path) -> None:
    table = _table(tmp_path, 'barcode,name,price\n1,"Best,1\n2,"Salt",2\n3,Tea,3\n')
    assert list(table.rows()) == [
        (1, ["barcode", "name", "price"]),
        (2, CellFault(RowFault.OPEN_QUOTE, '1,"Best,1')),
        (3, ["2", "Salt", "2"]),
        (4, ["3", "Tea", "3"]),
    ]


@pytest.mark.parametrize("rows", [3, 60, 5_000])
def test_an_open_mark_before_any_number_of_rows_loses_none_of_them(
    tmp_path: Path, rows: int
) -> None:
    lines = [f"{number},name {number},{number}" for number in range(rows)]
    table = _table(tmp_path, "\n".join(["barcode,name,price", '9,"open,1', *lines]))
    found = list(table.rows())
    assert [row for _number, row in found[2:]] == [line.split(",") for line in lines]
    assert isinstance(found[1][1], CellFault)


def test_a_line_without_end_costs_itself_only(tmp_path: Path) -> None:
    endless = "7," + "x" * (3 * csv_table.LONGEST_LINE)
    found = list(_table(tmp_path, f"barcode,name\n1,a\n{endless}\n2,b\n").rows())
    assert [row for _number, row in found if isinstance(row, list)][1:] == [["1", "a"], ["2", "b"]]
    faults = [row for _number, row in found if isinstance(row, CellFault)]
    assert [fault.fault for fault in faults] == [RowFault.TOO_LONG_LINE]


def test_stray_nul_bytes_do_not_stop_the_file(tmp_path: Path) -> None:
    filler = "".join(f"{number},name\n" for number in range(50))
    found = list(_table(tmp_path, f"barcode,name\n1,a\x00b\n{filler}").rows())
    assert len(found) == 52
    assert found[1] == (2, ["1", "a\x00b"])


def test_a_packed_file_is_unpacked_as_it_is_read(tmp_path: Path) -> None:
    assert list(_table(tmp_path, gzip.compress(TEXT.encode())).rows()) == ROWS


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", FileFault.EMPTY),
        (b"\n\n  \n", FileFault.EMPTY),
        (b"\xef\xbb\xbf", FileFault.EMPTY),
        (b"%PDF-1.7 ...", FileFault.NOT_A_TABLE),
        (b"\x89PNG\r\n\x1a\n", FileFault.NOT_A_TABLE),
        (bytes(range(256)) * 20, FileFault.NOT_A_TABLE),
        (b"<html><table><tr><td>1", FileFault.WEB_PAGE),
        (b'\n <?xml version="1.0"?><Workbook>', FileFault.WEB_PAGE),
        (gzip.compress(TEXT.encode() * 99)[:-30], FileFault.DAMAGED),
        (b"\x1f\x8bnothing", FileFault.DAMAGED),
    ],
)
def test_what_is_no_table_is_refused_in_a_sentence(
    tmp_path: Path, content: bytes, fault: FileFault
) -> None:
    refused = _refused(tmp_path, content)
    assert refused.fault is fault
    assert str(refused).startswith("goods.csv is ")


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match=r"nowhere.csv cannot be opened"):
        CsvTable(tmp_path / "nowhere.csv")


def test_a_file_that_unpacks_without_end_is_refused(tmp_path: Path) -> None:
    packed = gzip.compress(b"1,2\n" * (csv_table.PACKED_FREE // 4 + csv_table.BLOCK))
    assert _refused(tmp_path, packed).fault is FileFault.ENDLESS


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.lists(st.text(alphabet='ab ",;\n\t|é', max_size=8), min_size=3, max_size=3),
        min_size=2, max_size=8,
    )
)  # fmt: skip
def test_what_a_csv_writer_writes_comes_back(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]]
) -> None:
    import csv

    path = tmp_path_factory.mktemp("csv") / "goods.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        file.write("sep=,\n")
        csv.writer(file, quoting=csv.QUOTE_ALL).writerows(rows)
    assert [row for _number, row in CsvTable(path).rows()] == rows
