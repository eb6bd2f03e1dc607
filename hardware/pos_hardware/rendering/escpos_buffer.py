"""python-escpos as a generator: its commands as bytes, with no device behind it.

Imported by `generator` alone, on first use: the library takes 0.2 s to import.
"""

from __future__ import annotations

from typing import Any

from escpos.capabilities import Profile
from escpos.escpos import Escpos
from escpos.magicencode import Encoder, MagicEncode

from pos_hardware.document import Barcode, BarcodeKind, QrCode
from pos_hardware.layout import Raster
from pos_hardware.profile import PrinterProfile
from pos_hardware.symbols import BAR_HEIGHT, QR_MODULE, to_picture

_FULL_CUT = b"\x1dV\x00"
_ALIGN_LEFT = b"\x1ba\x00"
_ALIGN_CENTER = b"\x1ba\x01"


class PageEncoder(Encoder):  # type: ignore[misc]
    """Encodes by Python's codecs; the library's own table knows fewer pages."""

    def encode(self, text: str, encoding: str, defaultchar: str = "?") -> bytes:  # noqa: ARG002
        """Return the bytes of a text that was spelled for the page."""
        return text.encode(encoding, "replace")


class Buffer(Escpos):  # type: ignore[misc]
    """Commands collected in memory; there is nothing to open or to close."""

    def __init__(self, profile: PrinterProfile) -> None:
        self._parts: list[bytes] = []
        self._image_mode = profile.image_mode.value
        self._page = profile.code_page.codec.upper()
        known = _profile_of(profile)
        super().__init__(profile=known)
        self.magic = MagicEncode(self, encoder=PageEncoder(known.get_code_pages()))

    def open(self) -> None:
        """Do nothing: the library's base class asks for it."""

    def close(self) -> None:
        """Do nothing, as `open`."""

    def _raw(self, msg: bytes) -> None:
        self._parts.append(msg)

    def output(self) -> bytes:
        """Return everything written so far."""
        return b"".join(self._parts)

    def raw(self, data: bytes) -> None:
        """Write bytes as they are."""
        self._raw(data)

    def start(self, more: bytes) -> None:
        """Write ESC @, these bytes, and the code page, which ESC @ makes the printer forget."""
        self.hw("INIT")
        self._raw(more)
        self.magic.encoding = None
        self.charcode(self._page)

    def picture(self, raster: Raster) -> None:
        """Write a picture that already has the paper's width."""
        self.image(to_picture(raster), impl=self._image_mode)

    def native_qr(self, code: QrCode) -> None:
        """Write a QR code; the library does not centre one, and would leave it centred."""
        self._raw(_ALIGN_CENTER)
        self.qr(code.data, ec=1, size=QR_MODULE, native=True)
        self._raw(_ALIGN_LEFT)

    def native_barcode(self, code: Barcode, width: int) -> None:
        """Write a bar code, past the public method, which prints on standard output."""
        ean = code.kind is BarcodeKind.EAN13
        data, kind = (code.data, "EAN13") if ean else ("{B" + code.data, "CODE128")
        self._hw_barcode(data, kind, BAR_HEIGHT, width, "OFF", function_type="B")
        self._raw(_ALIGN_LEFT)

    def cut_here(self) -> None:
        """Write a full cut; the library's own feeds six lines first."""
        self._raw(_FULL_CUT)


def _profile_of(profile: PrinterProfile) -> Any:
    known = Profile(columns=profile.columns)
    known.profile_data = {
        "name": "POS Desktop",
        "codePages": {str(profile.code_page.number): profile.code_page.codec.upper()},
        "media": {"width": {"pixels": profile.dots, "mm": profile.paper_mm}, "dpi": 203},
        "fonts": {"0": {"columns": profile.columns, "name": "Font A"}},
    }
    return known
