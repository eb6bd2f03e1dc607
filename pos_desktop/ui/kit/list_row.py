"""The usual line of a list: a title with a note below, a chip, and something at its right end."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, Qt
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
from pos_desktop.ui.kit.pill import Tone
from pos_desktop.ui.kit.row_model import Key, RowModel
from pos_desktop.ui.kit.tokens import Space, Type

_RIGHT_SHARE = 0.4
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


@dataclass(frozen=True, slots=True, kw_only=True)
class ListRow:
    """One line."""

    key: Key
    title: str
    note: str = ""
    chip: str = ""
    """A word or two about its state; empty where it is as usual."""
    tone: Tone = Tone.QUIET
    right: str = ""
    """What stands at its right end, such as an amount."""
    faded: bool = False
    """Whether it is one of the past."""

    @property
    def spoken(self) -> str:
        """All of it, for those who cannot see it, and for the tooltip."""
        return ", ".join(part for part in (self.title, self.note, self.chip, self.right) if part)


class RowDelegate(LineDelegate):
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
        """Paint ground, words, chip and right end."""
        row: ListRow = self._model.rows[index.row()]
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        paint_ground(painter, option.rect, selected=selected)
        left = option.rect.adjusted(Space.EDGE, 0, -Space.EDGE, -1)
        left = _paint_right(painter, left, row)
        left = _paint_chip(painter, left, row)
        paint_words(painter, left, row.title, row.note, name_lines=1, faded=row.faded)


def _paint_right(painter: QPainter, area: QRect, row: ListRow) -> QRect:
    """Paint what stands at the right end; return what is left of the line."""
    if not row.right:
        return area
    font = fonts.strong(Type.TABLE)
    width = min(fonts.width(row.right, font) + 2, int(area.width() * _RIGHT_SHARE))
    place = QRect(area.right() - width, area.top(), width, area.height())
    paint_text(painter, place, row.right, font, theme.colours().text, _RIGHT)
    return area.adjusted(0, 0, -width - Space.BETWEEN, 0)


def _paint_chip(painter: QPainter, area: QRect, row: ListRow) -> QRect:
    if not row.chip:
        return area
    width = min(chip_width(row.chip), int(area.width() * _RIGHT_SHARE))
    place = QRect(area.right() - width, area.top(), width, area.height())
    paint_chip(painter, place, row.chip, row.tone)
    return area.adjusted(0, 0, -width - Space.BETWEEN, 0)
