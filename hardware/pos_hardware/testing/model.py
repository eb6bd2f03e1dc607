"""A printer as it behaves: it consumes, runs out of paper, answers, falls silent.

No sockets, no threads: the simulator and the virtual printer give it a connection.
"""

from __future__ import annotations

import re

from pos_hardware.faults import Fault
from pos_hardware.testing.interpreter import Interpreter

_REAL_TIME = re.compile(rb"\x10\x04([\x01-\x04])|\x10\x14\x01([\x00\x01])[\x01-\x08]", re.DOTALL)
HOLDING = {Fault.PAPER_OUT, Fault.COVER_OPEN, Fault.OFFLINE, Fault.BROKEN}
"""With these a printer keeps what comes and prints it later."""


class PrinterModel:
    """One printer. `paper_left`: bytes it still consumes before the paper is out (None: many)."""

    def __init__(self, columns: int = 48) -> None:
        self.fault: Fault | None = None
        self.answers = True
        self.paper_left: int | None = None
        self.received = 0
        self._held = bytearray()
        self._replies = bytearray()
        self.paper = Interpreter(columns, reply=self._say, status=self._status)

    @property
    def held(self) -> bytes:
        """What waits inside the printer."""
        return bytes(self._held)

    def receive(self, data: bytes) -> bytes:
        """Take bytes; return what the printer says to them."""
        self.received += len(data)
        if self.fault in HOLDING:
            data = _REAL_TIME.sub(self._at_once, data)
        self._held += data
        return self.go_on()

    def go_on(self) -> bytes:
        """Consume what can be consumed now; return what the printer says."""
        while self._held and self.fault not in HOLDING:
            count = len(self._held) if self.paper_left is None else self.paper_left
            portion = bytes(self._held[:count])
            del self._held[:count]
            self.paper.feed(portion)
            if self.paper_left is not None:
                self.paper_left -= len(portion)
                if self.paper_left <= 0:
                    self.fault, self.paper_left = Fault.PAPER_OUT, None
        if self.fault in HOLDING and self._held:
            self._held[:] = _REAL_TIME.sub(self._at_once, bytes(self._held))
        said, self._replies = bytes(self._replies), bytearray()
        return said if self.answers and self.fault is not Fault.SILENT else b""

    def take_paper(self) -> Interpreter:
        """Return what was printed so far and start a fresh paper."""
        paper, self.paper = (
            self.paper,
            Interpreter(self.paper.columns, reply=self._say, status=self._status),
        )
        return paper

    def _say(self, data: bytes) -> None:
        self._replies += data

    def _at_once(self, command: re.Match[bytes]) -> bytes:
        """Obey past what waits: the command before it may be only half here."""
        if command[1]:
            self._say(bytes((self._status(command[1][0]),)))
        else:
            self.paper.pulse(command[2][0])
        return b""

    def _status(self, number: int) -> int:
        fault = self.fault
        match number:
            case 1:
                return 0x12 | 0x08 * (fault in HOLDING)
            case 2:
                return (
                    0x12
                    | 0x04 * (fault is Fault.COVER_OPEN)
                    | 0x20 * (fault is Fault.PAPER_OUT)
                    | 0x40 * (fault is Fault.BROKEN)
                )
            case 3:
                return 0x12 | 0x08 * (fault is Fault.BROKEN)
            case _:
                return 0x12 | 0x60 * (fault is Fault.PAPER_OUT)
