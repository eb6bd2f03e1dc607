"""A word across the whole window that lets everything through: nothing below it is real."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRect, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from pos_desktop.domain.text import again
from pos_desktop.ui.kit import fonts, theme
from pos_desktop.ui.kit.spoken import Spoken

_SLANT = -24
_SHARE = 0.16
_OPACITY = 0.13
_EDGE = 4


class Watermark(Spoken, QWidget):
    """Lies over its parent, and has neither keys nor fingers."""

    def __init__(self, parent: QWidget, word: str) -> None:
        super().__init__(parent)
        self._word = word
        self.setAccessibleName(word)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._over = parent
        parent.installEventFilter(self)
        self.setGeometry(parent.rect())

    def retell(self) -> None:
        """Say the word in the language that is spoken now."""
        super().retell()
        self._word = again(self._word)
        self.update()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Stay as large as the window, and above what comes into sight."""
        if watched is self._over:
            if event.type() == QEvent.Type.Resize:
                self.setGeometry(self._over.rect())
            elif event.type() == QEvent.Type.ChildAdded:
                self.raise_()
        return False

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802 - Qt's name
        """Paint the word across, and an edge around."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colour = theme.colour(theme.colours().warning)
        painter.fillRect(QRect(0, 0, self.width(), _EDGE), colour)
        painter.fillRect(QRect(0, self.height() - _EDGE, self.width(), _EDGE), colour)
        painter.fillRect(QRect(0, 0, _EDGE, self.height()), colour)
        painter.fillRect(QRect(self.width() - _EDGE, 0, _EDGE, self.height()), colour)
        painter.setOpacity(_OPACITY)
        painter.setPen(colour)
        painter.setFont(fonts.heavy(round(self.width() * _SHARE)))
        painter.translate(self.rect().center())
        painter.rotate(_SLANT)
        area = QRect(-self.width(), -self.height(), 2 * self.width(), 2 * self.height())
        painter.drawText(area, Qt.AlignmentFlag.AlignCenter, self._word)
