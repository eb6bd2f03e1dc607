"""Draws shelf labels on sheets, as a PDF. Runs in a child process: it knows no language.

    for pages in write_labels(path=..., sheet={...}, labels=[{...}], first=1): ...

Names are wrapped to two lines and made smaller, then cut; a price is made smaller and never cut.
Bars are never finer than readers can tell: a code too long for its label is written as text.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from pos_desktop.documents.written_aside import written_aside
from pos_desktop.domain.label import Label, LabelSheet, Symbology, symbology

WRITE_LABELS = "pos_desktop.documents.labels:write_labels"

_TENTH = 72 / 254
"""Points in a tenth of a millimetre."""
_WIDTH, _HEIGHT = 2100, 2970
"""An A4 sheet in tenths of a millimetre, as the lengths of a LabelSheet are."""
_PADDING = 25
_EDGE = 40
"""So much at the edge of the paper most printers leave white."""
_PLAIN, _BOLD = "Vera", "VeraBd"
_FINEST_BAR = 1.9 * _TENTH
"""The width of the thinnest bar that a cheap scanner reads off a laser print."""
_WIDEST_BAR = 3.3 * _TENTH
_QUIET_BARS = 22
"""White room beside the bars, both sides together, by the widths of the thinnest bar."""
_BARS = {Symbology.EAN13: 95, Symbology.EAN8: 67}
_LEAST_SIZE = 4.5


@dataclass(frozen=True, slots=True)
class _Room:
    """A part of a label in points: its lower left corner, its width and its height."""

    x: float
    y: float
    width: float
    height: float


def write_labels(
    *, path: str, sheet: Mapping[str, int], labels: Sequence[Mapping[str, str]], first: int
) -> Iterator[int]:
    """Write labels from the place `first` (from 1) of the first sheet on.

    Yields how many pages are drawn, and that once more when the file is whole.

    Raises Unavailable or Refused where the file cannot be written; then no half of it is left
    behind, and what had its name before is still there.
    """
    layout, texts = LabelSheet(**sheet), [Label(**one) for one in labels]
    with written_aside(Path(path)) as aside:
        pages = 0
        for pages in _draw(aside.file, layout, texts, first):
            yield pages
    yield pages


def _draw(out: Any, sheet: LabelSheet, labels: Sequence[Label], first: int) -> Iterator[int]:
    """Draw labels, and yield after each page how many there are."""
    from reportlab.pdfgen.canvas import Canvas

    _load_fonts()
    canvas = Canvas(
        out, pagesize=(_WIDTH * _TENTH, _HEIGHT * _TENTH), pageCompression=1, invariant=1
    )
    for place, label in enumerate(labels, start=first - 1):
        page, on_page = divmod(place, sheet.labels)
        if page >= canvas.getPageNumber():
            yield int(canvas.getPageNumber())
            canvas.showPage()
        _draw_label(canvas, _place(sheet, on_page), label)
    pages = int(canvas.getPageNumber())
    canvas.save()
    yield pages


@cache
def _load_fonts() -> None:
    """Load fonts that are put into the file, so that every printer shows the same letters."""
    from reportlab.pdfbase.pdfmetrics import registerFont
    from reportlab.pdfbase.ttfonts import TTFont

    for name in (_PLAIN, _BOLD):
        registerFont(TTFont(name, f"{name}.ttf"))


def _place(sheet: LabelSheet, number: int) -> _Room:
    """Return the room inside a label, where a printer that leaves the edge white can print."""
    row, column = divmod(number, sheet.columns)
    left = sheet.left + column * (sheet.width + sheet.gap)
    bottom = _HEIGHT - sheet.top - (row + 1) * sheet.height
    x = max(left + _PADDING, _EDGE)
    y = max(bottom + _PADDING, _EDGE)
    right = min(left + sheet.width - _PADDING, _WIDTH - _EDGE)
    top = min(bottom + sheet.height - _PADDING, _HEIGHT - _EDGE)
    return _Room(x * _TENTH, y * _TENTH, (right - x) * _TENTH, (top - y) * _TENTH)


def _draw_label(canvas: Any, room: _Room, label: Label) -> None:
    """Draw the name above, the price below it, the bars at the foot."""
    foot = room.height * 0.42
    middle = room.height * 0.28
    _draw_bars(canvas, _Room(room.x, room.y, room.width, foot), label.code)
    _draw_price(canvas, _Room(room.x, room.y + foot, room.width, middle), label)
    head = room.height - foot - middle
    _draw_name(canvas, _Room(room.x, room.y + foot + middle, room.width, head), label.name)


def _draw_name(canvas: Any, room: _Room, name: str) -> None:
    text = _known_signs(name, _BOLD)
    size, lines = _fitted(text, room)
    for number, line in enumerate(lines, start=1):
        canvas.setFont(_BOLD, size)
        canvas.drawString(room.x, room.y + room.height - number * size * 1.1 + size * 0.25, line)


def _fitted(text: str, room: _Room) -> tuple[float, list[str]]:
    """Return the size at which a text fits into one or two lines, cut at the smallest one."""
    size = room.height * 0.6
    while size > _LEAST_SIZE:
        lines = _wrapped(text, size, room.width)
        if len(lines) <= 2 and len(lines) * size * 1.1 <= room.height:
            return size, lines
        size -= 0.25
    first = _beginning(text, size, room.width)
    return size, [first, _cut(text[len(first) :].strip(), size, room.width)]


def _wrapped(text: str, size: float, width: float) -> list[str]:
    """Return a text in lines; a word wider than a line makes one line too many."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and _width(longer, _BOLD, size) > width:
            lines.append(word)
        else:
            lines[-1] = longer
    too_wide = [line for line in lines if _width(line, _BOLD, size) > width]
    return [*lines, "", ""] if too_wide else lines


def _beginning(text: str, size: float, width: float) -> str:
    """Return as much of a text as fits into a line, whole words where there are any."""
    length = len(text)
    while length > 1 and _width(text[:length], _BOLD, size) > width:
        length -= 1
    words, space, _rest = text[:length].rpartition(" ")
    return words if space and length < len(text) else text[:length]


def _cut(text: str, size: float, width: float) -> str:
    """Return what of a text fits into a line, with a sign where something is missing."""
    if _width(text, _BOLD, size) <= width:
        return text
    while text and _width(f"{text}…", _BOLD, size) > width:
        text = text[:-1]
    return f"{text.rstrip()}…"


def _draw_price(canvas: Any, room: _Room, label: Label) -> None:
    """Draw the price as large as fits, and to its right what a unit costs."""
    small = room.height * 0.34
    unit = _known_signs(label.unit_price, _PLAIN)
    taken = _width(unit, _PLAIN, small) + small if unit else 0.0
    price = _known_signs(label.price, _BOLD)
    size = min(room.height * 1.15, (room.width - taken) / _width(price, _BOLD, 1))
    baseline = room.y + room.height * 0.16
    canvas.setFont(_BOLD, size)
    canvas.drawString(room.x, baseline, price)
    if unit:
        canvas.setFont(_PLAIN, small)
        canvas.drawRightString(room.x + room.width, baseline, unit)


def _draw_bars(canvas: Any, room: _Room, code: str) -> None:
    """Draw a code as bars with its text below, or as text alone where bars cannot say it."""
    size = min(room.height * 0.24, 8.0)
    text = _known_signs(code, _PLAIN)
    drawn = symbology(code)
    bar = 0.0
    if drawn is not None:
        bars = _bar_count(*drawn)
        bar = min(_WIDEST_BAR, room.width / (bars + _QUIET_BARS))
        if bar >= _FINEST_BAR:
            left = room.x + _QUIET_BARS / 2 * bar
            _bars_at(canvas, *drawn, left, room.y + size, bar, room.height - size * 1.2)
            room = _Room(left, room.y, bars * bar, room.height)
    size = min(size, room.width / max(_width(text, _PLAIN, 1), 1))
    canvas.setFont(_PLAIN, size)
    canvas.drawCentredString(room.x + room.width / 2, room.y + size * 0.1, text)


def _bar_count(kind: Symbology, data: str) -> int:
    """Return how many times the thinnest bar a code is wide, without its quiet room."""
    if kind in _BARS:
        return _BARS[kind]
    return round(float(_code128(data, 1.0, 10.0).width))


def _bars_at(
    canvas: Any, kind: Symbology, data: str, x: float, y: float, bar: float, height: float
) -> None:
    if kind is Symbology.CODE128:
        _code128(data, bar, height).drawOn(canvas, x, y)
        return
    from reportlab.graphics import renderPDF
    from reportlab.graphics.barcode.eanbc import Ean8BarcodeWidget, Ean13BarcodeWidget
    from reportlab.graphics.shapes import Drawing

    widget = Ean13BarcodeWidget if kind is Symbology.EAN13 else Ean8BarcodeWidget
    drawing = Drawing(_BARS[kind] * bar, height)
    drawing.add(widget(data[:-1], barWidth=bar, barHeight=height, humanReadable=False, quiet=False))
    renderPDF.draw(drawing, canvas, x, y)


def _code128(data: str, bar: float, height: float) -> Any:
    from reportlab.graphics.barcode.code128 import Code128

    return Code128(data, barWidth=bar, barHeight=height, quiet=False, humanReadable=False)


def _width(text: str, font: str, size: float) -> float:
    from reportlab.pdfbase.pdfmetrics import stringWidth

    return float(stringWidth(text, font, size))


def _known_signs(text: str, font: str) -> str:
    """Return a text with a question mark for each sign that the font does not have."""
    from reportlab.pdfbase.pdfmetrics import getFont

    known = getFont(font).face.charToGlyph
    return "".join(sign if ord(sign) in known else "?" for sign in text)
