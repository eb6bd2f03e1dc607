"""The lines of a sale as its customer reads them, from a step away."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from pos_desktop.domain.money import format_amount
from pos_desktop.domain.pricing import PricedLine
from pos_desktop.domain.quantity import ONE, format_quantity
from pos_desktop.domain.text import _
from pos_desktop.ui.kit import fonts, theme
from pos_desktop.ui.kit.lines import paint_ground, paint_text
from pos_desktop.ui.kit.spoken import Spoken
from pos_desktop.ui.kit.tokens import Size, Space

_ROWS = 8
"""How many lines stand below one another where there is room for letters of their size."""
_NAME, _NOTE = 0.36, 0.24
"""The sizes of the letters, as shares of the height of a row."""


class CustomerLines(Spoken, QWidget):
    """Shows as many lines as there is room for; the one that was changed last is among them."""

    def __init__(self) -> None:
        super().__init__()
        self._lines: Sequence[PricedLine] = ()
        self._key: int | None = None
        self.setAccessibleName(_("Cart"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_lines(self, lines: Sequence[PricedLine], key: int | None) -> None:
        """Show these lines, and light the one of this key."""
        self._lines, self._key = lines, key
        self.update()

    def shown(self) -> Sequence[PricedLine]:
        """Return the lines for which there is room."""
        room = max(1, self.height() // self._row_height())
        keys = [line.key for line in self._lines]
        start = max(0, len(keys) - room)
        if self._key in keys:
            start = min(start, keys.index(self._key))
        return self._lines[start : start + room]

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802 - Qt's name
        """Paint row below row."""
        painter = QPainter(self)
        height = self._row_height()
        for place, line in enumerate(self.shown()):
            area = QRect(0, place * height, self.width(), height)
            paint_ground(painter, area, selected=line.key == self._key)
            _paint_line(painter, area.adjusted(Space.EDGE, 0, -Space.EDGE, 0), line)

    def _row_height(self) -> int:
        return max(Size.ROW, self.height() // _ROWS)


def _paint_line(painter: QPainter, area: QRect, line: PricedLine) -> None:
    look = theme.colours()
    ink = look.danger if line.quantity < 0 else look.text
    amount = format_amount(line.gross_cents)
    figures = fonts.strong(round(area.height() * _NAME))
    right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
    paint_text(painter, area, amount, figures, ink, right)
    room = area.adjusted(0, 0, -fonts.width(amount, figures) - Space.EDGE, 0)
    note = how_many(line)
    upper, lower = QRect(room), QRect(room)
    if note:
        upper.setHeight(round(room.height() * 0.6))
        lower.setTop(upper.bottom() - 2)
        paint_text(painter, lower, note, fonts.regular(round(area.height() * _NOTE)), look.muted)
    paint_text(painter, upper, line.item.name, fonts.medium(round(area.height() * _NAME)), ink)


def how_many(line: PricedLine) -> str:
    """Say how many at which price and what is taken off, unless it is one for all that it costs."""
    quantity = abs(line.quantity)
    if quantity == ONE and not line.discount_cents and not line.item.by_weight:
        return ""
    unit = f" {line.item.unit or 'kg'}" if line.item.by_weight else ""
    off = f" − {format_amount(abs(line.discount_cents))}" if line.discount_cents else ""
    return f"{format_quantity(quantity)}{unit} × {format_amount(line.price_cents)}{off}"
