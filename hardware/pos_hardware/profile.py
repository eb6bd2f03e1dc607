"""What a printer can do: a frozen value that the settings of a shop make."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from pos_hardware.drawer import DrawerPulse


class Symbols(StrEnum):
    """How bar codes and QR codes reach the paper."""

    IMAGE = "image"
    """Drawn here and sent as dots: every printer can."""
    NATIVE = "native"
    """Drawn by the printer: fewer bytes and sharper, where it can."""


class ImageMode(StrEnum):
    """The command that carries dots."""

    RASTER = "bitImageRaster"
    """GS v 0: the widest support."""
    GRAPHICS = "graphics"
    """GS ( L: newer printers."""
    COLUMN = "bitImageColumn"
    """ESC *: impact printers and old ones."""


@dataclass(frozen=True)
class CodePage:
    """A character table: Python's codec and the number that the printer knows it by."""

    codec: str
    number: int


CP858 = CodePage("cp858", 19)
"""Western European with the euro sign; on practically every printer under this number."""

CODE_PAGES = {
    0: "cp437", 2: "cp850", 3: "cp860", 4: "cp863", 5: "cp865", 13: "cp857", 14: "cp737",
    16: "cp1252", 17: "cp866", 18: "cp852", 19: "cp858", 33: "cp775", 34: "cp855", 36: "cp862",
    39: "iso8859_2", 40: "iso8859_15", 45: "cp1250", 46: "cp1251", 47: "cp1253", 48: "cp1254",
    49: "cp1255", 50: "cp1256", 51: "cp1257",
}  # fmt: skip
"""The numbers that most makers agree on, for a choice in the settings and for simulators."""


@dataclass(frozen=True, kw_only=True)
class PrinterProfile:
    """Paper and abilities of a printer.

    `dots` is the printable width, `columns` the letters of font A in it, `feed_before_cut` the
    lines from the print head to the knife (or to the edge for tearing).
    """

    columns: int = 48
    dots: int = 576
    paper_mm: int = 80
    code_page: CodePage = CP858
    cutter: bool = True
    feed_before_cut: int = 4
    pulse: DrawerPulse = field(default_factory=DrawerPulse)
    symbols: Symbols = Symbols.IMAGE
    image_mode: ImageMode = ImageMode.RASTER

    def __post_init__(self) -> None:
        if not (16 <= self.columns <= 96 and 0 < self.dots <= 2048 and self.dots % 8 == 0):
            raise ValueError("columns lie between 16 and 96, dots are a multiple of 8 up to 2048")


PAPER_58 = PrinterProfile(columns=32, dots=384, paper_mm=58, cutter=False)
PAPER_80 = PrinterProfile(columns=48, dots=576, paper_mm=80)
PAPER_80_NARROW = PrinterProfile(columns=42, dots=512, paper_mm=80)
"""80 mm printers of 180 dots an inch."""
