"""A text on one line that is as large as its place lets it be."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from pos_desktop.domain.text import again
from pos_desktop.ui.kit import fonts, theme
from pos_desktop.ui.kit.spoken import Spoken
from pos_desktop.ui.kit.tokens import Type

_SHARE = 0.72
"""How much of the height of its place the letters take."""


class FittedText(Spoken, QWidget):
    """Paints a text; what does not fit even in a label's letters ends in `…`."""

    def __init__(
        self,
        weight: QFont.Weight = QFont.Weight.Bold,
        *,
        tone: str = "text",
        align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignHCenter,
    ) -> None:
        super().__init__()
        self._weight = weight
        self._tone = tone
        self._align = align | Qt.AlignmentFlag.AlignVCenter
        self._text = ""
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)

    @property
    def text(self) -> str:
        """What is shown."""
        return self._text

    def show_text(self, text: str) -> None:
        """Show a text."""
        self._text = text
        self.setAccessibleName(text)
        self.update()

    def retell(self) -> None:
        """Say it in the language that is spoken now."""
        super().retell()
        self.show_text(again(self._text))

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Want no more than it must have: its layout gives it a share."""
        return QSize(40, max(Type.LABEL, self.minimumHeight()))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802 - Qt's name
        """Paint the text in the largest letters that fit."""
        font = self._largest()
        elided = Qt.TextElideMode.ElideRight
        painter = QPainter(self)
        painter.setFont(font)
        painter.setPen(theme.colour(getattr(theme.colours(), self._tone)))
        shown = QFontMetrics(font).elidedText(self._text, elided, self.width())
        painter.drawText(self.rect(), self._align, shown)

    def _largest(self) -> QFont:
        """Return the font; widths grow with sizes, so that the size follows from one of them.

        One pixel stays free: a width is told in whole ones, and Qt cuts a text at their fractions.
        """
        room = self.width() - 1
        size = max(Type.LABEL, int(self.height() * _SHARE))
        width = fonts.width(self._text, fonts.font(size, self._weight))
        if width > room:
            size = max(Type.LABEL, size * room // width)
        return fonts.font(size, self._weight)
