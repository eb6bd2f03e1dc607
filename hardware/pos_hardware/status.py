"""Reads what a printer says about itself: DLE EOT 1 to 4, GS r 1, and what comes unasked.

Replies carry no name, but fixed bits tell the kinds apart: a reply to DLE EOT has the pattern
`0xx1xx10`, one to GS r has its upper half clear, an automatic status starts with `0xx1xx00` and
is four bytes long. XON and XOFF may stand between them. Whatever else comes is no printer's: a
web server at a mistyped address answers too, and its line ends must not acknowledge a print.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from pos_hardware.faults import Fault

QUESTIONS = (1, 2, 3, 4)
ACKNOWLEDGE = b"\x1dr\x01"
"""GS r 1: obeyed in turn, so its reply says that everything before it has been consumed."""

OFF_LINE = 0x08
"""The bit in the answer to DLE EOT 1 of a printer that prints nothing now."""

_AUTOMATIC_LENGTH = 4


def question(number: int) -> bytes:
    """Return DLE EOT n, which a printer answers at once, also off line."""
    return bytes((0x10, 0x04, number))


class ReplyKind(Enum):
    """What a byte from the printer answers."""

    STATUS = "status"
    """A DLE EOT; which one is known to whoever asked."""
    ACKNOWLEDGED = "acknowledged"
    """A GS r."""
    STRANGE = "strange"
    """Nothing that a printer says."""


@dataclass(frozen=True)
class Reply:
    """One byte that answers something."""

    kind: ReplyKind
    value: int


class ReplyReader:
    """Tells replies apart in a stream of bytes."""

    def __init__(self) -> None:
        self._automatic_left = 0

    def feed(self, data: bytes) -> Iterator[Reply]:
        """Yield the replies among these bytes, without what came unasked."""
        for byte in data:
            if self._automatic_left:
                self._automatic_left -= 1
            elif byte & 0x93 == 0x12:
                yield Reply(ReplyKind.STATUS, byte)
            elif byte & 0x93 == 0x10:
                self._automatic_left = _AUTOMATIC_LENGTH - 1
            elif byte & 0xF0 == 0 and byte not in b"\t\n\r":
                yield Reply(ReplyKind.ACKNOWLEDGED, byte)
            elif byte not in b"\x11\x13":
                yield Reply(ReplyKind.STRANGE, byte)


def fault_of(replies: dict[int, int]) -> Fault | None:
    """Return the most useful fault in the answers to DLE EOT, by the number of the question."""
    cause, error, paper = replies.get(2, 0), replies.get(3, 0), replies.get(4, 0)
    if cause & 0x04:
        return Fault.COVER_OPEN
    if paper & 0x60 or cause & 0x20:
        return Fault.PAPER_OUT
    if error & 0x68 or cause & 0x40:
        return Fault.BROKEN
    return Fault.OFFLINE if replies.get(1, 0) & OFF_LINE else None


@dataclass(frozen=True)
class PrinterStatus:
    """What a printer says about itself; `drawer_signal` None if it does not tell."""

    answers: bool
    fault: Fault | None = None
    paper_low: bool = False
    drawer_signal: bool | None = None

    @classmethod
    def of(cls, replies: dict[int, int]) -> PrinterStatus:
        """Return the status behind the answers to DLE EOT, by the number of the question."""
        return cls(
            answers=bool(replies),
            fault=fault_of(replies),
            paper_low=bool(replies.get(4, 0) & 0x0C),
            drawer_signal=drawer_signal(replies[1]) if 1 in replies else None,
        )


def drawer_signal(reply: int) -> bool:
    """Return the drawer's switch from the answer to DLE EOT 1; which level is open depends."""
    return bool(reply & 0x04)
