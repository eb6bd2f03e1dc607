"""Text on a few lines: it breaks between words, inside a word where it must, and ends in `…`.

A word of any length never asks for more width than there is; what is left out is in the tooltip.
"""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import (
    QFont,
    QFontMetrics,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QTextLayout,
    QTextOption,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from pos_desktop.domain.text import again
from pos_desktop.ui.kit import fonts, theme
from pos_desktop.ui.kit.spoken import Spoken

_LEAST_WIDTH = 80


def wrapped(text: str, font: QFont, width: int, most: int) -> list[str]:
    """Return a text as lines that fit a width in pixels; the last of `most` may be elided."""
    layout = QTextLayout(text, font)
    option = QTextOption(Qt.AlignmentFlag.AlignLeft)
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout.setTextOption(option)
    layout.beginLayout()
    lines: list[str] = []
    while (line := layout.createLine()).isValid():
        line.setLineWidth(max(1, width))
        start = line.textStart()
        if fonts.width(text[start : start + line.textLength()].rstrip(), font) > width:
            line.setLineWidth(max(1, width - 1))  # as in `_elided`
        if len(lines) == most - 1:
            rest = text[start:].strip()
            lines.append(_elided(rest, font, width))
            break
        lines.append(text[start : start + line.textLength()].rstrip())
    layout.endLayout()
    return lines


def _elided(text: str, font: QFont, width: int) -> str:
    """Return a text that fits; Qt's own may take a fraction of a pixel more than it was given."""
    metrics = QFontMetrics(font)
    shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, width)
    if fonts.width(shown, font) <= width:
        return shown
    return metrics.elidedText(text, Qt.TextElideMode.ElideRight, width - 1)


def is_whole(text: str, lines: list[str]) -> bool:
    """Tell whether these lines say all of a text."""
    return "".join("".join(lines).split()) == "".join(text.split())


class WrappedText(Spoken, QWidget):
    """Shows a text on at most so many lines, smaller where it would not fit otherwise."""

    def __init__(
        self, *letters: QFont, most: int = 2, tone: str = "text", constant: bool = False
    ) -> None:
        """Take letters, the largest first; `constant` keeps the room of all lines at all times."""
        super().__init__()
        self._letters = letters
        self._most = most
        self._tone = tone
        self._constant = constant
        self._text = ""
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    @property
    def text(self) -> str:
        """The whole text."""
        return self._text

    def show_text(self, text: str) -> None:
        """Show a text, as much of it as there is room for."""
        if text == self._text:
            return
        self._text = text
        self.setAccessibleName(text)
        self._tell()
        if not self._constant:
            self.updateGeometry()
        self.update()

    def retell(self) -> None:
        """Say the text in the language that is spoken now."""
        self.show_text(again(self._text))

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Break anew to the new width."""
        super().resizeEvent(event)
        self._tell()
        if event.oldSize().width() != event.size().width():
            self.updateGeometry()

    def heightForWidth(self, width: int) -> int:  # noqa: N802 - Qt's name
        """Want the room of the lines at this width."""
        if self._constant:
            return self._most * _height(self._letters[0])
        font, lines = self._broken(width)
        return max(1, len(lines)) * _height(font)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Want the room of the lines at the present width."""
        return QSize(_LEAST_WIDTH, self.heightForWidth(max(self.width(), _LEAST_WIDTH)))

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Do with less width, never with less height."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802 - Qt's name
        """Paint the lines."""
        font, lines = self._broken(self.width())
        painter = QPainter(self)
        painter.setFont(font)
        painter.setPen(theme.colour(getattr(theme.colours(), self._tone)))
        height = _height(font)
        for place, line in enumerate(lines):
            area = QRect(0, place * height, self.width(), height)
            painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, line)

    def _broken(self, width: int) -> tuple[QFont, list[str]]:
        for font in self._letters:
            lines = wrapped(self._text, font, width, self._most)
            if is_whole(self._text, lines):
                return font, lines
        return font, lines

    def _tell(self) -> None:
        whole = is_whole(self._text, self._broken(self.width())[1])
        self.setToolTip("" if whole else self._text)


def _height(font: QFont) -> int:
    return QFontMetrics(font).height()
