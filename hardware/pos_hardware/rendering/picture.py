"""Shows a document as the picture of the paper that a printer would give out."""

from __future__ import annotations

from pos_hardware.document import ReceiptDocument
from pos_hardware.fonts import Fonts
from pos_hardware.layout import lay_out
from pos_hardware.painting import Painter
from pos_hardware.profile import PrinterProfile
from pos_hardware.spelling import Speller


def render_png(
    document: ReceiptDocument, profile: PrinterProfile, fonts: Fonts | None = None
) -> bytes:
    """Return the PNG of a document, spelled for the printer's code page.

    Raises `BadDocument` for a logo that cannot be read.
    """
    speller = Speller(profile.code_page.codec)
    rows = lay_out(document, profile.columns, speller.spell)
    return Painter(profile, fonts).page(rows)
