"""A small chart of the last hours: one bar an hour, the present one on the right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from pos_desktop.domain.text import again
from pos_desktop.ui.kit import fonts, theme
from pos_desktop.ui.kit.spoken import Spoken
from pos_desktop.ui.kit.tokens import Type

_HEAD = 20
_GAP = 3
_LEAST = 2.0


@dataclass(frozen=True, slots=True)
class Bar:
    """One hour: how high the bar is, and how much of it went wrong."""

    height: float
    wrong: float = 0.0


class HoursChart(Spoken, QWidget):
    """Paints bars below a title; the highest one fills the room."""

    def __init__(self, name: str) -> None:
        """Take the title."""
        super().__init__()
        self._name = name
        self._bars: tuple[Bar, ...] = ()
        self._figures = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(76)
        self.setAccessibleName(name)

    @property
    def bars(self) -> tuple[Bar, ...]:
        """What is shown."""
        return self._bars

    def show_bars(self, bars: Sequence[Bar], figures: str) -> None:
        """Show bars, and in words what they come to."""
        if (tuple(bars), figures) == (self._bars, self._figures):
            return
        self._bars, self._figures = tuple(bars), figures
        self._tell_words()
        self.update()

    def retell(self) -> None:
        """Say title and figures in the language that is spoken now."""
        self._name, self._figures = again(self._name), again(self._figures)
        self._tell_words()
        self.update()

    def _tell_words(self) -> None:
        words = f"{self._name}: {self._figures}" if self._figures else self._name
        self.setAccessibleName(words)
        self.setToolTip(words if self._figures else "")

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Want a little."""
        return QSize(240, self.height())

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802 - Qt's name
        """Paint title, figures and bars."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_head(painter)
        look = theme.colours()
        ground = QRectF(0, _HEAD + 2, self.width(), self.height() - _HEAD - 3)
        painter.fillRect(QRectF(0, self.height() - 1, self.width(), 1), theme.colour(look.line))
        highest = max((bar.height for bar in self._bars), default=0.0)
        if not highest:
            return
        step = ground.width() / len(self._bars)
        for place, bar in enumerate(self._bars):
            if bar.height:
                area = QRectF(ground.left() + place * step, 0, max(1.0, step - _GAP), 0)
                _paint_bar(painter, area, ground, bar, highest)

    def _paint_head(self, painter: QPainter) -> None:
        look = theme.colours()
        title, font = self._name.upper(), fonts.strong(Type.LABEL)
        painter.setFont(font)
        painter.setPen(theme.colour(look.muted))
        head = QRect(0, 0, self.width(), _HEAD)
        painter.drawText(head, Qt.AlignmentFlag.AlignVCenter, title)
        font = fonts.regular(Type.LABEL)
        room = max(0, self.width() - fonts.width(title, fonts.strong(Type.LABEL)) - 12)
        shown = QFontMetrics(font).elidedText(self._figures, Qt.TextElideMode.ElideRight, room)
        painter.setFont(font)
        painter.setPen(theme.colour(look.text))
        align = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(head, align, shown)


def _paint_bar(painter: QPainter, area: QRectF, ground: QRectF, bar: Bar, highest: float) -> None:
    """Paint one bar; what went wrong lies at its foot."""
    look = theme.colours()
    tall = max(_LEAST, ground.height() * bar.height / highest)
    area.setTop(ground.bottom() - tall)
    area.setHeight(tall)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.colour(look.accent))
    painter.drawRoundedRect(area, 2, 2)
    if bar.wrong:
        part = max(_LEAST, tall * bar.wrong / bar.height)
        area.setTop(ground.bottom() - part)
        painter.setBrush(theme.colour(look.danger))
        painter.drawRoundedRect(area, 2, 2)
