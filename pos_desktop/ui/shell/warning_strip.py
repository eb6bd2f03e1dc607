"""What is wrong with the till itself, on whatever screen: a sentence for each subject.

The latest is shown; the others come once it is taken away. What is over is taken back.
"""

from __future__ import annotations

from enum import Enum, auto

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent

from pos_desktop.domain.text import _, again
from pos_desktop.ui.kit import fonts, theme
from pos_desktop.ui.kit.key_cap import cap_width, paint_cap
from pos_desktop.ui.kit.pill import Tone
from pos_desktop.ui.kit.strip import LINE, Notice, Strip
from pos_desktop.ui.kit.tokens import Size, Space, Type

CAP = "Ctrl X  ✕"
"""The key that takes a warning away, and the sign on which a finger does."""


class Subject(Enum):
    """What a warning is about."""

    BOOKS = auto()
    CRASH = auto()
    CLOCK = auto()
    ROOM = auto()


class WarningStrip(Strip):
    """Shows one warning at a time, and how many more there are."""

    def __init__(self) -> None:
        super().__init__(_("Warning"))
        self._told: dict[Subject, str] = {}

    def tell(self, subject: Subject, sentence: str) -> None:
        """Say this of a subject, in place of what was said of it; nothing where it is over."""
        if self._told.get(subject, "") != sentence:
            self._told.pop(subject, None)
            if sentence:
                self._told[subject] = sentence
            self._show_latest()

    def take_away(self) -> None:
        """Take the warning away that is shown: somebody has read it."""
        if self._told:
            self._told.popitem()
            self._show_latest()

    def retell(self) -> None:
        """Say what is told in the language that is spoken now."""
        self._told = {subject: again(sentence) for subject, sentence in self._told.items()}
        super().retell()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: ARG002, N802 - Qt's name
        """Take the warning away that a finger has touched."""
        self.take_away()
        self.touched.emit()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the sentence, how many more there are, and what takes it away."""
        super().paintEvent(event)
        if self.notice is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        look = theme.colours()
        left = self.width() - Space.BETWEEN - cap_width(CAP)
        ground, ink = QColor(look.surface), QColor(look.text)
        paint_cap(painter, left, self.height() / 2, CAP, ground, ink)
        painter.setPen(QColor(look.warning))
        painter.setFont(fonts.strong(Type.LABEL))
        more = QRectF(left - self._more_width(), 0, self._more_width(), self.height())
        painter.drawText(more, Qt.AlignmentFlag.AlignVCenter, self._more())

    def _show_latest(self) -> None:
        latest = next(reversed(self._told.values()), None)
        self.say(None if latest is None else Notice(latest, Tone.WARNING))

    def _more(self) -> str:
        count = len(self._told) - 1
        return _("and {count} more").format(count=count) if count > 0 else ""

    def _more_width(self) -> int:
        more = self._more()
        return fonts.width(more, fonts.strong(Type.LABEL)) + Space.INSIDE if more else 0

    def _wanted_height(self, width: int) -> int:
        """Find room for two lines in a finger's height: the screens below are low."""
        return max(Size.TOUCH, len(self._lines(width)) * LINE + Space.STEP)

    def _room(self, width: int) -> int:
        return super()._room(width - cap_width(CAP) - self._more_width() - Space.INSIDE)
