"""Key caps: the key that does it, painted where it is done."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from pos_desktop.ui.kit import fonts, theme
from pos_desktop.ui.kit.spoken import Spoken
from pos_desktop.ui.kit.tokens import Type

HEIGHT, LOW = 22, 18
_PADDING = 7
_LEAST_WIDTH = 26
_RADIUS = 5


def cap_width(key: str) -> int:
    """Return how wide the cap of a key is."""
    return max(_LEAST_WIDTH, fonts.width(key, fonts.strong(Type.LABEL)) + 2 * _PADDING)


def paint_cap(
    painter: QPainter,
    left: float,
    middle: float,
    key: str,
    ground: QColor,
    ink: QColor,
    height: int = HEIGHT,
) -> None:
    """Paint a cap with its left edge and its vertical middle here."""
    area = QRectF(left, middle - height / 2, cap_width(key), height)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ground)
    painter.drawRoundedRect(area, _RADIUS, _RADIUS)
    painter.setPen(ink)
    painter.setFont(fonts.strong(Type.LABEL))
    painter.drawText(area, Qt.AlignmentFlag.AlignCenter, key)


class KeyCap(Spoken, QWidget):
    """A key cap by itself, in a row of text."""

    def __init__(self, key: str, height: int = HEIGHT) -> None:
        super().__init__()
        self._key = key
        self.setFixedSize(QSize(cap_width(key), height))
        self.setAccessibleName(key)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802 - Qt's name
        """Paint the cap."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground, ink = theme.colours().key_cap, theme.colours().muted
        colours = theme.colour(ground), theme.colour(ink)
        paint_cap(painter, 0, self.height() / 2, self._key, *colours, self.height())
