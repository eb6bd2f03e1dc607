"""Draws a paper of the till, a receipt or a Z, as a PDF: one page, as wide as the roll.

Its words stay words, so that they can be searched and copied. Each piece of text stands where it
would on the roll; what is wider there than its columns becomes smaller and is never cut.
"""

from __future__ import annotations

import io
from typing import Any

from pos_hardware.document import Barcode, Feed, Image, QrCode, ReceiptDocument, Size
from pos_hardware.layout import HEAVY, LIGHT, Placed, Row, TextRow, lay_out, width_of

from pos_desktop.documents.pdf_letters import PLAIN, STRONG, Letters, width
from pos_desktop.documents.written_aside import Aside

_COLUMNS = 42
_MM = 72 / 25.4
_PAGE = 80 * _MM
_EDGE = 4 * _MM
_COLUMN = (_PAGE - 2 * _EDGE) / _COLUMNS
_SIZE = 8.0
_LINE = 10.5
_CODE = 26 * _MM
_BARS = 11 * _MM
_LOGO = 22 * _MM
_GAP = 5.0
_BAR = 0.9
"""Points of the thinnest bar, at most."""


def write_paper(document: ReceiptDocument, title: str, aside: Aside) -> None:
    """Write a paper to a file; raises OSError where the disk refuses."""
    from reportlab.pdfgen.canvas import Canvas

    rows = lay_out(document, _COLUMNS)
    height = sum(map(_height, rows)) + 2 * _EDGE
    letters = Letters()
    canvas = Canvas(aside.file, pagesize=(_PAGE, height), pageCompression=1, invariant=1)
    canvas.setTitle(title)
    canvas.setCreator("POS Desktop")
    y = height - _EDGE
    for row in rows:
        y -= _height(row)
        _draw(canvas, letters, row, y)
    canvas.showPage()
    canvas.save()


def _height(row: Row) -> float:
    """Return how much of the paper a row takes: nothing for what is no picture of anything."""
    match row:
        case TextRow():
            return _LINE * (2 if row.size is Size.DOUBLE else 1)
        case Feed():
            return _LINE * row.lines
        case QrCode():
            return _CODE + _GAP
        case Barcode():
            return _BARS + _GAP
        case Image():
            return _LOGO + _GAP
        case _:
            return 0.0


def _draw(canvas: Any, letters: Letters, row: Row, y: float) -> None:
    match row:
        case TextRow():
            _draw_line(canvas, letters, row, y)
        case QrCode():
            _draw_code(canvas, row.data, y)
        case Barcode():
            _draw_bars(canvas, row.data, y)
        case Image():
            _draw_logo(canvas, row.png, y)


def _draw_line(canvas: Any, letters: Letters, row: TextRow, y: float) -> None:
    if sign := _rule_of(row):
        canvas.setLineWidth(1.2 if sign == HEAVY else 0.5)
        canvas.line(_EDGE, y + _LINE / 2, _PAGE - _EDGE, y + _LINE / 2)
        return
    is_large = row.size is Size.DOUBLE
    for piece in row.pieces:
        face = STRONG if row.bold else PLAIN
        text = letters.known(piece.text.rstrip())
        signs = width_of(piece.text) if len(row.pieces) > 1 else row.columns - piece.column
        room = signs * _COLUMN * _COLUMNS / row.columns
        size = _SIZE * (1.6 if is_large else 1.0)
        size = min(size, size * room / max(width(text, face, size), 0.1))
        canvas.setFont(face, size)
        canvas.drawString(_left(row, piece, width(text, face, size)), y + 2.5, text)


def _rule_of(row: TextRow) -> str:
    """Return the sign of which a line across the paper is made; empty for any other line."""
    text = row.text
    is_rule = len(text) == row.columns and text[0] in (HEAVY, LIGHT) and not text.strip(text[0])
    return text[0] if is_rule else ""


def _left(row: TextRow, piece: Placed, wide: float) -> float:
    """Return where a piece begins: at its column, or so that it ends or is centred as on paper.

    Letters here are not all of one width.
    """
    column = _COLUMN * _COLUMNS / row.columns
    signs = width_of(piece.text)
    after = row.columns - piece.column - signs
    if not piece.column:
        indent = len(piece.text) - len(piece.text.lstrip())
        return _EDGE + (indent * column / 2 if indent else 0.0)
    if len(row.pieces) == 1 and abs(piece.column - after) <= 1:
        return _PAGE / 2 - wide / 2
    return _EDGE + (piece.column + signs) * column - wide


def _draw_code(canvas: Any, data: str, y: float) -> None:
    from reportlab.graphics import renderPDF
    from reportlab.graphics.barcode.qr import QrCodeWidget
    from reportlab.graphics.shapes import Drawing

    drawing = Drawing(_CODE, _CODE)
    drawing.add(QrCodeWidget(data, barWidth=_CODE, barHeight=_CODE))
    renderPDF.draw(drawing, canvas, (_PAGE - _CODE) / 2, y + _GAP)


def _draw_bars(canvas: Any, data: str, y: float) -> None:
    from reportlab.graphics.barcode.code128 import Code128

    bars = Code128(data, barWidth=1.0, barHeight=_BARS, quiet=False, humanReadable=False)
    bar = min(_BAR, (_PAGE - 4 * _EDGE) / float(bars.width))
    bars = Code128(data, barWidth=bar, barHeight=_BARS, quiet=False, humanReadable=False)
    bars.drawOn(canvas, (_PAGE - float(bars.width)) / 2, y + _GAP / 2)


def _draw_logo(canvas: Any, png: bytes, y: float) -> None:
    from reportlab.lib.utils import ImageReader

    picture = ImageReader(io.BytesIO(png))
    wide, high = picture.getSize()
    scale = min((_PAGE - 2 * _EDGE) / wide, _LOGO / high)
    left = (_PAGE - wide * scale) / 2
    canvas.drawImage(picture, left, y + _GAP, wide * scale, high * scale, mask="auto")
