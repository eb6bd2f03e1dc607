"""A picture in place of a QR code: the right form, size and type, and nothing that can be read."""

from __future__ import annotations

import base64
import hashlib
import re
import struct
import zlib

from pos_sync.testing.mpesa import fields
from pos_sync.testing.mpesa.fields import Body
from pos_sync.testing.mpesa.house import House
from pos_sync.testing.mpesa.said import Reply, told

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_GREY_8_BIT = bytes((8, 0, 0, 0, 0))
_MODULES = 16
_NAME = re.compile(r".{1,80}")
_NUMBER = re.compile(r"[0-9]{5,12}")
_SIZE = re.compile(r"[1-9][0-9]{1,2}")


class QrDesk:
    """Draws pictures; the lock is held by who calls."""

    def __init__(self, house: House) -> None:
        self._house = house

    def draw(self, _app: str, body: Body) -> Reply:
        """Return a picture for what is asked."""
        name = fields.matching(body, "MerchantName", _NAME)
        reference = fields.matching(body, "RefNo", _NAME)
        fields.one_of(body, "TrxCode", "BG", "WA", "PB", "SM", "SB")
        number = fields.matching(body, "CPI", _NUMBER)
        cents = fields.whole_cents(body)
        size = int(fields.matching(body, "Size", _SIZE))
        png = picture(f"{name}|{reference}|{number}|{cents}", size)
        return Reply(
            told(
                {
                    "ResponseCode": self._house.numbers.conversation(self._house.now()),
                    "RequestID": self._house.numbers.other(),
                    "ResponseDescription": "QR Code Successfully Generated.",
                    "QRCode": base64.b64encode(png).decode("ascii"),
                }
            )
        )


def picture(text: str, pixels: int) -> bytes:
    """Return a PNG of dark and light squares, another one for each text."""
    bits = int.from_bytes(hashlib.sha256(text.encode()).digest(), "big")
    rows = bytearray()
    for y in range(pixels):
        line = y * _MODULES // pixels * _MODULES
        rows.append(0)
        rows += bytes(255 * (bits >> (line + x * _MODULES // pixels) & 1) for x in range(pixels))
    head = struct.pack(">II", pixels, pixels) + _GREY_8_BIT
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(bytes(rows))), (b"IEND", b""))
    return _SIGNATURE + b"".join(_part(kind, data) for kind, data in parts)


def _part(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
