"""What the lines of lists and tables have in common: ground, accent, two rows of words, no line."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem

from pos_desktop.ui.kit import fonts, theme
from pos_desktop.ui.kit.tokens import Size, Space, Type
from pos_desktop.ui.kit.wrapped_text import wrapped

NAME_HEIGHT = 21
NAME_LINES = 2
NOTE_HEIGHT = 17
_BAR = 4
_CHIP = 22
_MIDDLE = Qt.AlignmentFlag.AlignVCenter


class LineDelegate(QStyledItemDelegate):
    """Paints lines of the usual height."""

    def sizeHint(  # noqa: N802 - Qt's name
        self,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,  # noqa: ARG002 - all lines are alike
    ) -> QSize:
        """Want a line of the usual height."""
        return QSize(option.rect.width(), Size.ROW)


def paint_ground(
    painter: QPainter, area: QRect, *, selected: bool, begins: bool = True, flash: float = 0.0
) -> None:
    """Paint the ground of a line, or of a cell of it, and the rule below.

    A selected line has a bar where it `begins`; one that has just changed is lit by the share
    `flash` of the accent.
    """
    look = theme.colours()
    if flash:
        painter.fillRect(area, theme.mixed(look.accent, look.surface, flash))
    elif selected:
        painter.fillRect(area, theme.colour(look.accent_soft))
    if selected and begins:
        bar = QRect(area.left(), area.top(), _BAR, area.height() - 1)
        painter.fillRect(bar, theme.colour(look.accent))
    painter.fillRect(area.left(), area.bottom(), area.width(), 1, theme.colour(look.line))


def paint_words(
    painter: QPainter,
    area: QRect,
    name: str,
    note: str,
    *,
    name_lines: int = NAME_LINES,
    faded: bool = False,
) -> None:
    """Paint a name on so many lines at most, and below it a small note; in the middle together.

    A faded name is one of the past.
    """
    look = theme.colours()
    font = fonts.regular(Type.TABLE)
    names = wrapped(name, font, area.width(), name_lines)
    height = NAME_HEIGHT * len(names) + (NOTE_HEIGHT if note else 0)
    top = area.top() + (area.height() - height) // 2
    for one in names:
        row = QRect(area.left(), top, area.width(), NAME_HEIGHT)
        paint_text(painter, row, one, font, look.muted if faded else look.text)
        top += NAME_HEIGHT
    if note:
        row = QRect(area.left(), top, area.width(), NOTE_HEIGHT)
        paint_text(painter, row, note, fonts.regular(Type.LABEL), look.muted)


def paint_text(
    painter: QPainter,
    area: QRect,
    text: str,
    font: QFont,
    ink: str,
    align: Qt.AlignmentFlag = _MIDDLE,
) -> None:
    """Paint a text on one line; what finds no room ends in `…`."""
    shown = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, area.width())
    painter.setFont(font)
    painter.setPen(theme.colour(ink))
    painter.drawText(area, align, " ".join(shown.split("\n")))


def chip_width(text: str) -> int:
    """Return how wide a chip of this text is."""
    return fonts.width(text, fonts.strong(Type.LABEL)) + 2 * Space.INSIDE + 2


def paint_chip(painter: QPainter, area: QRect, text: str, tone: str) -> None:
    """Paint a state as a chip at the left of an area, on the soft ground of its tone."""
    look, font = theme.colours(), fonts.strong(Type.LABEL)
    width = min(area.width(), chip_width(text))
    chip = QRect(area.left(), area.center().y() - _CHIP // 2, width, _CHIP)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.colour(getattr(look, f"{tone}_soft")))
    painter.drawRoundedRect(QRectF(chip), 5, 5)
    inner = chip.adjusted(Space.INSIDE, 0, -Space.INSIDE, 0)
    paint_text(painter, inner, text, font, getattr(look, tone))


def paint_empty(painter: QPainter, area: QRect, what: str, hint: str) -> None:
    """Paint, in the middle of a list without lines, what is so and what can be done."""
    look, middle = theme.colours(), area.center().y()
    left, width = area.left() + Space.EDGE, area.width() - 2 * Space.EDGE
    painter.setFont(fonts.strong(Type.TITLE))
    painter.setPen(theme.colour(look.text))
    painter.drawText(QRect(left, middle - 44, width, 34), Qt.AlignmentFlag.AlignCenter, what)
    painter.setFont(fonts.regular(Type.TEXT))
    painter.setPen(theme.colour(look.muted))
    flags = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap
    painter.drawText(QRect(left, middle - 6, width, 60), flags, hint)
