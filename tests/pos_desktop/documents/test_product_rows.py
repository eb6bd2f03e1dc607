"""A dirty catalogue: every good row comes through, every bad one is named."""

from __future__ import annotations

import gzip
import json
import marshal
from collections import deque
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import openpyxl
import pytest

from pos_desktop.documents.opening import open_table
from pos_desktop.documents.product_rows import (
    Chunk,
    Preview,
    ProductFile,
    RowError,
    parse_products_stream,
)
from pos_desktop.documents.reasons import FileFault, FileRefused
from pos_desktop.domain.product_row import ProductRow
from pos_desktop.domain.row_faults import RowFault, row_sentence
from tests.pos_desktop.documents import workbooks
from tests.pos_desktop.documents.memory import peak_of

DIRTY = """Our catalogue,,,,,,,
UPC,Item,Department,Retail,Cost,Tax,Sold by weight,In use
4006381333931,Pencil,Office,"1,250.50",800,1,,yes
4011,Bananas,Fruit,120,,0,yes,yes
52,Refund,RRR,-1,0,0,,yes
4006381333930,Pencil (wrong),Office,12,0,0,,yes
6.1611E+12,Cut,Office,12,0,0,,yes
,Nameless,Office,12,0,0,,yes
77,Sugar, white,Food,12,0,0,,yes
78,"Salt,Food,12,0,0,,yes
79,'Tea',Food,abc,0,7,,maybe
,,,,,,,

80,=1+1,Food,12,,,,
81,Short
"""


def _read(path: Path, mapping: dict[str, str] | None = None) -> tuple[Preview, Chunk]:
    stream = parse_products_stream(str(path), mapping=mapping)
    preview = Preview._make(next(stream))
    chunks = [Chunk._make(chunk) for chunk in stream]
    rows = [row for chunk in chunks for row in chunk.rows]
    errors = [error for chunk in chunks for error in chunk.errors]
    return preview, Chunk(rows, errors, sum(chunk.rejected for chunk in chunks), 1.0)


def _csv(folder: Path, text: str) -> Path:
    path = folder / "goods.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_good_rows_come_through_and_bad_ones_are_named(tmp_path: Path) -> None:
    _preview, found = _read(_csv(tmp_path, DIRTY))
    rows = [ProductRow._make(row) for row in found.rows]
    assert [(row.number, row.barcodes, row.name) for row in rows] == [
        (3, ("4006381333931",), "Pencil"),
        (4, ("4011",), "Bananas"),
        (14, ("80",), "=1+1"),
        (15, ("81",), "Short"),
    ]
    errors = [RowError._make(error) for error in found.errors]
    assert [(error.row, error.column, error.value, error.fault) for error in errors] == [
        (5, "Retail", "-1", RowFault.NEGATIVE),
        (6, "UPC", "4006381333930", RowFault.CHECK_DIGIT),
        (7, "UPC", "6.1611E+12", RowFault.CUT_BARCODE),
        (8, "", "", RowFault.NO_KEY),
        (9, "", "yes", RowFault.EXTRA_CELLS),
        (10, "", '78,"Salt,Food,12,0,0,,yes', RowFault.OPEN_QUOTE),
        (11, "Retail", "abc", RowFault.NOT_AMOUNT),
        (11, "Tax", "7", RowFault.NOT_TAX),
        (11, "In use", "maybe", RowFault.NOT_FLAG),
    ]
    assert found.rejected == 7
    assert all(error.reason for error in errors)


def test_every_field_is_read_in_its_unit_and_an_empty_cell_is_none(tmp_path: Path) -> None:
    text = (
        "code,barcode,alt barcode,name,category,unit,price,cost,tax,by weight,active,stock,"
        "item class,unit code,packaging code\n"
        "S1,4011,4012;4013,Sugar,Food,kg,150.5,99,B,yes,no,1.250,5059690800,KGM,NT\n"
        "S2,,,,,,,,,,,,,,\n"
    )
    _preview, found = _read(_csv(tmp_path, text))
    full, empty = (ProductRow._make(row) for row in found.rows)
    assert full[2:] == (
        "S1", ("4011", "4012", "4013"), "Sugar", "Food", "kg", 15050, 9900, "B", True, False,
        1250, "5059690800", "KGM", "NT",
    )  # fmt: skip
    assert empty[2:] == ("S2", *[None] * 13)
    assert not found.errors


def test_the_preview_tells_what_was_recognised(tmp_path: Path) -> None:
    preview, _found = _read(_csv(tmp_path, DIRTY))
    assert (preview.format, preview.encoding, preview.delimiter) == ("csv", "utf-8", ",")
    assert preview.header_row == 2
    assert preview.columns["price"] == "Retail"
    assert preview.decimal_signs == {"price": ".", "cost": "?"}
    assert preview.ignored == ()
    codes, _found = _read(_csv(tmp_path, "barcode,tax\n1,0\n2,2\n"))
    assert codes.tax_codes


def test_a_repeated_row_has_the_same_digest_and_a_contradiction_another(tmp_path: Path) -> None:
    text = "barcode,name,price\n4011,Sugar,5\n4011, Sugar ,5.00\n4011,Sugar,6\n"
    _preview, found = _read(_csv(tmp_path, text))
    first, same, other = (ProductRow._make(row).digest for row in found.rows)
    assert first == same != other
    assert -(2**63) <= first < 2**63


def test_a_workbook_is_read_like_a_file_of_text(tmp_path: Path) -> None:
    path = workbooks.save(
        tmp_path / "goods.xlsx",
        [
            ["Price list of November"],
            [],
            ["EAN", "Item", "Price", "Stock"],
            [36000291452, "Tissues", 120.5, 3],
            ["4006381333931", "Pencil", "=B1", 1.234],
            ["4011", "Bananas", "1,250/=", -2],
            [None, None, None, None],
            ["4012", "x" * 201, 5, "#REF!"],
        ],
    )
    preview, found = _read(path)
    assert (preview.format, preview.sheet, preview.header_row) == ("xlsx", "Stock", 3)
    rows = [ProductRow._make(row) for row in found.rows]
    assert [(row.number, row.barcodes, row.price_cents, row.stock_thousandths) for row in rows] == [
        (4, ("036000291452",), 12050, 3000),
        (6, ("4011",), 125000, -2000),
    ]
    errors = [RowError._make(error) for error in found.errors]
    assert [(error.sheet, error.row, error.column, error.fault) for error in errors] == [
        ("Stock", 5, "Price", RowFault.FORMULA),
        ("Stock", 8, "Item", RowFault.TOO_LONG),
        ("Stock", 8, "Stock", RowFault.CELL_ERROR),
    ]
    assert found.rejected == 2


def test_a_mapping_reads_a_table_without_header(tmp_path: Path) -> None:
    path = _csv(tmp_path, "4011;Sugar;150,5\n4012;Salt;20\n")
    _preview, found = _read(path, {"A": "barcode", "B": "name", "3": "price"})
    rows = [ProductRow._make(row) for row in found.rows]
    assert [(row.number, row.name, row.price_cents) for row in rows] == [
        (1, "Sugar", 15050),
        (2, "Salt", 2000),
    ]


def test_a_preview_may_stop_after_a_sample(tmp_path: Path) -> None:
    lines = "".join(f"{number},name\n" for number in range(5_000))
    stream = parse_products_stream(str(_csv(tmp_path, "barcode,name\n" + lines)), sample=600)
    assert len(list(stream)) == 3


def test_what_crosses_to_the_parent_is_plain(tmp_path: Path) -> None:
    for item in parse_products_stream(str(_csv(tmp_path, DIRTY))):
        assert marshal.loads(marshal.dumps(item)) == item
        json.dumps(item)


@pytest.mark.parametrize("packed", [False, True])
def test_the_stream_tells_how_far_it_is(tmp_path: Path, packed: bool) -> None:
    path = _catalogue(tmp_path / "goods.csv", 100_000)
    if packed:
        path.write_bytes(gzip.compress(path.read_bytes()))
    told = [chunk.progress for chunk in ProductFile(path).chunks()]
    assert told == sorted(told)
    assert 0 < told[0] < 0.4 < told[len(told) // 2] < 0.8 < told[-1] <= 1


def test_a_reader_beside_a_till_takes_small_bites(tmp_path: Path) -> None:
    lines = "".join(f"{4000 + row},Row {row}\n" for row in range(100))
    stream = parse_products_stream(str(_csv(tmp_path, "code,name\n" + lines)), chunk_rows=32)
    next(stream)
    sizes = [len(Chunk._make(chunk).rows) for chunk in stream]
    assert sizes == [32, 32, 32, 4]


def test_a_workbook_tells_how_far_it_is_too(tmp_path: Path) -> None:
    rows = [["barcode"], *([str(number)] for number in range(5_000))]
    told = [
        chunk.progress
        for chunk in ProductFile(workbooks.save(tmp_path / "goods.xlsx", rows)).chunks()
    ]
    assert told == sorted(told)
    assert 0 < told[0] < 0.5 < told[-1] <= 1


def _catalogue(path: Path, rows: int) -> Path:
    with path.open("w", encoding="utf-8") as file:
        file.write("barcode,name,price,tax\n")
        file.writelines(f"{number},name {number},{number}.50,B\n" for number in range(rows))
    return path


def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    peaks = []
    for rows in (20_000, 100_000):
        path = _catalogue(tmp_path / f"{rows}.csv", rows)
        peaks.append(peak_of(partial(deque, ProductFile(path).chunks(), maxlen=0)))
    assert peaks[1] < peaks[0] * 1.3 + 300_000


def test_a_file_that_breaks_off_late_gives_its_rows_first(tmp_path: Path) -> None:
    rows = "".join(f'<row><c t="str"><v>{at}</v></c></row>' for at in range(100_000))
    xml = f'<worksheet><sheetData><row><c t="str"><v>barcode</v></c></row>{rows}'
    path = workbooks.by_hand(tmp_path / "goods.xlsx", xml)

    def read() -> Iterator[int]:
        for chunk in ProductFile(path).chunks():
            yield len(chunk.rows)

    counts = read()
    assert next(counts) == 500
    with pytest.raises(FileRefused) as refused:
        list(counts)
    assert refused.value.fault is FileFault.DAMAGED


def test_a_refusal_crosses_as_plain_data_and_words_itself_again() -> None:
    refusal = FileRefused(FileFault.NO_SHEET, file="goods.xlsx", sheet="Bei", known="Stock")
    again = FileRefused.from_data(json.loads(json.dumps(refusal.data)))
    assert str(again) == str(refusal) == 'goods.xlsx has no sheet "Bei"; it has Stock.'
    assert again.fault is FileFault.NO_SHEET


def test_behind_a_cover_the_sheet_with_the_goods_is_named(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    del book["Sheet"]
    book.create_sheet("Cover").append(["Kapa Oil Refineries", "November"])
    book.create_sheet("Notes").append(["Ring before you order"])
    book.create_sheet("Bei Mpya").append(["barcode", "name", "price"])
    book.save(tmp_path / "kapa.xlsx")
    with pytest.raises(FileRefused, match='--sheet "Bei Mpya"') as refused:
        ProductFile(tmp_path / "kapa.xlsx")
    assert refused.value.fault is FileFault.NO_COLUMNS
    with pytest.raises(FileRefused, match="--map"):
        ProductFile(tmp_path / "kapa.xlsx", "Notes")


def test_a_text_has_no_sheets_to_choose_from(tmp_path: Path) -> None:
    text = tmp_path / "goods.csv"
    text.write_text("code,name,price\nA,Sugar,10\n", encoding="utf-8")
    assert open_table(text, "").sheets == ()
    with pytest.raises(FileRefused) as refused:
        open_table(text, "Bei")
    assert refused.value.fault is FileFault.NO_SHEETS


def test_every_fault_has_its_sentence() -> None:
    for file_fault in FileFault:
        sentence = str(FileRefused(file_fault, file="goods.csv"))
        assert sentence.endswith(".")
        assert "{" not in sentence
    for row_fault in RowFault:
        assert row_sentence(row_fault, "7")
