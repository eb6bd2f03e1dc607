"""Paints a line of the list: what it is, how it is in a chip or a bar, and since when."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from pos_desktop.ui.kit import fonts, theme
from pos_desktop.ui.kit.tokens import Size, Space, Type
from pos_desktop.ui.screens.jobs.jobs_model import JobsModel
from pos_desktop.ui.screens.jobs.rows import Row

_BAR = 4
_TITLE_HEIGHT = 22
_NOTE_HEIGHT = 17
_CHIP = 22
_STATE_SHARE = 0.36
_SINCE = 86
_V_MIDDLE = Qt.AlignmentFlag.AlignVCenter


class JobsDelegate(QStyledItemDelegate):
    """Paints one line."""

    def __init__(self, model: JobsModel, parent: QWidget) -> None:
        super().__init__(parent)
        self._model = model

    def sizeHint(  # noqa: N802 - Qt's name
        self,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,  # noqa: ARG002 - all lines are alike
    ) -> QSize:
        """Want a line of the usual height."""
        return QSize(option.rect.width(), Size.ROW)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Paint ground, words, state and time."""
        row, area, look = self._model.rows[index.row()], option.rect, theme.colours()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(area, theme.colour(look.accent_soft))
            bar = QRect(area.left(), area.top(), _BAR, area.height() - 1)
            painter.fillRect(bar, theme.colour(look.accent))
        painter.fillRect(area.left(), area.bottom(), area.width(), 1, theme.colour(look.line))
        inner = area.adjusted(Space.EDGE, 0, -Space.EDGE, -1)
        state_width = int(inner.width() * _STATE_SHARE)
        since = QRect(inner.right() - _SINCE, inner.top(), _SINCE, inner.height())
        left = since.left() - Space.INSIDE - state_width
        state = QRect(left, inner.top(), state_width, inner.height())
        words = QRect(
            inner.left(), inner.top(), left - Space.BETWEEN - inner.left(), inner.height()
        )
        _paint_words(painter, words, row)
        _paint_progress(painter, state, row) if row.beside else _paint_chip(painter, state, row)
        align = Qt.AlignmentFlag.AlignRight | _V_MIDDLE
        _text(painter, since, row.since, fonts.regular(Type.SMALL), look.muted, align)


def _paint_words(painter: QPainter, area: QRect, row: Row) -> None:
    look = theme.colours()
    height = _TITLE_HEIGHT + (_NOTE_HEIGHT if row.note else 0)
    top = area.top() + (area.height() - height) // 2
    title = QRect(area.left(), top, area.width(), _TITLE_HEIGHT)
    _text(painter, title, row.title, fonts.regular(Type.TABLE), look.text)
    note = QRect(area.left(), top + _TITLE_HEIGHT, area.width(), _NOTE_HEIGHT)
    _text(painter, note, row.note, fonts.regular(Type.LABEL), look.muted)


def _paint_chip(painter: QPainter, area: QRect, row: Row) -> None:
    look, font = theme.colours(), fonts.strong(Type.LABEL)
    width = min(area.width(), fonts.width(row.state, font) + 2 * Space.INSIDE + 2)
    chip = QRect(area.left(), area.center().y() - _CHIP // 2, width, _CHIP)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.colour(getattr(look, f"{row.tone}_soft")))
    painter.drawRoundedRect(QRectF(chip), 5, 5)
    inner = chip.adjusted(Space.INSIDE, 0, -Space.INSIDE, 0)
    _text(painter, inner, row.state, font, getattr(look, row.tone))


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
    _text(painter, area, row.beside, fonts.regular(Type.LABEL), look.muted)


def _text(
    painter: QPainter,
    area: QRect,
    text: str,
    font: QFont,
    ink: str,
    align: Qt.AlignmentFlag = _V_MIDDLE,
) -> None:
    shown = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, area.width())
    painter.setFont(font)
    painter.setPen(theme.colour(ink))
    painter.drawText(area, align, " ".join(shown.split("\n")))
