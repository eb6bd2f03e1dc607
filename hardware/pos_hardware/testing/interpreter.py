"""Reads ESC/POS as a printer would, and tells what the paper shows.

Written from the published command reference, independently of how this package makes bytes, so
that a mistake there shows as wrong paper here. Bytes may come in any portions.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from pos_hardware.document import Barcode, BarcodeKind, Cut, Feed, KickDrawer, QrCode, Size
from pos_hardware.errors import BadDocument
from pos_hardware.layout import Placed, Raster, Row, TextRow, width_of
from pos_hardware.profile import CODE_PAGES
from pos_hardware.rendering.plain import row_text

_ARGUMENTS = {
    b"\x1b@": 0, b"\x1bt": 1, b"\x1bE": 1, b"\x1bG": 1, b"\x1b!": 1, b"\x1ba": 1, b"\x1bd": 1,
    b"\x1bJ": 1, b"\x1b2": 0, b"\x1b3": 1, b"\x1bM": 1, b"\x1b-": 1, b"\x1bR": 1, b"\x1b{": 1,
    b"\x1bp": 3, b"\x1b=": 1, b"\x1d!": 1, b"\x1dB": 1, b"\x1dh": 1, b"\x1dw": 1, b"\x1dH": 1,
    b"\x1df": 1, b"\x1dr": 1, b"\x1da": 1, b"\x1dL": 2, b"\x1dW": 2, b"\x1c.": 0, b"\x1c&": 0,
    b"\x10\x04": 1,
}  # fmt: skip
"""Commands of a fixed length: how many bytes follow."""
_TEXT = re.compile(rb"[\x20-\xff]+")
_GAP = re.compile(r" {2,}")


class _More(Exception):
    """The command is not complete yet."""


class Interpreter:
    """A printer's reading of bytes. `rows` is the paper, `pulses` the drawer's pins.

    `reply` takes what the printer says; `status` gives the byte for DLE EOT n.
    """

    def __init__(
        self,
        columns: int = 48,
        *,
        reply: Callable[[bytes], None] = lambda _data: None,
        status: Callable[[int], int] = lambda _number: 0x12,
    ) -> None:
        self.columns = columns
        self.rows: list[Row] = []
        self.pulses: list[int] = []
        self.unknown: list[bytes] = []
        self.consumed = 0
        self._reply = reply
        self._status = status
        self._pending = bytearray()
        self._qr = ""
        self._graphics: Raster | None = None
        self._reset()

    @property
    def text(self) -> str:
        """The paper as text; pictures are left out."""
        lines = [line for row in self.rows for line in row_text(row, self.columns)]
        return "".join(f"{line}\n" for line in lines)

    @property
    def lines(self) -> list[str]:
        """The printed lines of letters, without feeds and pictures."""
        return [row.text for row in self.rows if isinstance(row, TextRow)]

    def feed(self, data: bytes) -> None:
        """Take bytes; act on every command that is complete."""
        self._pending += data
        while self._pending:
            try:
                used = self._step(bytes(self._pending))
            except _More:
                return
            del self._pending[:used]
            self.consumed += used

    def _reset(self) -> None:
        self._codec: str | None = CODE_PAGES[0]
        self._bold = False
        self._width = self._height = 1
        self._align = 0
        self._line = ""
        self._stripes: list[Raster] = []

    def _step(self, data: bytes) -> int:
        if text := _TEXT.match(data):
            self._letters(text[0])
            return text.end()
        if data[0] == 0x0A:
            self._end_line()
            return 1
        if data[0] in b"\x1b\x1d\x1c\x10":
            return self._command(data)
        if data[0] not in b"\r\x00":
            self.unknown.append(data[:1])
        return 1

    def _letters(self, data: bytes) -> None:
        codec = self._codec or "ascii"
        self._line += data.decode(codec, "replace")

    def _command(self, data: bytes) -> int:
        name = _take(data, 0, 2)
        if name in _ARGUMENTS:
            end = 2 + _ARGUMENTS[name]
            self._fixed(name, _take(data, 2, end))
            return end
        if (longer := self._LONGER.get(name)) is None:
            self.unknown.append(name)
            return 2
        return longer(self, data)

    def _fixed(self, name: bytes, values: bytes) -> None:
        value = values[0] if values else 0
        match name:
            case b"\x1b@":
                self._reset()
            case b"\x1bt":
                self._codec = CODE_PAGES.get(value)
            case b"\x1bE" | b"\x1bG":
                self._bold = bool(value & 1)
            case b"\x1ba":
                self._align = value % 48
            case b"\x1b!":
                self._bold = bool(value & 8)
                self._width, self._height = 1 + bool(value & 0x20), 1 + bool(value & 0x10)
            case b"\x1d!":
                self._width, self._height = 1 + (value >> 4), 1 + (value & 7)
            case b"\x1b2" | b"\x1b3":
                pass  # the spacing of lines: rows know no dots between them
            case _:
                self._act(name, value)

    def _act(self, name: bytes, value: int) -> None:
        match name:
            case b"\x1bd":
                if self._line:
                    self._end_line()
                    value -= 1
                if value > 0:
                    self.rows.append(Feed(min(value, 50)))
            case b"\x1bp":
                self.pulse(value)
            case b"\x1dr":
                self._reply(b"\x00")
            case b"\x10\x04":
                self._reply(bytes((self._status(value),)))

    def pulse(self, pin_number: int) -> None:
        """Open the drawer on pin 2 (0) or 5 (1)."""
        self.pulses.append(5 if pin_number % 48 else 2)
        self.rows.append(KickDrawer())

    def _end_line(self) -> None:
        line, self._line = self._line, ""
        stripes, self._stripes = self._stripes, []
        self.rows += stripes
        if not line:
            if not stripes:
                self.rows.append(Feed(1))
            return
        room = self.columns // self._width
        spare = max(0, room - width_of(line))
        start = {1: spare // 2, 2: spare}.get(self._align, 0)
        size = Size.DOUBLE if self._width > 1 and self._height > 1 else Size.NORMAL
        self.rows.append(TextRow(_pieces(line, start), room, self._bold, size))

    def _cut(self, data: bytes) -> int:
        mode = _take(data, 2, 3)[0]
        end = 4 if mode in {65, 66, 97, 98, 103, 104} else 3
        _take(data, 0, end)
        self.rows.append(Cut())
        return end

    def _raster(self, data: bytes) -> int:
        head = _take(data, 4, 8)
        stride, height = _number(head[:2]), _number(head[2:])
        end = 8 + stride * height
        self.rows.append(Raster(stride * 8, height, _take(data, 8, end)))
        return end

    def _columns(self, data: bytes) -> int:
        head = _take(data, 2, 5)
        deep = 3 if head[0] in {32, 33} else 1
        width = _number(head[1:])
        end = 5 + width * deep
        self._stripes.append(_turned(_take(data, 5, end), width, deep))
        return end

    def _barcode(self, data: bytes) -> int:
        kind = _take(data, 2, 3)[0]
        if kind >= 65:
            start, end = 4, 4 + _take(data, 3, 4)[0]
            code, used = _take(data, start, end), end
        else:
            end = data.find(b"\0", 3)
            if end < 0:
                raise _More
            code, used = data[3:end], end + 1
        self._draw_barcode(kind, code.decode("ascii", "replace"))
        return used

    def _draw_barcode(self, kind: int, code: str) -> None:
        try:
            if kind in {2, 67}:
                self.rows.append(Barcode(code, BarcodeKind.EAN13))
            else:
                self.rows.append(Barcode(re.sub("^{[ABC]", "", code)))
        except BadDocument:
            self.unknown.append(code.encode())

    def _symbol(self, data: bytes) -> int:
        end = 5 + _number(_take(data, 3, 5))
        content = _take(data, 5, end)
        if content[:2] == b"1P":
            self._qr = content[3:].decode(errors="replace")
        elif content[:2] == b"1Q":
            self.rows.append(QrCode(self._qr))
        return end

    def _graphic(self, data: bytes) -> int:
        end = 5 + _number(_take(data, 3, 5))
        content = _take(data, 5, end)
        if content[:2] == b"0p":
            width, height = _number(content[6:8]), _number(content[8:10])
            self._graphics = Raster(width, height, content[10:])
        elif content[:2] == b"02" and self._graphics:
            self.rows.append(self._graphics)
        return end

    def _parenthesis(self, data: bytes) -> int:
        match _take(data, 2, 3):
            case b"k":
                return self._symbol(data)
            case b"L":
                return self._graphic(data)
            case _:
                self.unknown.append(data[:3])
                end = 5 + _number(_take(data, 3, 5))
                _take(data, 0, end)
                return end

    def _real_time(self, data: bytes) -> int:
        _, pin_number, _ = _take(data, 2, 5)
        self.pulse(pin_number)
        return 5

    _LONGER: dict[bytes, Callable[[Interpreter, bytes], int]] = {  # noqa: RUF012 - never written
        b"\x1dV": _cut,
        b"\x1dv": _raster,
        b"\x1dk": _barcode,
        b"\x1d(": _parenthesis,
        b"\x1b*": _columns,
        b"\x10\x14": _real_time,
    }


def _take(data: bytes, start: int, end: int) -> bytes:
    if len(data) < end:
        raise _More
    return data[start:end]


def _number(low_high: bytes) -> int:
    return int.from_bytes(low_high, "little")


def _pieces(line: str, start: int) -> tuple[Placed, ...]:
    """Split a line at its gaps, so that it compares with rows that were laid out."""
    pieces, column, last = [], start, 0
    for gap in [*_GAP.finditer(line), None]:
        text = line[last : gap.start() if gap else len(line)]
        if text.startswith(" "):
            column += 1
            text = text[1:]
        if text:
            pieces.append(Placed(column, text))
        column += width_of(text) + (gap.end() - gap.start() if gap else 0)
        last = gap.end() if gap else last
    return tuple(pieces)


def _turned(data: bytes, width: int, deep: int) -> Raster:
    """Turn columns of dots into rows."""
    stride, height = (width + 7) // 8, deep * 8
    bits = bytearray(stride * height)
    for x in range(width):
        column = int.from_bytes(data[x * deep : (x + 1) * deep], "big")
        for y in range(height):
            if column >> (height - 1 - y) & 1:
                bits[y * stride + x // 8] |= 0x80 >> x % 8
    return Raster(width, height, bytes(bits))
