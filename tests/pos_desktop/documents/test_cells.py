"""Flags, VAT bands, barcodes and texts in cells."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_desktop.documents import cells
from pos_desktop.documents.cells import BarcodeReader, CellFault, Reader, UniqueReader
from pos_desktop.domain.row_faults import RowFault


@pytest.mark.parametrize("text", ["yes", "Y", " TRUE ", "1", "x", "Ndiyo", "oui", "active"])
def test_yes_has_many_words(text: str) -> None:
    assert cells.read_flag(text) is True


@pytest.mark.parametrize("text", ["no", "N", "false", "0", "Hapana", "non", "inactive"])
def test_no_has_many_words(text: str) -> None:
    assert cells.read_flag(text) is False


def test_an_empty_flag_says_nothing_and_a_strange_one_is_refused() -> None:
    assert cells.read_flag(" ") is None
    with pytest.raises(cells.BadCell):
        cells.read_flag("maybe")


@pytest.mark.parametrize(
    ("text", "band"),
    [
        ("A", "A"), ("b", "B"), ("VAT B", "B"), ("16", "B"), ("16%", "B"), ("16.0 %", "B"),
        ("0.16", "B"), ("16,00%", "B"), ("8%", "E"), ("Exempt", "A"), ("0%", "C"), ("0.00%", "C"),
        ("0", "C"), ("Zero rated", "C"), ("non-vat", "D"), ("", None),
    ],
)  # fmt: skip
def test_a_vat_band_is_a_letter_a_word_or_a_rate(text: str, band: str | None) -> None:
    assert cells.tax_reader(codes=False)[text] == band


def test_nought_one_and_two_number_the_tax_where_no_band_stands() -> None:
    assert cells.is_tax_column_of_codes(["0", "1", 2.0, ""])
    assert cells.is_tax_column_of_codes(["0", "1", "7", "?"])
    assert not cells.is_tax_column_of_codes(["7"])
    assert not cells.is_tax_column_of_codes(["0", "16"])
    assert not cells.is_tax_column_of_codes(["A", "1"])
    assert not cells.is_tax_column_of_codes([""])
    reader = cells.tax_reader(codes=True)
    assert [reader["0"], reader["1"], reader[2.0]] == ["A", "B", "E"]


@pytest.mark.parametrize("text", ["F", "17%", "1", "tax"])
def test_what_is_no_vat_band_is_refused(text: str) -> None:
    fault = cells.tax_reader(codes=False).fault(text)
    assert fault == CellFault(RowFault.NOT_TAX, text)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("4006381333931", ("4006381333931",)),
        (" 4006381333931\n", ("4006381333931",)),
        ("4 006381 333931", ("4006381333931",)),
        ("4006381333931;4011", ("4006381333931", "4011")),
        ("4006381333931 | 4011 | 4011", ("4006381333931", "4011")),
        ("\u200e4011", ("4011",)),
        ("AB-12.3", ("AB-12.3",)),
        ("1E5", ("1E5",)),
        ('="036000291452"', ("036000291452",)),
        ("'036000291452", ("036000291452",)),
        ('=""', None),
        ("", None),
    ],
)
def test_a_cell_holds_one_or_several_barcodes(text: str, found: tuple[str, ...] | None) -> None:
    assert BarcodeReader().column([text]) == [found]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("4006381333930", RowFault.CHECK_DIGIT),
        ("4011;4006381333930", RowFault.CHECK_DIGIT),
        ("6.1611E+12", RowFault.CUT_BARCODE),
        ("6,16E+12", RowFault.CUT_BARCODE),
        ("6E+12", RowFault.CUT_BARCODE),
        ("1" * 49, RowFault.BAD_BARCODE),
        ("码123", RowFault.BAD_BARCODE),
    ],
)
def test_a_damaged_barcode_is_refused(text: str, fault: RowFault) -> None:
    reader = BarcodeReader()
    (found,) = reader.column([text])
    assert isinstance(found, CellFault)
    assert (found.fault, found.value) == (fault, text)
    assert reader.faulty


def test_a_code_is_kept_as_the_shop_writes_it() -> None:
    assert cells.read_code(" PEN-01 blue ") == "PEN-01 blue"
    assert cells.read_code('="007"') == "007"
    assert cells.read_code("") is None
    for text in ("1.2E+15", "x" * 49):
        with pytest.raises(cells.BadCell):
            cells.read_code(text)


def test_a_barcode_stored_as_a_number_is_whole_again() -> None:
    read = BarcodeReader().column([6.161100100015e12, 36000291452.0, 4011.0, 12.5])
    assert read[:3] == [("6161100100015",), ("036000291452",), ("4011",)]
    assert isinstance(read[3], CellFault)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("  Sugar \t 2kg\r\n", "Sugar 2kg"),
        ("Milk\x1bp\x00 500ml", "Milkp 500ml"),
        ("\u202eevil\u202c", "evil"),
        ("=1+1", "=1+1"),
        ("Crème brûlée 👨\u200d🍳", "Crème brûlée 👨\u200d🍳"),
        ("\x07", None),
    ],
)
def test_a_text_loses_what_nobody_sees(text: str, kept: str | None) -> None:
    assert cells.text_reader(40).column([text]) == [kept]


def test_a_text_beyond_its_limit_or_damaged_is_refused_not_cut() -> None:
    reader = cells.text_reader(5, unique=True)
    assert reader.column(["abcdef", "a\ufffdb", "abcde"]) == [
        CellFault(RowFault.TOO_LONG, "abcdef", "5"),
        CellFault(RowFault.UNREADABLE, "a\ufffdb"),
        "abcde",
    ]


@given(st.text())
def test_a_kept_text_never_holds_a_control_sign_or_two_spaces(text: str) -> None:
    (kept,) = cells.text_reader(10_000).column([text])
    if isinstance(kept, str):
        assert "  " not in kept
        assert kept == kept.strip()
        assert not any(ord(sign) < 32 or 127 <= ord(sign) < 160 for sign in kept)


def test_a_reader_remembers_a_bounded_number_of_cells() -> None:
    reader = Reader(lambda text: text)
    reader.column(str(number) for number in range(3 * cells.MEMO_ENTRIES))
    assert len(reader) <= cells.MEMO_ENTRIES
    unique = UniqueReader(lambda text: text)
    unique.column(["a", "b"])
    assert not unique


@pytest.mark.parametrize(
    ("number", "text"),
    [(6161100100010.0, "6161100100010"), (12.1, "12.1"), (0.1 + 0.2, "0.3"), (1e-7, "0.0000001"),
     (-5.0, "-5"), (0.0, "0")],
)  # fmt: skip
def test_a_number_is_written_with_the_digits_that_spreadsheets_keep(
    number: float, text: str
) -> None:
    assert cells.plain_number(number) == text
