"""Lays a document out in a grid of characters; every renderer prints these rows.

Pure: no printer, no fonts, no bytes. Widths are counted in columns of font A; double letters and
the wide letters of East Asia take two. Money and other cells without a share are never wrapped
unless the paper is narrower than the cell alone.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from pos_hardware.document import (
    Align,
    Barcode,
    Cell,
    Columns,
    Cut,
    Feed,
    Image,
    KickDrawer,
    QrCode,
    ReceiptDocument,
    Rule,
    Size,
    Text,
)

GAP = 1
"""Columns between two cells."""
NARROWEST_NAME = 8
"""A wrapping cell that would be narrower gets a line of its own."""

LIGHT, HEAVY = "─", "═"


@dataclass(frozen=True)
class Placed:
    """A piece of text and the column it starts at."""

    column: int
    text: str


@dataclass(frozen=True)
class TextRow:
    """One line of letters of one size; `columns` is how many letters of that size fit."""

    pieces: tuple[Placed, ...]
    columns: int
    bold: bool = False
    size: Size = Size.NORMAL

    @property
    def text(self) -> str:
        """The line as it reads, padded with spaces between the pieces only."""
        line, reached = "", 0
        for piece in self.pieces:
            line += " " * (piece.column - reached) + piece.text
            reached = max(reached, piece.column) + width_of(piece.text)
        return line


@dataclass(frozen=True)
class Raster:
    """A picture in dots: rows of whole bytes, the highest bit leftmost, 1 is black."""

    width: int
    height: int
    bits: bytes


Row = TextRow | Raster | Feed | Barcode | QrCode | Image | Cut | KickDrawer
Spell = Callable[[str], str]


def width_of(text: str) -> int:
    """Return how many columns a text takes."""
    return len(text) if text.isascii() else sum(map(_letter_width, text))


def _letter_width(letter: str) -> int:
    if unicodedata.category(letter) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(letter) in "WF" else 1


def lay_out(document: ReceiptDocument, columns: int, spell: Spell = str) -> list[Row]:
    """Return the rows of a document on paper of so many columns, spelled for its printer."""
    return [row for block in document.blocks for row in _rows(block, columns, spell)]


def _rows(block: object, columns: int, spell: Spell) -> Iterator[Row]:
    match block:
        case Text():
            room = columns_of(block.size, columns)
            for line in wrap(spell(block.text), room):
                yield TextRow((_place(line, block.align, 0, room),), room, block.bold, block.size)
        case Columns():
            room = columns_of(block.size, columns)
            for pieces in _lay_cells(block.cells, room, spell):
                yield TextRow(tuple(pieces), room, block.bold, block.size)
        case Rule():
            line = spell((HEAVY if block.heavy else LIGHT) * columns)[:columns]
            yield TextRow((Placed(0, line),), columns)
        case Barcode():
            yield block
            for line in wrap(block.data, columns):
                yield TextRow((_place(line, Align.CENTER, 0, columns),), columns)
        case Feed() | QrCode() | Image() | Cut() | KickDrawer():
            yield block


def columns_of(size: Size, columns: int) -> int:
    """Return how many letters of a size fit where so many of font A do."""
    return columns // 2 if size is Size.DOUBLE else columns


def _place(text: str, align: Align, start: int, room: int) -> Placed:
    spare = max(0, room - width_of(text))
    shift = {Align.LEFT: 0, Align.CENTER: spare // 2, Align.RIGHT: spare}[align]
    return Placed(start + shift, text)


def _lay_cells(cells: Sequence[Cell], room: int, spell: Spell) -> Iterator[list[Placed]]:
    texts = [spell(cell.text) for cell in cells]
    widths = _widths(cells, texts, room) or _widths(cells, texts, room, narrow=True)
    if widths is None:
        yield from _lay_below(cells, texts, room)
        return
    columns = [wrap(text, width) for text, width in zip(texts, widths, strict=True)]
    for line in range(max(map(len, columns))):
        pieces, start = [], 0
        for cell, width, lines in zip(cells, widths, columns, strict=True):
            if line < len(lines) and lines[line]:
                pieces.append(_place(lines[line], cell.align, start, width))
            start += width + GAP
        yield pieces


def _widths(
    cells: Sequence[Cell], texts: Sequence[str], room: int, *, narrow: bool = False
) -> list[int] | None:
    """Return how wide each cell is, None where they do not fit beside one another."""
    wanted = [(narrow and cell.least) or cell.width for cell in cells]
    widths = [
        0 if cell.share else max(width, width_of(text))
        for cell, width, text in zip(cells, wanted, texts, strict=True)
    ]
    spare = room - sum(widths) - GAP * (len(cells) - 1)
    shares = sum(cell.share for cell in cells)
    if spare < 0 or (shares and not _names_fit(cells, texts, spare)):
        return None
    for index, cell in enumerate(cells):
        if cell.share:
            widths[index] = spare * cell.share // shares
            spare -= widths[index]
            shares -= cell.share
    return widths


def _names_fit(cells: Sequence[Cell], texts: Sequence[str], spare: int) -> bool:
    shares = sum(cell.share for cell in cells)
    return all(
        spare * cell.share // shares >= max(1, min(NARROWEST_NAME, max(cell.least, width_of(text))))
        for cell, text in zip(cells, texts, strict=True)
        if cell.share
    )


def _lay_below(cells: Sequence[Cell], texts: Sequence[str], room: int) -> Iterator[list[Placed]]:
    """Give the names lines of their own, then the rest from the right, as many as fit."""
    fixed: list[str] = []
    columns = [cell.least for cell in cells if not cell.share]
    aligned = sum(columns) + GAP * (len(columns) - 1) <= room
    for cell, text in zip(cells, texts, strict=True):
        if cell.share:
            yield from ([_place(line, Align.LEFT, 0, room)] for line in wrap(text, room))
        elif text:
            fixed.append(_in_its_column(text, cell) if aligned else text)
    for line in _gather(fixed, room):
        pieces: list[Placed] = []
        start = room - sum(map(width_of, line)) - GAP * (len(line) - 1)
        for text in line:
            pieces.append(Placed(max(0, start), text))
            start += width_of(text) + GAP
        yield pieces


def _in_its_column(text: str, cell: Cell) -> str:
    """Return a text as wide as its column, so that it stands below the others of the table."""
    missing = " " * max(0, cell.least - width_of(text))
    return missing + text if cell.align is Align.RIGHT else text + missing


def _gather(texts: Sequence[str], room: int) -> Iterator[list[str]]:
    line: list[str] = []
    for text in (part for whole in texts for part in wrap(whole, room)):
        if line and sum(map(width_of, line)) + GAP * len(line) + width_of(text) > room:
            yield line
            line = []
        line.append(text)
    if line:
        yield line


def wrap(text: str, room: int) -> list[str]:
    """Return the text in lines of at most so many columns: at words, long words anywhere."""
    text = text.rstrip()
    if width_of(text) <= room:
        return [text]
    lines = [""]
    for word in text.split():
        joined = f"{lines[-1]} {word}" if lines[-1] else word
        if width_of(joined) <= room:
            lines[-1] = joined
            continue
        *full, rest = _break(word, room)
        lines += [*full, rest]
    return [line for line in lines if line]


def _break(word: str, room: int) -> list[str]:
    parts, part, taken = [], "", 0
    for letter in word:
        width = _letter_width(letter)
        if taken + width > room and part:
            parts.append(part)
            part, taken = "", 0
        part += letter
        taken += width
    return [*parts, part]
