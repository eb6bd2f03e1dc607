"""How the width of the cart is shared out: no figure is ever cut, and the name takes what is left.

A figure that has lost a digit reads as another valid one. So columns are as wide as their widest
figure, and where that leaves no room for names, all figures of the cart become smaller together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from operator import attrgetter

from PySide6.QtGui import QFont

from pos_desktop.domain.pricing import PricedLine
from pos_desktop.domain.quantity import ONE
from pos_desktop.ui.kit import fonts
from pos_desktop.ui.kit.tokens import Space, Type
from pos_desktop.ui.screens.sell.cart_model import (
    DISCOUNT,
    NUMBER,
    PRICE,
    QUANTITY,
    TOTAL,
    cell_text,
)

PADDING = Space.BETWEEN
"""Beside a figure on the side to which it is aligned."""
APART = Space.STEP
"""Beside it on the other side, at least."""
SIZES = (Type.TABLE, Type.TEXT, 14, Type.SMALL, Type.LABEL)
"""The sizes of figures, in pixels, the usual one first."""

_ROOMY = {NUMBER: 52, QUANTITY: 96, PRICE: 112, DISCOUNT: 112, TOTAL: 116}
_NARROW = {NUMBER: 38, QUANTITY: 62, PRICE: 90, DISCOUNT: 84, TOTAL: 98}
_NARROW_BELOW = 700
_LEAST_NAME = 150
_FIGURES = (QUANTITY, PRICE, DISCOUNT, TOTAL)
_QUANTITY_OF = attrgetter("quantity")
_PRICE_OF = attrgetter("price_cents")
_DISCOUNT_OF = attrgetter("discount_cents")
_TOTAL_OF = attrgetter("gross_cents")


@dataclass(frozen=True, slots=True)
class Columns:
    """The size of the figures and the widths of their columns, both in pixels."""

    size: int
    widths: dict[int, int]

    def name_width(self, width: int) -> int:
        """Return what a table of this width leaves for the names."""
        return max(0, width - sum(self.widths.values()))


def share_out(lines: Sequence[PricedLine], width: int) -> Columns:
    """Return the columns of a table of this width for these lines."""
    least = _NARROW if width < _NARROW_BELOW else _ROOMY
    widest = _widest(lines)
    for size in SIZES:
        columns = Columns(
            size,
            {
                column: max(least[column], _need(widest[column], figure_font(column, size)))
                for column in least
            },
        )
        if columns.name_width(width) >= _LEAST_NAME:
            break
    return columns


def figure_font(column: int, size: int) -> QFont:
    """Return the letters of a column's figures; totals lead the eye."""
    return fonts.heavy(size) if column == TOTAL else fonts.regular(size)


def _need(texts: Sequence[str], font: QFont) -> int:
    return max((fonts.width(text, font) for text in texts), default=0) + PADDING + APART


def _widest(lines: Sequence[PricedLine]) -> dict[int, tuple[str, ...]]:
    """Return of each column the texts of which one is the widest; all digits have one width."""
    found: dict[int, tuple[str, ...]] = {NUMBER: (str(len(lines)),)}
    extremes = _extremes(lines)
    for column in _FIGURES:
        found[column] = tuple({cell_text(line, 0, column) for line in extremes})
    return found


def _extremes(lines: Sequence[PricedLine]) -> list[PricedLine]:
    """Return the lines with the longest figures: the largest, the smallest, and broken ones.

    Wording each figure of a long cart for every scan would take longer than a frame.
    """
    broken = [line for line in lines if line.quantity % ONE]
    found: list[PricedLine] = []
    for some, figure in (
        (lines, _QUANTITY_OF),
        (broken, _QUANTITY_OF),
        (lines, _PRICE_OF),
        (lines, _DISCOUNT_OF),
        (lines, _TOTAL_OF),
    ):
        found += [pick(some, key=figure) for pick in (min, max) if some]
    return found
