"""Which column holds what."""

from __future__ import annotations

import pytest

from pos_desktop.documents.cells import Cell, CellFault
from pos_desktop.documents.columns import (
    SYNONYMS,
    Layout,
    column_letters,
    field_of,
    parse_mapping,
    recognise,
)
from pos_desktop.documents.reasons import FileFault, FileRefused
from pos_desktop.documents.tables import Row, column_index
from pos_desktop.domain.row_faults import RowFault


def _layout(*rows: list[Cell], mapping: dict[str, str] | None = None) -> Layout:
    sample: list[Row] = list(enumerate(rows, 1))
    return recognise(sample, mapping or {}, "goods.csv")


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("UPC", "barcode"),
        ("EAN-13", "barcode"),
        ("Code-barres", "barcode"),
        ("SKU", "code"),
        ("Item Code", "code"),
        ("item_no.", "code"),
        ("Item", "name"),
        ("Jina la bidhaa", "name"),
        ("DÉSIGNATION", "name"),
        ("Department", "category"),
        ("Retail", "price"),
        ("Selling Price", "price"),
        ("Price (KES)", "price"),
        ("Selling price KSh", "price"),
        ("Cost [excl. VAT]", "cost"),
        ("Bei ya kuuza", "price"),
        ("Buying price", "cost"),
        ("Prix d'achat", "cost"),
        ("VAT %", "tax_band"),
        ("Sold by weight", "by_weight"),
        ("In use", "active"),
        ("Qty on hand", "stock"),
        ("Unit", "unit"),
        ("Item class", "item_class"),
        ("Colour", None),
        ("", None),
    ],
)
def test_a_header_names_its_field(header: str, field: str | None) -> None:
    assert field_of(header) == field


def test_each_synonym_belongs_to_one_field() -> None:
    words = [word for synonyms in SYNONYMS.values() for word in synonyms.split("|")]
    assert len(words) == len(set(words))
    assert all(field_of(word) for word in words)


def test_the_header_may_lie_below_titles() -> None:
    fault: list[Cell] = ["Our price list", "", ""]
    layout = _layout(
        fault, ["Printed", "24.11.2026"], ["Barcode", "Item", "Price"], ["1", "a", "2"]
    )
    assert layout.header_row == 3
    assert layout.places == {"barcode": (0,), "name": (1,), "price": (2,)}


def test_one_key_among_strange_titles_makes_a_header() -> None:
    layout = _layout(["Colour", "Barcode", "Shelf"], ["red", "1", "2"])
    assert (layout.header_row, layout.places) == (1, {"barcode": (1,)})
    assert layout.ignored() == ["Colour", "Shelf"]


def test_a_broken_line_is_no_header() -> None:
    sample: list[Row] = [
        (1, CellFault(RowFault.OPEN_QUOTE, '"name')),
        (2, ["barcode", "name"]),
    ]
    assert recognise(sample, {}, "goods.csv").header_row == 2


def test_several_barcode_columns_are_all_read_and_of_other_fields_the_surest() -> None:
    layout = _layout(["Description", "Barcode", "Alt barcode", "Product name", "EAN"])
    assert layout.places == {"barcode": (1, 4, 2), "name": (3,)}
    assert layout.ignored() == ["Description"]


def test_a_mapping_overrides_names_letters_and_numbers() -> None:
    header: list[Cell] = ["Kod", "Barcode", "Name", "Price", "Old price"]
    layout = _layout(header, mapping={"kod": "code", "E": "price", "4": "ignore", "C": "category"})
    assert layout.places == {"code": (0,), "price": (4,), "category": (2,), "barcode": (1,)}
    assert layout.ignored() == ["Price"]


def test_a_table_without_header_is_read_by_place_only() -> None:
    row: list[Cell] = ["4006381333931", "Sugar", "150"]
    layout = _layout(row, mapping={"A": "barcode", "2": "name"})
    assert (layout.header_row, layout.header) == (0, ())
    assert layout.title(0) == "A"
    with pytest.raises(FileRefused) as refused:
        _layout(row)
    assert refused.value.fault is FileFault.NO_COLUMNS
    assert "--map" in str(refused.value)


def test_columns_without_a_key_are_refused() -> None:
    with pytest.raises(FileRefused, match="no column with a barcode or a code") as refused:
        _layout(["Name", "Price"])
    assert refused.value.fault is FileFault.NO_KEY


@pytest.mark.parametrize(
    ("mapping", "sentence"),
    [
        ({"Barcode": "pirce"}, r'no field "pirce" \(did you mean "price"\?\); known are barcode'),
        ({"Nmae": "name"}, r'no column "Nmae" \(did you mean "Name"\?\); known are Barcode, Name'),
        ({"0": "name"}, 'no column "0"'),
        ({"9999": "name"}, 'no column "9999"'),
    ],
)
def test_a_mapping_of_what_is_not_there_is_refused(mapping: dict[str, str], sentence: str) -> None:
    with pytest.raises(FileRefused, match=sentence):
        _layout(["Barcode", "Name"], mapping=mapping)


def test_a_mapping_is_written_as_column_and_field() -> None:
    given = ["Bei ya jumla = Price", "a=b=cost", "C=ignore"]
    assert parse_mapping(given) == {"Bei ya jumla": "price", "a=b": "cost", "C": "ignore"}
    for text in ("price", "=price", "Bei="):
        with pytest.raises(FileRefused, match="is not column=field"):
            parse_mapping([text])


def test_one_field_has_one_column_but_barcodes_may_have_several() -> None:
    with pytest.raises(FileRefused, match='gives "price" two columns'):
        _layout(["Code", "a", "b"], mapping={"a": "price", "b": "price"})
    layout = _layout(["Code", "a", "b"], mapping={"a": "barcode", "b": "barcode"})
    assert layout.places == {"barcode": (1, 2), "code": (0,)}


@pytest.mark.parametrize(("place", "letters"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ")])
def test_columns_have_letters(place: int, letters: str) -> None:
    assert column_letters(place) == letters
    assert column_index(letters) == place
    assert column_index(letters.lower()) == place


def test_what_is_no_letter_names_no_column() -> None:
    assert [column_index(text) for text in ("", "A1", "ABCD", "É")] == [None] * 4
