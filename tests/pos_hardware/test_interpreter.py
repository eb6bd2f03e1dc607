"""The reading of bytes that other tests trust."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pos_hardware.document import Barcode, BarcodeKind, Cut, Feed, KickDrawer, QrCode, Size
from pos_hardware.layout import Raster, TextRow
from pos_hardware.profile import PAPER_80
from pos_hardware.rendering import render_escpos
from pos_hardware.testing.interpreter import Interpreter

from tests.pos_hardware.receipts import receipt


def read(data: bytes, columns: int = 48) -> Interpreter:
    paper = Interpreter(columns)
    paper.feed(data)
    return paper


def test_the_code_page_is_that_of_the_last_command() -> None:
    assert read(b"\xd5\n").lines == ["╒"]
    assert read(b"\x1bt\x13\xd5\n").lines == ["€"]
    assert read(b"\x1bt\x13\x1b@\xd5\n").lines == ["╒"]
    assert read(b"\x1bt\x63\xd5\n").lines == ["\ufffd"]


def test_styles_and_places() -> None:
    paper = read(b"\x1bE\x01\x1d!\x11ab  c\n\x1bE\x00\x1d!\x00\x1ba\x01mid\n\x1ba\x02end\n", 10)
    first, *others = paper.rows
    assert isinstance(first, TextRow)
    assert (first.text, first.bold, first.size, first.columns) == ("ab  c", True, Size.DOUBLE, 5)
    assert paper.lines[1:] == ["   mid", "       end"]
    assert others == [row for row in others if isinstance(row, TextRow) and not row.bold]


def test_events() -> None:
    paper = read(b"\x1bp\x00\x19\xfa\x1bp1\x19\xfa\x10\x14\x01\x01\x02\x1dV\x00\x1dVB\x00\x1bd\x03")
    assert paper.pulses == [2, 5, 5]
    assert paper.rows == [KickDrawer()] * 3 + [Cut(), Cut(), Feed(3)]


def test_codes() -> None:
    paper = read(b"\x1dkI\x05{BA-1\x1dkC\x0d4006381333931\x1dk\x024006381333931\x00")
    ean = Barcode("4006381333931", BarcodeKind.EAN13)
    assert paper.rows == [Barcode("A-1"), ean, ean]
    assert read(b"\x1d(k\x05\x001P0hi\x1d(k\x03\x001Q0").rows == [QrCode("hi")]
    assert read(b"\x1dkC\x0d4006381333930").unknown == [b"4006381333930"]


def test_pictures_by_rows_and_by_columns() -> None:
    assert read(b"\x1dv0\x00\x01\x00\x02\x00\xf0\x0f").rows == [Raster(8, 2, b"\xf0\x0f")]
    turned = read(b"\x1b*\x00\x02\x00\x80\x01\n").rows
    assert turned == [Raster(2, 8, b"\x80\x00\x00\x00\x00\x00\x00\x40")]


def test_replies() -> None:
    said: list[bytes] = []
    paper = Interpreter(reply=said.append, status=lambda number: 0x12 + number)
    paper.feed(b"\x10\x04\x04text\n\x1dr\x01\x10\x04\x01")
    assert said == [b"\x16", b"\x00", b"\x13"]


def test_what_it_does_not_know_is_kept() -> None:
    assert read(b"\x1bZ\x07ok\n").unknown == [b"\x1bZ", b"\x07"]


@given(st.binary(max_size=300))
def test_no_bytes_break_it(data: bytes) -> None:
    read(data)


@pytest.mark.parametrize("size", [1, 7, 1000])
def test_portions_do_not_matter(size: int) -> None:
    data = render_escpos(receipt(), PAPER_80)
    paper = Interpreter()
    for start in range(0, len(data), size):
        paper.feed(data[start : start + size])
    whole = read(data)
    assert paper.text == whole.text
    assert paper.consumed == len(data)
