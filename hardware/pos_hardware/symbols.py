"""Draws bar codes, QR codes and logos in dots, centred on the paper.

The bars come from python-barcode, the squares from qrcode (both come with python-escpos), the
pictures from Pillow; all are imported on first use.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from pos_hardware.document import Barcode, BarcodeKind, Image, QrCode
from pos_hardware.errors import BadDocument
from pos_hardware.layout import Raster

if TYPE_CHECKING:
    from PIL.Image import Image as Picture

BAR_HEIGHT = 72
QUIET_MODULES = 10
"""Empty modules that a reader needs at each side of a bar code."""
WIDEST_BAR = 3
QR_MODULE = 5
QR_QUIET = 4
LARGEST_PICTURE = 4_000
"""Dots a side; a small PNG may claim to be far larger."""


def raster_of(block: Barcode | QrCode | Image, dots: int) -> Raster | None:
    """Return a block drawn on paper so many dots wide; None for a bar code that does not fit."""
    match block:
        case Barcode():
            return _bars(block, dots)
        case QrCode():
            return _squares(block, dots)
        case Image():
            return to_raster(_logo(block, dots), dots)


def to_raster(picture: Picture, dots: int) -> Raster:
    """Return a picture as dots in the middle of the paper; light becomes white."""
    import PIL.Image

    page = PIL.Image.new("1", (dots, picture.height), 1)
    page.paste(picture.convert("1"), ((dots - picture.width) // 2, 0))
    white_is_one = page.tobytes()
    return Raster(dots, picture.height, bytes(byte ^ 0xFF for byte in white_is_one))


def to_picture(raster: Raster) -> Picture:
    """Return dots as a picture in black and white."""
    import PIL.Image

    bits = bytes(byte ^ 0xFF for byte in raster.bits)
    padded = (raster.width + 7) // 8 * 8
    picture = PIL.Image.frombytes("1", (padded, raster.height), bits)
    return picture.crop((0, 0, raster.width, raster.height))


def bar_modules(block: Barcode) -> str:
    """Return the bars of a code as a text of 1 (bar) and 0 (space)."""
    import barcode

    kind = {BarcodeKind.CODE128: "code128", BarcodeKind.EAN13: "ean13"}[block.kind]
    lines: list[str] = barcode.get(kind, block.data).build()
    return "".join("0" if module == "0" else "1" for module in lines[0])


def bar_width(modules: int, dots: int) -> int:
    """Return how many dots wide a module may be on the paper; 0 if the code does not fit."""
    return min(WIDEST_BAR, dots // (modules + 2 * QUIET_MODULES))


def _bars(block: Barcode, dots: int) -> Raster | None:
    modules = bar_modules(block)
    module = bar_width(len(modules), dots)
    if not module:
        return None
    margin = (dots - module * len(modules)) // 2
    line = "0" * margin + "".join(bar * module for bar in modules)
    row = int(line.ljust(dots, "0"), 2).to_bytes(dots // 8, "big")
    return Raster(dots, BAR_HEIGHT, row * BAR_HEIGHT)


def _squares(block: QrCode, dots: int) -> Raster:
    import qrcode

    code = qrcode.QRCode(border=QR_QUIET, error_correction=qrcode.constants.ERROR_CORRECT_M)
    code.add_data(block.data)
    code.make(fit=True)
    matrix: list[list[bool]] = code.get_matrix()
    module = min(QR_MODULE, dots // len(matrix))
    margin = "0" * ((dots - module * len(matrix)) // 2)
    bits = b""
    for squares in matrix:
        line = margin + "".join("01"[dark] * module for dark in squares)
        bits += int(line.ljust(dots, "0"), 2).to_bytes(dots // 8, "big") * module
    return Raster(dots, module * len(matrix), bits)


def _logo(block: Image, dots: int) -> Picture:
    import PIL.Image

    try:
        picture = PIL.Image.open(io.BytesIO(block.png), formats=("PNG",))
        if max(picture.size) > LARGEST_PICTURE:
            raise BadDocument(f"a picture has at most {LARGEST_PICTURE} dots a side")
        coloured = picture.convert("RGBA")
    except (OSError, ValueError, SyntaxError) as error:
        raise BadDocument("the picture cannot be read") from error
    on_white = PIL.Image.new("RGBA", coloured.size, "white")
    on_white.alpha_composite(coloured)
    grey = on_white.convert("L")
    if grey.width > dots:
        grey = grey.resize((dots, max(1, grey.height * dots // grey.width)))
    return grey
