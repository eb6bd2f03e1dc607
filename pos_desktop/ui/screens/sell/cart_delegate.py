"""Paints the cells of the cart: two-line items, figures to the right, the changed line lit."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from pos_desktop.domain.pricing import PricedLine
from pos_desktop.ui.kit import fonts, theme
from pos_desktop.ui.kit.tokens import Size, Type
from pos_desktop.ui.kit.wrapped_text import wrapped
from pos_desktop.ui.screens.sell.cart_columns import APART, PADDING, figure_font
from pos_desktop.ui.screens.sell.cart_model import (
    DISCOUNT,
    ITEM,
    NUMBER,
    CartModel,
    cell_text,
    small_print,
)

_BAR = 4
_NAME_HEIGHT = 21
_NAME_LINES = 2
_SMALL_HEIGHT = 17
_FLASH_SHARE = 0.32


class CartDelegate(QStyledItemDelegate):
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
        self._ground(painter, area, line.key, column, selected=selected)
        if column == ITEM:
            _paint_item(painter, area.adjusted(PADDING, 0, -PADDING, 0), line)
        else:
            text = cell_text(line, index.row(), column)
            _paint_figure(painter, area, column, line, text, self.figure_size)

    def sizeHint(  # noqa: N802 - Qt's name
        self,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,  # noqa: ARG002 - all rows are alike
    ) -> QSize:
        """Want a row of the usual height."""
        return QSize(option.rect.width(), Size.ROW)

    def _ground(
        self, painter: QPainter, area: QRect, key: int, column: int, *, selected: bool
    ) -> None:
        look = theme.colours()
        if key in self.lit:
            painter.fillRect(area, theme.mixed(look.accent, look.surface, _FLASH_SHARE))
        elif selected:
            painter.fillRect(area, theme.colour(look.accent_soft))
        if selected and column == NUMBER:
            bar = QRect(area.left(), area.top(), _BAR, area.height() - 1)
            painter.fillRect(bar, theme.colour(look.accent))
        painter.fillRect(area.left(), area.bottom(), area.width(), 1, theme.colour(look.line))


def row_height(line: PricedLine, width: int) -> int:
    """Return the height of a line's row when its item has this width: one name line or two."""
    room = width - 2 * PADDING
    if fonts.width(line.item.name, fonts.regular(Type.TABLE)) <= room:
        return Size.ROW
    return Size.ROW + _NAME_HEIGHT


def _paint_item(painter: QPainter, area: QRect, line: PricedLine) -> None:
    look = theme.colours()
    names = wrapped(line.item.name, fonts.regular(Type.TABLE), area.width(), _NAME_LINES)
    font = fonts.regular(Type.LABEL)
    long, short = small_print(line)
    small = long if fonts.width(long, font) <= area.width() else short
    height = _NAME_HEIGHT * len(names) + (_SMALL_HEIGHT if small else 0)
    top = area.top() + (area.height() - height) // 2
    painter.setFont(fonts.regular(Type.TABLE))
    painter.setPen(theme.colour(look.text))
    for name in names:
        painter.drawText(
            QRect(area.left(), top, area.width(), _NAME_HEIGHT), Qt.AlignmentFlag.AlignVCenter, name
        )
        top += _NAME_HEIGHT
    if small:
        painter.setFont(font)
        painter.setPen(theme.colour(look.muted))
        shown = QFontMetrics(font).elidedText(small, Qt.TextElideMode.ElideRight, area.width())
        painter.drawText(
            QRect(area.left(), top, area.width(), _SMALL_HEIGHT),
            Qt.AlignmentFlag.AlignVCenter,
            shown,
        )


def _paint_figure(
    painter: QPainter, area: QRect, column: int, line: PricedLine, text: str, size: int
) -> None:
    look = theme.colours()
    ink = look.text
    if column == NUMBER:
        ink = look.muted
    elif column == DISCOUNT:
        ink = look.ok if line.discount_cents else look.muted
    painter.setFont(figure_font(column, size))
    painter.setPen(QColor(ink))
    side, inner = Qt.AlignmentFlag.AlignRight, area.adjusted(APART, 0, -PADDING, 0)
    if column == NUMBER:
        side, inner = Qt.AlignmentFlag.AlignLeft, area.adjusted(PADDING, 0, -APART, 0)
    painter.drawText(inner, side | Qt.AlignmentFlag.AlignVCenter, text)
