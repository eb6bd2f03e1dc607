"""Texts: plain ones, ones that are cut only with a tooltip, and amounts that repaint alone."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from pos_desktop.domain.text import again
from pos_desktop.ui.kit import fonts, theme
from pos_desktop.ui.kit.spoken import Spoken
from pos_desktop.ui.kit.tokens import Type


class Label(Spoken, QLabel):
    """A text that follows the language."""


def label(
    text: str = "", font: QFont | None = None, *, tone: str = "", wrap: bool = False
) -> Label:
    """Return a text; the tone is one of the stylesheet's, such as `muted`."""
    made = Label()
    made.setText(text)
    dress(made, font or fonts.regular(Type.TEXT), tone=tone, wrap=wrap)
    return made


def dress(text: Label, font: QFont, *, tone: str = "", wrap: bool = False) -> None:
    """Give a text its letters and its tone."""
    text.setTextFormat(Qt.TextFormat.PlainText)
    text.setFont(font)
    text.setWordWrap(wrap)
    if tone:
        text.setProperty("tone", tone)


class ElidedLabel(Spoken, QLabel):
    """A text on one line, smaller where it is long; the tooltip has what is cut even then."""

    def __init__(self, font: QFont, *, tone: str = "") -> None:
        super().__init__()
        self._wordings: tuple[str, ...] = ("",)
        self._fonts = font, fonts.font(Type.LABEL, font.weight())
        self.setFixedHeight(QFontMetrics(font).height())
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setFont(font)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        if tone:
            self.setProperty("tone", tone)

    def show_first_fitting(self, *texts: str) -> None:
        """Show the first of these wordings that fits as large as it is meant to be."""
        self._wordings = texts
        self.setAccessibleName(texts[0])
        self._cut()

    def show_text(self, text: str) -> None:
        """Show a text, cut to the room there is."""
        self.show_first_fitting(text)

    def retell(self) -> None:
        """Say the wordings in the language that is spoken now."""
        self.show_first_fitting(*map(again, self._wordings))

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Cut anew to the new room."""
        super().resizeEvent(event)
        self._cut()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Cut anew where another theme has brought the larger letters back."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._cut()

    def _cut(self) -> None:
        room = self.width()
        fitting = [text for text in self._wordings if fonts.width(text, self._fonts[0]) <= room]
        font = self._fonts[0 if fitting else 1]
        whole = fitting[0] if fitting else self._wordings[-1]
        if font.pixelSize() != self.font().pixelSize():
            self.setFont(font)
        shown = QFontMetrics(font).elidedText(whole, Qt.TextElideMode.ElideRight, room)
        if shown != self.text():
            self.setText(shown)
        self.setToolTip(self._wordings[0] if shown != self._wordings[0] else "")


class AmountLabel(Spoken, QWidget):
    """An amount in large figures. It shrinks rather than be cut, and only repaints itself."""

    def __init__(
        self,
        sizes: tuple[int, ...],
        name: str,
        align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
    ) -> None:
        super().__init__()
        self._sizes = sizes
        self._align = align
        self._name = name
        self._text = ""
        self.setFixedHeight(QFontMetrics(fonts.heavy(sizes[0])).ascent() + sizes[0] // 8)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.show_text("")

    @property
    def text(self) -> str:
        """What is shown."""
        return self._text

    def show_text(self, text: str) -> None:
        """Show an amount as it was worded."""
        self.setAccessibleName(f"{self._name} {text}")
        if text == self._text:
            return
        wider = fonts.width(text, self._least()) > fonts.width(self._text, self._least())
        self._text = text
        self.update()
        if wider:
            self.updateGeometry()

    def retell(self) -> None:
        """Say its name in the language that is spoken now; the amount stays."""
        self._name = again(self._name)
        self.show_text(self._text)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Want the room of the text in its largest size."""
        return QSize(fonts.width(self._text, fonts.heavy(self._sizes[0])), self.height())

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Do with the smallest size; only where even that has no room is it smaller still."""
        return QSize(max(40, fonts.width(self._text, self._least())), self.height())

    def _least(self) -> QFont:
        return fonts.heavy(self._sizes[-1])

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802 - Qt's name
        """Paint the amount in the largest size that fits."""
        painter = QPainter(self)
        painter.setFont(fonts.fitting(self._text, self._sizes, self.width()))
        painter.setPen(theme.colour(theme.colours().text))
        painter.drawText(self.rect(), self._align | Qt.AlignmentFlag.AlignVCenter, self._text)
