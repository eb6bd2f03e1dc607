"""Documents are cleaned when they are made and survive as JSON."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pos_hardware.document import (
    Align,
    Barcode,
    BarcodeKind,
    Cell,
    Columns,
    Feed,
    Image,
    KickDrawer,
    QrCode,
    ReceiptDocument,
    Size,
    Text,
    clean,
)
from pos_hardware.errors import BadDocument

from tests.pos_hardware.receipts import receipt


def test_a_document_comes_back_from_its_json() -> None:
    document = ReceiptDocument((*receipt().blocks, KickDrawer()))
    assert ReceiptDocument.from_json(document.to_json()) == document


texts = st.text(max_size=40)
blocks = st.one_of(
    st.builds(Text, texts, st.sampled_from(Align), st.booleans(), st.sampled_from(Size)),
    st.builds(
        Columns,
        st.lists(
            st.builds(Cell, texts, st.integers(0, 9), st.integers(0, 60)), min_size=1, max_size=5
        ).map(tuple),
        st.booleans(),
        st.sampled_from(Size),
    ),
)


@given(st.lists(blocks, max_size=4).map(tuple))
def test_any_document_comes_back_from_its_json(some: tuple[Text | Columns, ...]) -> None:
    document = ReceiptDocument(some)
    assert ReceiptDocument.from_json(document.to_json()) == document


@given(st.text())
def test_no_control_character_gets_in(text: str) -> None:
    kept = clean(text)
    assert not any(ord(char) < 32 or 127 <= ord(char) < 160 for char in kept)
    assert kept == clean(kept)


def test_the_command_of_a_drawer_in_a_name_is_only_letters() -> None:
    assert Text("Milk\x1bp\x00\x19\xfa\n2 l\x9b").text == "Milkp\x19ú 2 l".replace("\x19", "")
    assert Cell("a\u202eb\u2028c").text == "ab c"


@pytest.mark.parametrize(
    "content",
    [
        "",
        "nonsense",
        "[]",
        "{}",
        '{"version":2,"blocks":[]}',
        '{"version":1,"blocks":[{"type":"text"}]}',
        '{"version":1,"blocks":[{"type":"text","text":5}]}',
        '{"version":1,"blocks":[{"type":"text","text":"a","color":"red"}]}',
        '{"version":1,"blocks":[{"type":"text","text":"a","align":"up"}]}',
        '{"version":1,"blocks":[{"type":"feed","lines":true}]}',
        '{"version":1,"blocks":[{"type":"feed","lines":1000}]}',
        '{"version":1,"blocks":[{"type":"image","png":"####"}]}',
        '{"version":1,"blocks":[{"type":"what"}]}',
        '{"version":1,"blocks":["text"]}',
        "[" * 100_000,
    ],
)
def test_what_is_no_document_is_refused(content: str) -> None:
    with pytest.raises(BadDocument):
        ReceiptDocument.from_json(content)


def test_control_characters_do_not_come_in_through_json() -> None:
    content = json.dumps({"version": 1, "blocks": [{"type": "text", "text": "a\x1bpb"}]})
    assert ReceiptDocument.from_json(content).blocks == (Text("apb"),)


def test_what_cannot_be_printed_is_refused_when_it_is_made() -> None:
    for make in (
        lambda: Barcode("4006381333930", BarcodeKind.EAN13),
        lambda: Barcode("400638133393", BarcodeKind.EAN13),
        lambda: Barcode("é"),
        lambda: Barcode(""),
        lambda: Barcode("a" * 41),
        lambda: Barcode("T1\x1bp\x00"),
        lambda: QrCode(""),
        lambda: QrCode("é" * 501),
        lambda: Image(b"GIF89a"),
        lambda: Feed(0),
        lambda: Columns(()),
        lambda: Text("a" * 10_001),
    ):
        with pytest.raises(BadDocument):
            make()
    assert Barcode("4006381333931", BarcodeKind.EAN13).data
