"""Paints a line of the list: what it is, how it is in a chip or a bar, and since when."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyle, QStyleOptionViewItem, QWidget

from pos_desktop.ui.kit import fonts, theme
from pos_desktop.ui.kit.lines import (
    LineDelegate,
    chip_width,
    paint_chip,
    paint_ground,
    paint_text,
    paint_words,
)
from pos_desktop.ui.kit.row_model import RowModel
from pos_desktop.ui.kit.tokens import Space, Type
from pos_desktop.ui.screens.jobs.rows import Row

_STATE_SHARE = 0.36
_SINCE = 86


class JobsDelegate(LineDelegate):
    """Paints one line."""

    def __init__(self, model: RowModel, parent: QWidget) -> None:
        super().__init__(parent)
        self._model = model

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Paint ground, words, state and time."""
        row: Row = self._model.rows[index.row()]
        area, look = option.rect, theme.colours()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_ground(painter, area, selected=bool(option.state & QStyle.StateFlag.State_Selected))
        inner = area.adjusted(Space.EDGE, 0, -Space.EDGE, -1)
        state_width = (
            chip_width(row.state) if row.ends_in_chip else int(inner.width() * _STATE_SHARE)
        )
        since = QRect(inner.right() - _SINCE, inner.top(), _SINCE, inner.height())
        left = since.left() - Space.INSIDE - state_width
        state = QRect(left, inner.top(), state_width, inner.height())
        words = QRect(
            inner.left(), inner.top(), left - Space.BETWEEN - inner.left(), inner.height()
        )
        paint_words(painter, words, row.title, row.note, name_lines=2 if row.is_sentence else 1)
        _paint_progress(painter, state, row) if row.beside else paint_chip(
            painter, state, row.state, row.tone
        )
        align = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        paint_text(painter, since, row.since, fonts.regular(Type.SMALL), look.muted, align)


def _paint_progress(painter: QPainter, area: QRect, row: Row) -> None:
    look = theme.colours()
    if row.share is not None:
        ground = QRectF(area.left(), area.center().y() - 11, area.width(), 7)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour(look.key_cap))
        painter.drawRoundedRect(ground, 3.5, 3.5)
        ground.setWidth(max(7.0, ground.width() * row.share))
        painter.setBrush(theme.colour(look.accent))
        painter.drawRoundedRect(ground, 3.5, 3.5)
        area = area.adjusted(0, 20, 0, 0)
    paint_text(painter, area, row.beside, fonts.regular(Type.LABEL), look.muted)
