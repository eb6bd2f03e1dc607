"""A chart of bars: upright along time, lying where each has a name; beside them those of before.

It paints itself from plain values and takes no keyboard: its page moves the choice. What is chosen
is said in words too, and the bars of before are hollow, so that colour alone tells nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from pos_desktop.domain.text import again
from pos_desktop.ui.kit import fonts, theme
from pos_desktop.ui.kit.chart_scale import Scale, scale_of
from pos_desktop.ui.kit.lines import paint_empty, paint_text
from pos_desktop.ui.kit.spoken import Spoken
from pos_desktop.ui.kit.tokens import Size, Space, Type

_LEGEND = 22
_FOOT = 20
_MOST_PAIRS = 45
"""So many bars have one of before beside them; of more, before is a line."""
_LINE = 1.5
_ROUND_WIDTH = 6.0
"""Narrower bars have no round corners: hundreds of them would take long to paint."""
_NAME_SHARE = 0.3
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_MIDDLE = Qt.AlignmentFlag.AlignCenter


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: what it is known by, its name, how high it is now and was before."""

    key: str
    title: str
    value: int
    before: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """What is shown: bars in their order, and how their heights are written."""

    name: str
    bars: Sequence[Bar]
    written: Callable[[int], str]
    upright: bool = True
    now: str = ""
    """What the legend calls the bars."""
    before: str = ""
    """What it calls those of before; empty where there are none."""


class BarChart(Spoken, QWidget):
    """Paints a chart; a press chooses a bar, another press on it opens it."""

    chosen = Signal(str)
    """The bar of this key was pressed."""
    opened = Signal(str)
    """The chosen bar was pressed once more."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.chart = Chart(name=name, bars=(), written=str)
        self.place = -1
        """Which bar is chosen; -1: none."""
        self._first = 0
        """The first lying bar in sight."""
        self._empty = "", ""

    def show_chart(self, chart: Chart, key: str, empty: tuple[str, str]) -> None:
        """Show a chart with the bar of a key chosen; of no bars, these two sentences."""
        self.chart, self._empty, self._first = chart, empty, 0
        self.setAccessibleName(chart.name)
        self.choose(key)
        self.update()

    def choose(self, key: str) -> None:
        """Choose the bar of a key, or none; it comes into sight."""
        keys = [bar.key for bar in self.chart.bars]
        self.place = keys.index(key) if key in keys else -1
        self._bring_into_sight()
        self.setAccessibleDescription(self.words)
        self.update()

    @property
    def words(self) -> str:
        """What is chosen, in words."""
        if self.place < 0:
            return ""
        return self._words_of(self.chart.bars[self.place])

    def _words_of(self, bar: Bar) -> str:
        chart = self.chart
        parts = [f"{again(bar.title)}: {chart.written(bar.value)}"]
        if bar.before is not None and chart.before:
            parts.append(f"{again(chart.before)}: {chart.written(bar.before)}")
        return " · ".join(parts)

    def retell(self) -> None:
        """Say all of it in the language that is spoken now."""
        self.setAccessibleName(again(self.chart.name))
        self.setAccessibleDescription(self.words)
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Want some room."""
        return QSize(400, 200)

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Do with little."""
        return QSize(200, 100)

    # what is painted

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802 - Qt's name
        """Paint legend, scale and bars; or why there are none."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if not self.chart.bars:
            paint_empty(painter, self.rect(), *map(again, self._empty))
            return
        self._paint_legend(painter)
        if self.chart.upright:
            self._paint_upright(painter)
        else:
            self._paint_lying(painter)

    def _paint_legend(self, painter: QPainter) -> None:
        look, left = theme.colours(), Space.INSIDE
        font = fonts.strong(Type.LABEL)
        for words, hollow in ((self.chart.now, False), (self.chart.before, True)):
            if not words:
                continue
            mark = QRectF(left + 1, _LEGEND / 2 - 5, 10, 10)
            if hollow and not self._has_pairs:
                mark = QRectF(left + 1, _LEGEND / 2 - 1, 12, _LINE)
                painter.fillRect(mark, theme.colour(look.text))
            else:
                _paint_bar(painter, mark, hollow=hollow)
            width = fonts.width(again(words), font) + 4
            area = QRectF(left + 18, 0, width, _LEGEND).toRect()
            paint_text(painter, area, again(words), font, look.muted, _LEFT)
            left += 18 + width + Space.EDGE
        room = QRectF(left, 0, self.width() - left - Space.INSIDE, _LEGEND).toRect()
        paint_text(painter, room, self.words, font, look.text, _RIGHT)

    # upright

    @property
    def _extent(self) -> Scale:
        """From the lowest to the highest bar, zero among them: lying bars need no ticks."""
        bars = self.chart.bars
        heights = [0, *(bar.value for bar in bars), *(bar.before or 0 for bar in bars)]
        return Scale((min(heights), max(*heights, min(heights) + 1)))

    @property
    def _scale(self) -> Scale:
        return scale_of(*self._extent.ticks)

    def _ground(self, scale: Scale) -> QRectF:
        """Return where upright bars stand: right of the scale's words, above the titles."""
        font = fonts.regular(Type.LABEL)
        words = max(fonts.width(self.chart.written(tick), font) for tick in scale.ticks)
        left = words + 2 * Space.INSIDE
        return QRectF(
            left,
            _LEGEND + 6,
            self.width() - left - Space.INSIDE,
            self.height() - _LEGEND - 6 - _FOOT,
        )

    def _paint_upright(self, painter: QPainter) -> None:
        scale = self._scale
        ground = self._ground(scale)
        self._paint_ticks(painter, ground, scale)
        step = ground.width() / len(self.chart.bars)
        pairs = bool(self.chart.before) and self._has_pairs
        for place, bar in enumerate(self.chart.bars):
            left = ground.left() + place * step
            if place == self.place:
                lit = QRectF(left, ground.top(), max(step, 2.0), ground.height())
                painter.fillRect(lit, theme.colour(theme.colours().accent_soft))
            gap = min(4.0, step * 0.2)
            width = (step - gap) / 2 if pairs else step - gap
            if pairs and bar.before:
                area = scale.upright(
                    QRectF(left + gap / 2, ground.top(), width, ground.height()), bar.before
                )
                _paint_bar(painter, area, hollow=True)
            shift = width if pairs else 0.0
            area = QRectF(left + gap / 2 + shift, ground.top(), max(width, 1.0), ground.height())
            _paint_bar(painter, scale.upright(area, bar.value), chosen=place == self.place)
        if self.chart.before and not pairs:
            self._paint_line(painter, ground, scale, step)
        self._paint_titles(painter, ground, step)

    @property
    def _has_pairs(self) -> bool:
        """Whether each bar has its own of before, else before is a line."""
        return not self.chart.upright or len(self.chart.bars) <= _MOST_PAIRS

    def _paint_ticks(self, painter: QPainter, ground: QRectF, scale: Scale) -> None:
        look, font = theme.colours(), fonts.regular(Type.LABEL)
        for tick in scale.ticks:
            y = scale.y(ground, tick)
            line = look.muted if tick == 0 else look.line
            painter.fillRect(QRectF(ground.left(), y, ground.width(), 1), theme.colour(line))
            area = QRectF(0, y - 9, ground.left() - Space.INSIDE, 18).toRect()
            paint_text(painter, area, self.chart.written(tick), font, look.muted, _RIGHT)

    def _paint_line(self, painter: QPainter, ground: QRectF, scale: Scale, step: float) -> None:
        points = [
            QPointF(ground.left() + (place + 0.5) * step, scale.y(ground, bar.before or 0))
            for place, bar in enumerate(self.chart.bars)
        ]
        painter.setPen(QPen(theme.colour(theme.colours().text), _LINE))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPolyline(points)

    def _paint_titles(self, painter: QPainter, ground: QRectF, step: float) -> None:
        """Write below the bars as many titles as find room."""
        look, font = theme.colours(), fonts.regular(Type.LABEL)
        longest = max((again(bar.title) for bar in self.chart.bars), key=len)
        widest = fonts.width(longest, font) + 2 * Space.BETWEEN
        every = max(1, -int(-widest // step))
        for place in range(0, len(self.chart.bars), every):
            middle = ground.left() + (place + 0.5) * step
            left = min(max(middle - widest / 2, 0.0), self.width() - widest)
            area = QRectF(left, ground.bottom() + 2, widest, _FOOT - 2).toRect()
            paint_text(
                painter, area, again(self.chart.bars[place].title), font, look.muted, _MIDDLE
            )

    # lying

    @property
    def _lines_in_sight(self) -> int:
        return max(1, (self.height() - _LEGEND - 4) // Size.TOUCH)

    def _bring_into_sight(self) -> None:
        if self.chart.upright or self.place < 0:
            return
        most = self._lines_in_sight
        self._first = max(min(self._first, self.place), self.place - most + 1, 0)
        self._first = min(self._first, max(0, len(self.chart.bars) - most))

    def _paint_lying(self, painter: QPainter) -> None:
        bars = self.chart.bars
        scale, font = self._extent, fonts.regular(Type.TEXT)
        names = [fonts.width(again(bar.title), font) for bar in bars]
        name = min(max(names) + Space.BETWEEN, int(self.width() * _NAME_SHARE))
        strong = fonts.strong(Type.TEXT)
        figure = max(fonts.width(self.chart.written(bar.value), strong) for bar in bars)
        left = Space.INSIDE + name
        room = self.width() - left - figure - 2 * Space.BETWEEN
        for place in range(self._first, min(len(bars), self._first + self._lines_in_sight)):
            top = _LEGEND + 4 + (place - self._first) * Size.TOUCH
            bar = bars[place]
            line = QRectF(0, top, self.width(), Size.TOUCH)
            if place == self.place:
                painter.fillRect(line, theme.colour(theme.colours().accent_soft))
            area = QRectF(Space.INSIDE, top, name - Space.INSIDE, Size.TOUCH).toRect()
            paint_text(painter, area, again(bar.title), font, theme.colours().text, _LEFT)
            ground = QRectF(left, top + 8, room, 18 if self.chart.before else 28)
            _paint_bar(painter, scale.lying(ground, bar.value), chosen=place == self.place)
            if self.chart.before and bar.before:
                beside = QRectF(left, top + 28, room, 8)
                _paint_bar(painter, scale.lying(beside, bar.before), hollow=True)
            area = QRectF(left + room, top, figure + Space.BETWEEN, Size.TOUCH).toRect()
            written = self.chart.written(bar.value)
            paint_text(painter, area, written, strong, theme.colours().text, _RIGHT)

    # pointer and finger

    def place_at(self, point: QPointF) -> int | None:
        """Return which bar stands at a point, None where none does."""
        count = len(self.chart.bars)
        if not count:
            return None
        if self.chart.upright:
            ground = self._ground(self._scale)
            place = int((point.x() - ground.left()) / (ground.width() / count))
            inside = ground.left() <= point.x() < ground.right()
        else:
            place = self._first + int((point.y() - _LEGEND - 4) // Size.TOUCH)
            inside = self._first <= place < self._first + self._lines_in_sight
        return place if inside and 0 <= place < count else None

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Choose the bar that was pressed, or open it where it was chosen already."""
        place = self.place_at(event.position())
        if place is None:
            return
        key = self.chart.bars[place].key
        (self.opened if place == self.place else self.chosen).emit(key)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Say what stands under the pointer."""
        place = self.place_at(event.position())
        if place is None:
            QToolTip.hideText()
            return
        words = self._words_of(self.chart.bars[place])
        QToolTip.showText(event.globalPosition().toPoint(), words, self)

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 - Qt's name
        """Choose another of the lying bars."""
        by = -1 if event.angleDelta().y() > 0 else 1
        place = self.place + by
        if 0 <= place < len(self.chart.bars):
            self.chosen.emit(self.chart.bars[place].key)


def _paint_bar(
    painter: QPainter, area: QRectF, *, hollow: bool = False, chosen: bool = False
) -> None:
    if not (area.width() and area.height()):
        return
    look = theme.colours()
    if hollow:
        painter.setPen(QPen(theme.colour(look.muted), 1.2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        area = area.adjusted(0.5, 0.5, -0.5, -0.5)
    else:
        painter.setPen(QPen(theme.colour(look.text), 1.5) if chosen else Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour(look.accent))
    if area.width() < _ROUND_WIDTH and not (hollow or chosen):
        painter.fillRect(area, theme.colour(look.accent))
        return
    radius = min(2.0, area.width() / 3, area.height() / 3)
    painter.drawRoundedRect(area, radius, radius)
