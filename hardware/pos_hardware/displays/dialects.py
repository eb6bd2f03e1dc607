"""How two lines of twenty letters are put on a display: Epson DM-D, and CD5220.

Letters are ASCII alone: displays differ in every other one, and most are made for one country.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from pos_hardware.spelling import Speller

COLUMNS = 20
ROWS = 2

_speller = Speller("ascii")


def plain(text: str) -> str:
    """Return a text in the letters of a display, as a reader would write it without the others.

    No control character passes; letters of other scripts become question marks. It may be longer
    or shorter than what was given.
    """
    return "".join(map(_plain_letter, _speller.spell(text)))


def _plain_letter(letter: str) -> str:
    if " " <= letter <= "~":
        return letter
    if letter.isspace():
        return " "
    return "" if unicodedata.category(letter)[0] in "CM" else "?"


def fitted(text: str) -> str:
    """Return a text in the letters of a display, exactly one line long."""
    return plain(text)[:COLUMNS].ljust(COLUMNS)


@dataclass(frozen=True)
class DisplayDialect:
    """What one kind of display obeys."""

    name: str
    begin: bytes
    """Brings it from any state, also from half a command, to an empty screen without cursor."""
    clear: bytes
    write: Callable[[bytes, bytes], bytes]
    """Returns what puts these two lines over what stands there, without flicker."""

    def frame(self, upper: str, lower: str) -> bytes:
        """Return what shows these two lines and nothing else."""
        return self.write(fitted(upper).encode("ascii"), fitted(lower).encode("ascii"))


EPSON = DisplayDialect(
    "epson",
    begin=b"\r\r\x1b@\x1f\x01\x1fC\x00\x0c",
    clear=b"\x0c",
    write=lambda upper, lower: b"\x1f$\x01\x01" + upper + b"\x1f$\x01\x02" + lower,
)
"""US $ x y moves the cursor, and two CR end one that was cut off; US MD1 lets letters stand over
those before, US C 0 hides the cursor."""
CD5220 = DisplayDialect(
    "cd5220",
    begin=b"\r\x0c\x1b@\x1b_\x00",
    clear=b"\x0c",
    write=lambda upper, lower: b"\x1bQA" + upper + b"\r\x1bQB" + lower + b"\r",
)
"""ESC Q A and ESC Q B write a whole line up to CR; then nothing but them and CLR is obeyed."""
DIALECTS = {dialect.name: dialect for dialect in (EPSON, CD5220)}
"""Every dialect by the name that settings give it."""
