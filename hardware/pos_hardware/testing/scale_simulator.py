"""A scale as it behaves on its line, by the published protocols; its faults can be set.

Written apart from `scales.protocols`, so that a mistake there shows as a wrong weight here.
"""

from __future__ import annotations

from pathlib import Path

from pos_hardware.testing.pty_device import PtyDevice

CAPACITY = 15_000


class ScaleSimulator(PtyDevice):
    """What lies on it is set while it runs, by `put`: grams, at rest or moving.

    `silent`: it answers nothing. `garbled`: it answers in another protocol. `asked` counts the
    questions. `tare` is a tare set on the scale itself, in grams.
    """

    def __init__(self, link: Path) -> None:
        super().__init__(link, self._answer_all)
        self.grams = 0
        self.moving = False
        self.tare = 0
        self.silent = False
        self.garbled = False
        self.asked = 0

    def put(self, grams: int, *, moving: bool = False) -> None:
        """Put something on the scale in place of what lay there; below zero something is off."""
        self.moving = moving
        self.grams = grams

    def _answer_all(self, data: bytes) -> bytes:
        answers = b"".join(self._hear(byte) for byte in data)
        if self.silent:
            return b""
        return b"~~~" if self.garbled and answers else answers

    def _hear(self, byte: int) -> bytes:
        raise NotImplementedError


class ToledoSimulator(ScaleSimulator):
    """A Toledo 8217 of 15 kg, as it answers W and the probe E ... F."""

    def __init__(self, link: Path) -> None:
        super().__init__(link)
        self._echoes = False

    def _hear(self, byte: int) -> bytes:
        sent = bytes((byte & 0x7F,))
        if self._echoes:
            self._echoes = sent != b"F"
            return sent if self._echoes else b""
        if sent == b"E":
            self._echoes = True
            return b"\x02E\r"
        if sent in b"\r\n":
            return b""
        if sent != b"W":
            return self._status(0x40)
        self.asked += 1
        return self._weight()

    def _weight(self) -> bytes:
        causes = (
            (self.moving, 0x01), (self.grams > CAPACITY, 0x02), (self.grams < self.tare, 0x04),
        )  # fmt: skip
        if status := sum(bit for holds, bit in causes if holds):
            return self._status(status)
        whole, rest = divmod(self.grams - self.tare, 1000)
        return f"\x02{whole:02}.{rest:03}{'N' if self.tare else ''}\r".encode("ascii")

    def _status(self, bits: int) -> bytes:
        bits |= 0x10 * (self.grams == 0) | 0x20 * bool(self.tare)
        return b"\x02?" + bytes((bits,)) + b"\r"


class SmaSimulator(ScaleSimulator):
    """A scale that speaks SMA, as it answers LF W CR; `unit` is what it weighs in."""

    def __init__(self, link: Path) -> None:
        super().__init__(link)
        self.unit = "kg "
        self._command: bytes | None = None

    def _hear(self, byte: int) -> bytes:
        sent = bytes((byte,))
        if sent == b"\n":
            self._command = b""
        elif self._command is not None and sent == b"\r":
            command, self._command = self._command, None
            return self._obey(command)
        elif self._command is not None:
            self._command += sent
        return b""

    def _obey(self, command: bytes) -> bytes:
        if command != b"W":
            return b"\n?\r"
        self.asked += 1
        shown = self.grams - self.tare
        status = " "
        if self.grams > CAPACITY:
            status = "O"
        elif shown < 0:
            status = "U"
        elif self.grams == 0:
            status = "Z"
        sign, (whole, rest) = "-" if shown < 0 else "", divmod(abs(shown), 1000)
        weight = f"{sign}{whole}.{rest:03}".rjust(10)
        signs = f"{status}1{'N' if self.tare else 'G'}{'M' if self.moving else ' '} "
        return f"\n{signs}{weight}{self.unit}\r".encode("ascii")
