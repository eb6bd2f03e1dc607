"""What is to be printed, told without any printer: a list of blocks, kept as JSON text.

Texts lose their control characters on the way in, whoever made them: an ESC p inside a product
name would open the drawer. A document is checked when it is made, so that a renderer never fails
for what it says: `BadDocument` otherwise.
"""

from __future__ import annotations

import base64
import binascii
import json
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field, fields
from enum import StrEnum
from typing import Any, TypeVar

from pos_hardware.errors import BadDocument

T = TypeVar("T")

VERSION = 1
LONGEST_TEXT = 10_000
LONGEST_CODE128 = 40
LONGEST_QR = 1_000
MOST_FEED = 50
LARGEST_IMAGE = 500_000
"""Bytes of a PNG: far more than a logo on paper needs."""

_SPACE = {"\t", "\n", "\r", "\v", "\f", "\x85", "\u2028", "\u2029"}
_BIDI = {chr(code) for code in (*range(0x202A, 0x202F), *range(0x2066, 0x206A))}
"""Overrides of the writing direction: they could turn an amount round."""


def clean(text: str) -> str:
    """Return the text with line breaks and tabs as spaces and without control characters."""
    if not isinstance(text, str) or len(text) > LONGEST_TEXT:
        raise BadDocument("a text is missing or far too long")
    if text.isascii() and text.isprintable():
        return text
    spaced = (" " if char in _SPACE else char for char in text)
    return "".join(
        char
        for char in spaced
        if unicodedata.category(char) not in {"Cc", "Cs"} and char not in _BIDI
    )


class Align(StrEnum):
    """Where a text stands in its room."""

    LEFT = "left"
    CENTER = "center"
    RIGHT = "right"


class Size(StrEnum):
    """How large letters are."""

    NORMAL = "normal"
    DOUBLE = "double"
    """Twice as wide and twice as high: half as many columns."""


class BarcodeKind(StrEnum):
    """The symbologies that receipts need."""

    CODE128 = "code128"
    EAN13 = "ean13"


@dataclass(frozen=True)
class Text:
    """A paragraph: wrapped at words, never cut."""

    text: str
    align: Align = Align.LEFT
    bold: bool = False
    size: Size = Size.NORMAL

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", clean(self.text))


@dataclass(frozen=True)
class Cell:
    """A text in a row of columns.

    `share` 0: as wide as the text, at least `width`, never wrapped or cut (money). `share` > 0:
    gets its part of what the others leave, and wraps there (a name). `least` is what a column of
    a table can do with where the paper is narrow: the widest text in it; 0 where that is not known.
    """

    text: str
    share: int = 0
    width: int = 0
    align: Align = Align.LEFT
    least: int = 0

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", clean(self.text))
        if not all(0 <= number <= 100 for number in (self.share, self.width, self.least)):
            raise BadDocument("share, width and least of a cell lie between 0 and 100")


@dataclass(frozen=True)
class Columns:
    """Cells side by side; too wide for the paper, they go below one another."""

    cells: tuple[Cell, ...]
    bold: bool = False
    size: Size = Size.NORMAL

    def __post_init__(self) -> None:
        object.__setattr__(self, "cells", tuple(self.cells))
        if not 1 <= len(self.cells) <= 12:
            raise BadDocument("a row has 1 to 12 cells")


@dataclass(frozen=True)
class Rule:
    """A line across the paper."""

    heavy: bool = False


@dataclass(frozen=True)
class Feed:
    """Empty lines."""

    lines: int = 1

    def __post_init__(self) -> None:
        if not 1 <= self.lines <= MOST_FEED:
            raise BadDocument(f"a feed is 1 to {MOST_FEED} lines")


@dataclass(frozen=True)
class Barcode:
    """A bar code in the middle of the paper with its text below."""

    data: str
    kind: BarcodeKind = BarcodeKind.CODE128

    def __post_init__(self) -> None:
        if self.kind is BarcodeKind.EAN13:
            _check_ean13(self.data)
        elif not (
            0 < len(self.data) <= LONGEST_CODE128
            and self.data.isascii()
            and self.data.isprintable()
        ):
            raise BadDocument(f"Code 128 takes 1 to {LONGEST_CODE128} printable ASCII characters")


@dataclass(frozen=True)
class QrCode:
    """A QR code in the middle of the paper."""

    data: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "data", clean(self.data))
        if not 0 < len(self.data.encode()) <= LONGEST_QR:
            raise BadDocument(f"a QR code takes 1 to {LONGEST_QR} bytes")


@dataclass(frozen=True)
class Image:
    """A picture in the middle of the paper, made smaller where it is wider: a logo."""

    png: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if not self.png.startswith(b"\x89PNG\r\n\x1a\n") or len(self.png) > LARGEST_IMAGE:
            raise BadDocument(f"an image is a PNG of at most {LARGEST_IMAGE} bytes")


@dataclass(frozen=True)
class Cut:
    """The paper is cut here, where the printer has a cutter, and fed past the edge in any case."""


@dataclass(frozen=True)
class KickDrawer:
    """The cash drawer opens here, by the pulse of the printer's profile."""


Block = Text | Columns | Rule | Feed | Barcode | QrCode | Image | Cut | KickDrawer


@dataclass(frozen=True)
class ReceiptDocument:
    """Everything of one print, in order."""

    blocks: tuple[Block, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "blocks", tuple(self.blocks))

    def to_json(self) -> str:
        """Return the document as JSON text, for a row of a table."""
        blocks = [_encode(block) for block in self.blocks]
        content = {"version": VERSION, "blocks": blocks}
        return json.dumps(content, ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> ReceiptDocument:
        """Return the document of a JSON text; `BadDocument` if it is none, or of a newer kind."""
        try:
            content = json.loads(text)
            version, blocks = content["version"], content["blocks"]
            if version != VERSION:
                raise BadDocument(f"a document of version {version} is not known here")
            return cls(tuple(_decode_block(block) for block in blocks))
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
            raise BadDocument("not a document") from error


_KINDS: dict[str, type[Block]] = {
    "text": Text,
    "columns": Columns,
    "rule": Rule,
    "feed": Feed,
    "barcode": Barcode,
    "qr": QrCode,
    "image": Image,
    "cut": Cut,
    "drawer": KickDrawer,
}
_NAMES = {kind: name for name, kind in _KINDS.items()}


def _encode(block: Block) -> dict[str, Any]:
    return {"type": _NAMES[type(block)]} | {
        name: _plain(getattr(block, name)) for name in block.__dataclass_fields__
    }


def _plain(value: object) -> object:
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if isinstance(value, tuple):
        return [
            {name: _plain(getattr(cell, name)) for name in cell.__dataclass_fields__}
            for cell in value
        ]
    return value


def _decode_block(content: dict[str, Any]) -> Block:
    kind = _KINDS[content.pop("type")]
    return _decode(kind, content)


def _decode(kind: type[T], content: dict[str, Any]) -> T:
    known = {each.name: str(each.type) for each in fields(kind)}  # type: ignore[arg-type]
    return kind(**{name: _READERS[known[name]](value) for name, value in content.items()})


def _exactly(kind: type[T]) -> Callable[[object], T]:
    def read(value: object) -> T:
        if type(value) is kind:
            return value
        raise TypeError(value)

    return read


def _bytes(value: str) -> bytes:
    try:
        return base64.b64decode(value, validate=True)
    except binascii.Error as error:
        raise BadDocument("an image is not base64") from error


_READERS: dict[str, Callable[[Any], object]] = {
    "str": _exactly(str),
    "int": _exactly(int),
    "bool": _exactly(bool),
    "bytes": _bytes,
    "Align": Align,
    "Size": Size,
    "BarcodeKind": BarcodeKind,
    "tuple[Cell, ...]": lambda cells: tuple(_decode(Cell, cell) for cell in cells),
}


def _check_ean13(data: str) -> None:
    if len(data) != 13 or not (data.isascii() and data.isdigit()):
        raise BadDocument("EAN 13 takes 13 digits")
    digits = [int(char) for char in data]
    if (sum(digits[0::2]) + 3 * sum(digits[1::2])) % 10:
        raise BadDocument("the check digit of the EAN is wrong")
