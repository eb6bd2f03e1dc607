"""The button that opens the menu: three bars, as everybody knows them."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton

from pos_desktop.domain.text import _
from pos_desktop.ui.kit import theme
from pos_desktop.ui.kit.spoken import Spoken
from pos_desktop.ui.kit.tokens import Size

_WIDTH = 36
_BARS = 3
_BAR_WIDTH = 18
_APART = 6


class MenuButton(Spoken, QAbstractButton):
    """Never takes the keyboard: Ctrl B does the same."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(_("Menu"))
        self.setToolTip(_("Menu (Ctrl B)"))
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFixedSize(_WIDTH, Size.TOUCH)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802 - Qt's name
        """Paint the bars; brighter under a pointer or finger."""
        look = theme.colours()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        lit = self.isDown() or self.underMouse()
        painter.setBrush(theme.colour(look.text if lit else look.muted))
        left = (self.width() - _BAR_WIDTH) / 2
        top = self.height() / 2 - _APART - 1
        for place in range(_BARS):
            painter.drawRoundedRect(QRectF(left, top + place * _APART, _BAR_WIDTH, 2), 1, 1)
