"""The page that shows a technician whether a printer's settings are right.

No sentences: a ruler as wide as the paper should be, the letters of the code page, a bold and a
double line, both kinds of codes. If the ruler wraps, the columns are wrong; if the letters are
other ones than on the screen, the code page is.
"""

from __future__ import annotations

from pos_hardware.document import (
    Align,
    Barcode,
    Block,
    Cell,
    Columns,
    Cut,
    QrCode,
    ReceiptDocument,
    Rule,
    Size,
    Text,
)
from pos_hardware.profile import PrinterProfile

_FIRST_LETTER, _LETTERS = 0x80, 0x80


def make_test_page(profile: PrinterProfile, title: str, address: str = "") -> ReceiptDocument:
    """Return a test page for a printer with this profile, headed by its name."""
    blocks: list[Block] = [
        Text(title, Align.CENTER, bold=True, size=Size.DOUBLE),
        Text(address, Align.CENTER),
        Rule(),
        Text(ruler(profile.columns)),
        Columns((Cell("<", share=1), Cell(f"{profile.columns}"), Cell(">", 1, 0, Align.RIGHT))),
        Rule(heavy=True),
        Text(f"{profile.code_page.codec} = {profile.code_page.number}", bold=True),
        *(Text(line) for line in page_letters(profile)),
        Rule(),
        Text("0123456789", size=Size.DOUBLE),
        Text("0123456789", bold=True),
        Barcode("T1-000001"),
        QrCode(title or "POS"),
        Cut(),
    ]
    return ReceiptDocument(tuple(blocks))


def ruler(columns: int) -> str:
    """Return the columns counted: 1234567890123..."""
    return "".join(str(column % 10) for column in range(1, columns + 1))


def page_letters(profile: PrinterProfile) -> list[str]:
    """Return the letters beyond ASCII that the code page has, sixteen a line."""
    codes = bytes(range(_FIRST_LETTER, _FIRST_LETTER + _LETTERS))
    letters = [codes[at : at + 1].decode(profile.code_page.codec, "ignore") for at in range(128)]
    shown = [letter for letter in letters if letter.isprintable() and not letter.isspace()]
    return ["".join(shown[start : start + 16]) for start in range(0, len(shown), 16)]
