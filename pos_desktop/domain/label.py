"""Shelf labels: what stands on one, and the sheets that they are printed on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from pos_desktop.domain.barcodes import has_right_check_digit
from pos_desktop.domain.ids import Id


class Symbology(StrEnum):
    """How a code is drawn as bars; the value crosses processes."""

    EAN13 = "ean13"
    EAN8 = "ean8"
    CODE128 = "code128"


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """What stands on a label, worded for people."""

    name: str
    price: str
    unit_price: str = ""
    """What a kilogram or litre costs; empty where that is not known."""
    code: str = ""
    """What a scanner is to read; empty where the product has no code at all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelWish:
    """So many labels of a product."""

    product_id: Id
    copies: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelSheet:
    """A sheet of labels on A4. Lengths are tenths of a millimetre."""

    columns: int
    rows: int
    width: int
    height: int
    left: int
    """From the edge of the paper to the first label."""
    top: int
    gap: int = 0
    """Between two columns."""

    @property
    def labels(self) -> int:
        """How many labels are on a sheet."""
        return self.columns * self.rows


LABEL_SHEETS: Mapping[str, LabelSheet] = {
    "3x8": LabelSheet(columns=3, rows=8, width=700, height=370, left=0, top=5),
    "3x7": LabelSheet(columns=3, rows=7, width=635, height=381, left=72, top=151, gap=25),
    "2x7": LabelSheet(columns=2, rows=7, width=991, height=381, left=47, top=151, gap=25),
    "5x13": LabelSheet(columns=5, rows=13, width=381, height=212, left=47, top=107, gap=25),
}
"""The sheets that shops buy, by columns and rows, in the order in which they are offered."""


def symbology(code: str) -> tuple[Symbology, str] | None:
    """Return how a code is drawn, and which data; None for one that bars cannot say.

    The number of a manufacturer is drawn as on the pack; a scanner reads what the shop has kept.
    """
    is_number = len(code) in (8, 12, 13) and code.isascii() and code.isdigit()
    if is_number and has_right_check_digit(code):
        return (Symbology.EAN8, code) if len(code) == 8 else (Symbology.EAN13, code.zfill(13))
    if code and code.isascii() and code.isprintable():
        return Symbology.CODE128, code
    return None
