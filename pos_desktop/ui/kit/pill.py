"""Pills: a state in a word and a dot; the colour only repeats what the word says."""

from __future__ import annotations

from enum import StrEnum

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from pos_desktop.domain.text import again
from pos_desktop.ui.kit import fonts, theme
from pos_desktop.ui.kit.spoken import Spoken
from pos_desktop.ui.kit.tokens import Size, Type


class Tone(StrEnum):
    """What kind of state or notice it is."""

    OK = "ok"
    WARNING = "warning"
    DANGER = "danger"
    ACCENT = "accent"
    QUIET = "quiet"
    """Worth no look now."""


class Pill(Spoken, QWidget):
    """A state of the till in the top bar.

    One that can be pressed takes the room of a finger, and is painted as large as the others.
    """

    pressed = Signal()

    HEIGHT = 24
    _DOT = 8

    def __init__(self, text: str = "", tone: Tone = Tone.OK, *, pressable: bool = False) -> None:
        super().__init__()
        self._text = text
        self._tone = tone
        self._pressable = pressable
        if pressable:
            self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.show_state(text, tone)

    @property
    def text(self) -> str:
        """The words of the state."""
        return self._text

    @property
    def tone(self) -> Tone:
        """What kind of state it is."""
        return self._tone

    def show_state(self, text: str, tone: Tone, explanation: str = "") -> None:
        """Show a state; the explanation becomes its tooltip."""
        self._text, self._tone, self._explanation = text, tone, explanation
        self.setAccessibleName(text)
        self.setToolTip(explanation)
        self.setFixedSize(self.sizeHint())
        self.update()

    def retell(self) -> None:
        """Say the state in the language that is spoken now."""
        self.show_state(again(self._text), self._tone, again(self._explanation))

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Want the room of dot and word."""
        height = Size.TOUCH if self._pressable else self.HEIGHT
        return QSize(fonts.width(self._text, fonts.strong(Type.LABEL)) + 36, height)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Tell of a finger that is lifted where it came down."""
        if self._pressable and self.rect().contains(event.position().toPoint()):
            self.pressed.emit()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802 - Qt's name
        """Paint ground, dot and word."""
        look = theme.colours()
        ink = theme.colour(getattr(look, self._tone))
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour(getattr(look, f"{self._tone}_soft")))
        above = (self.height() - self.HEIGHT) / 2
        ground = QRectF(0, above, self.width(), self.HEIGHT)
        painter.drawRoundedRect(ground, self.HEIGHT / 2, self.HEIGHT / 2)
        painter.setBrush(ink)
        painter.drawEllipse(QRectF(10, (self.height() - self._DOT) / 2, self._DOT, self._DOT))
        painter.setPen(ink)
        painter.setFont(fonts.strong(Type.LABEL))
        words = self.rect().adjusted(24, 0, -8, 0)
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, self._text)
