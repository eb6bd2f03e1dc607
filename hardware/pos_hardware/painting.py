"""Paints rows as the paper would show them: for previews, demo mode and lines as pictures.

Sizes are dots of the print head. The picture has the margins of the paper, so that it looks like
what lies in the customer's hand.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import TYPE_CHECKING

from pos_hardware.document import Barcode, Cut, Feed, Image, KickDrawer, QrCode, Size
from pos_hardware.fonts import Fonts
from pos_hardware.layout import HEAVY, LIGHT, Placed, Raster, Row, TextRow, width_of
from pos_hardware.profile import PrinterProfile
from pos_hardware.symbols import raster_of, to_picture, to_raster

if TYPE_CHECKING:
    from PIL.Image import Image as Picture
    from PIL.ImageDraw import ImageDraw

LINE = 30
"""Dots from one line to the next: the usual line spacing of 203 dots an inch."""
LETTER = 24
"""Height of font A in dots."""
DOTS_PER_MM = 8
MARGIN = 24
TORN = 6
_ADVANCE = 0.602
"""Width of a letter of DejaVu Sans Mono for its size; other fonts are centred in the cell."""


class Painter:
    """Paints for one printer."""

    def __init__(self, profile: PrinterProfile, fonts: Fonts | None = None) -> None:
        self._profile = profile
        self._fonts = fonts or Fonts()

    def page(self, rows: Iterable[Row]) -> bytes:
        """Return the PNG of a whole print, the paper's margins included."""
        import PIL.Image

        strips = [strip for row in rows if (strip := self._strip(row)) is not None]
        width = max(self._profile.dots + 2 * TORN, self._profile.paper_mm * DOTS_PER_MM)
        height = sum(strip.height for strip in strips) + 2 * MARGIN
        page = PIL.Image.new("L", (width, max(1, height)), 255)
        top = MARGIN
        for strip in strips:
            page.paste(strip, ((width - strip.width) // 2, top))
            top += strip.height
        written = io.BytesIO()
        page.save(written, "PNG")
        return written.getvalue()

    def text_raster(self, row: TextRow) -> Raster:
        """Return a line as dots, for letters that no code page has."""
        return to_raster(self._text(row).point(lambda grey: 255 * (grey > 140)), self._profile.dots)

    def _strip(self, row: Row) -> Picture | None:
        match row:
            case TextRow():
                return self._text(row)
            case Raster():
                return to_picture(row)
            case Feed():
                return self._blank(row.lines * LINE)
            case Barcode() | QrCode() | Image():
                raster = raster_of(row, self._profile.dots)
                return to_picture(raster) if raster else None
            case Cut():
                return self._cut()
            case KickDrawer():
                return None

    def _blank(self, height: int) -> Picture:
        import PIL.Image

        return PIL.Image.new("L", (self._profile.dots, height), 255)

    def _cut(self) -> Picture:
        from PIL import ImageDraw

        strip = self._blank(LINE)
        draw = ImageDraw.Draw(strip)
        for left in range(0, strip.width, 16):
            draw.line((left, LINE // 2, left + 7, LINE // 2), fill=170)
        return strip

    def _text(self, row: TextRow) -> Picture:
        from PIL import ImageDraw

        times = 2 if row.size is Size.DOUBLE else 1
        strip = self._blank(LINE if times == 1 else LETTER * 2 + 8)
        draw = ImageDraw.Draw(strip)
        cell = self._profile.dots / self._profile.columns * times
        for piece in row.pieces:
            if set(piece.text) <= {LIGHT, HEAVY}:
                _draw_rule(draw, piece, cell)
            else:
                self._draw_piece(draw, piece, cell, row)
        return strip

    def _draw_piece(self, draw: ImageDraw, piece: Placed, cell: float, row: TextRow) -> None:
        """Draw letter by letter in the grid; scripts that join letters in one go."""
        middle = draw.im.size[1] / 2
        size = cell / _ADVANCE
        if not all(_stands_alone(letter) for letter in piece.text):
            font = self._fonts.for_text(piece.text, size)
            room = cell * width_of(piece.text)
            if (wide := font.getlength(piece.text)) > room:
                font = self._fonts.for_text(piece.text, size * room / wide)
            left = piece.column * cell
            at_end = piece.column + width_of(piece.text) >= row.columns
            place, anchor = (left + room, "rm") if at_end and left else (left, "lm")
            draw.text((place, middle), piece.text, 0, font, anchor=anchor)
            return
        font = self._fonts.monospace(size, bold=row.bold)
        top = middle + size * 0.36
        for index, letter in enumerate(piece.text):
            centre = (piece.column + index + 0.5) * cell
            draw.text((centre, top), letter, 0, font, anchor="ms")


def _draw_rule(draw: ImageDraw, piece: Placed, cell: float) -> None:
    left, right = piece.column * cell, (piece.column + len(piece.text)) * cell - 1
    offsets = (-3, 2) if piece.text[0] == HEAVY else (0,)
    for offset in offsets:
        top = LINE // 2 + offset
        draw.rectangle((left, top, right, top + 1), fill=0)


def _stands_alone(letter: str) -> bool:
    """Tell whether a letter may be drawn by itself: Latin, Greek, Cyrillic, signs."""
    return (letter < "\u0530" or "\u2000" <= letter < "\u2c00") and width_of(letter) == 1
