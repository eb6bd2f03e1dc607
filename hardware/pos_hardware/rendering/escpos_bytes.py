"""Turns a document into the bytes of ESC/POS, by python-escpos as a generator only.

The library is imported on first use (0.2 s), by whoever prints. Its automatic code pages, its
centring and its slicing of pictures are not used: hardware tests found each of them wrong. Every
print starts with ESC @, the end of any Chinese mode, and the printer's one code page.
"""

from __future__ import annotations

from collections.abc import Iterator

from pos_hardware.document import (
    Barcode,
    Cut,
    Feed,
    Image,
    KickDrawer,
    QrCode,
    ReceiptDocument,
    Size,
)
from pos_hardware.errors import BadDocument
from pos_hardware.fonts import Fonts
from pos_hardware.layout import Raster, Row, TextRow, lay_out
from pos_hardware.painting import Painter
from pos_hardware.profile import PrinterProfile, Symbols
from pos_hardware.rendering.generator import Generator, new_generator
from pos_hardware.spelling import Speller
from pos_hardware.symbols import bar_modules, bar_width, raster_of

ROWS_A_SLICE = 255
"""More rows in one picture overrun the buffers of cheap printers."""
_LEAVE_CHINESE = b"\x1c."


def render_escpos(
    document: ReceiptDocument, profile: PrinterProfile, fonts: Fonts | None = None
) -> bytes:
    """Return everything to send to the printer for a document.

    Raises `BadDocument` for a logo that cannot be read.
    """
    speller = Speller(profile.code_page.codec)
    writer = _Writer(profile, speller, Painter(profile, fonts))
    for row in lay_out(document, profile.columns, speller.spell):
        writer.write(row)
    return writer.bytes()


class _Writer:
    def __init__(self, profile: PrinterProfile, speller: Speller, painter: Painter) -> None:
        self._profile = profile
        self._speller = speller
        self._painter = painter
        self._bold, self._size = False, Size.NORMAL
        self._out: Generator = new_generator(profile)
        self._out.start(_LEAVE_CHINESE)

    def bytes(self) -> bytes:
        return self._out.output()

    def write(self, row: Row) -> None:
        match row:
            case TextRow():
                self._text(row)
            case Raster():
                self._raster(row)
            case Feed():
                self._out.print_and_feed(row.lines)
            case Barcode() | QrCode() if self._profile.symbols is Symbols.NATIVE:
                self._native(row)
            case Barcode() | QrCode() | Image():
                if raster := raster_of(row, self._profile.dots):
                    self._raster(raster)
            case Cut():
                self._cut()
            case KickDrawer():
                self._out.raw(self._profile.pulse.command())

    def _text(self, row: TextRow) -> None:
        line = row.text
        if not self._speller.has(line):
            self._raster(self._painter.text_raster(row))
            return
        self._style(row)
        self._out.textln(line)

    def _style(self, row: TextRow) -> None:
        """Send what changes only: a receipt is mostly plain lines."""
        if row.size is not self._size:
            self._size = row.size
            times = 2 if row.size is Size.DOUBLE else 1
            self._out.set(custom_size=True, width=times, height=times)
        if row.bold is not self._bold:
            self._bold = row.bold
            self._out.set(bold=row.bold)

    def _raster(self, raster: Raster) -> None:
        for piece in slices(raster):
            self._out.picture(piece)

    def _native(self, row: Barcode | QrCode) -> None:
        if isinstance(row, QrCode):
            self._out.native_qr(row)
        elif width := bar_width(len(bar_modules(row)), self._profile.dots):
            self._out.native_barcode(row, max(2, width))

    def _cut(self) -> None:
        self._out.print_and_feed(self._profile.feed_before_cut)
        if self._profile.cutter:
            self._out.cut_here()


def slices(raster: Raster) -> Iterator[Raster]:
    """Cut a picture into pieces that every printer's buffer holds."""
    stride = (raster.width + 7) // 8
    if len(raster.bits) != stride * raster.height:
        raise BadDocument("a picture's dots do not fill its lines")
    for top in range(0, raster.height, ROWS_A_SLICE):
        height = min(ROWS_A_SLICE, raster.height - top)
        yield Raster(raster.width, height, raster.bits[top * stride : (top + height) * stride])
