"""Paints the cells of the cart: two-line items, figures to the right, the changed line lit."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QStyle, QStyleOptionViewItem, QWidget

from pos_desktop.domain.pricing import PricedLine
from pos_desktop.ui.kit import fonts, theme
from pos_desktop.ui.kit.lines import NAME_HEIGHT, LineDelegate, paint_ground, paint_words
from pos_desktop.ui.kit.tokens import Size, Type
from pos_desktop.ui.screens.sell.cart_columns import APART, PADDING, figure_font
from pos_desktop.ui.screens.sell.cart_lines import comes_back
from pos_desktop.ui.screens.sell.cart_model import (
    DISCOUNT,
    ITEM,
    NUMBER,
    CartModel,
    cell_text,
    small_print,
)

_FLASH_SHARE = 0.32


class CartDelegate(LineDelegate):
    """Paints one cell; `lit` holds the keys of the lines that have just changed."""

    def __init__(self, model: CartModel, parent: QWidget) -> None:
        super().__init__(parent)
        self._model = model
        self.lit: set[int] = set()
        self.figure_size: int = Type.TABLE
        """The size of all figures of the cart, in pixels."""

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Paint ground, line below, and what the column says."""
        line, column = self._model.line(index.row()), index.column()
        area: QRect = option.rect
        state: QStyle.StateFlag = option.state
        selected = bool(state & QStyle.StateFlag.State_Selected)
        flash = _FLASH_SHARE if line.key in self.lit else 0.0
        paint_ground(painter, area, selected=selected, begins=column == NUMBER, flash=flash)
        if column == ITEM:
            _paint_item(painter, area.adjusted(PADDING, 0, -PADDING, 0), line)
        else:
            text = cell_text(line, index.row(), column)
            _paint_figure(painter, area, column, line, text, self.figure_size)


def row_height(line: PricedLine, width: int) -> int:
    """Return the height of a line's row when its item has this width: one name line or two."""
    room = width - 2 * PADDING
    if fonts.width(line.item.name, fonts.regular(Type.TABLE)) <= room:
        return Size.ROW
    return Size.ROW + NAME_HEIGHT


def _paint_item(painter: QPainter, area: QRect, line: PricedLine) -> None:
    long, short = small_print(line)
    is_room = fonts.width(long, fonts.regular(Type.LABEL)) <= area.width()
    ink = theme.colours().danger if comes_back(line) else ""
    paint_words(painter, area, line.item.name, long if is_room else short, note_ink=ink)


def _paint_figure(
    painter: QPainter, area: QRect, column: int, line: PricedLine, text: str, size: int
) -> None:
    look = theme.colours()
    ink = look.danger if comes_back(line) else look.text
    if column == NUMBER:
        ink = look.muted
    elif column == DISCOUNT and not comes_back(line):
        ink = look.ok if line.discount_cents else look.muted
    painter.setFont(figure_font(column, size))
    painter.setPen(QColor(ink))
    side, inner = Qt.AlignmentFlag.AlignRight, area.adjusted(APART, 0, -PADDING, 0)
    if column == NUMBER:
        side, inner = Qt.AlignmentFlag.AlignLeft, area.adjusted(PADDING, 0, -APART, 0)
    painter.drawText(inner, side | Qt.AlignmentFlag.AlignVCenter, text)
