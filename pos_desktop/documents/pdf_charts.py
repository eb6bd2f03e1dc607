"""Draws the charts of a document: bars or lines, of this period and of the one before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pos_desktop.documents.chart_colours import COLOURS, LINE, MUTED, TEXT
from pos_desktop.documents.document import Chart, ChartKind, Kind
from pos_desktop.documents.pdf_letters import PLAIN, STRONG, Letters, cut, width
from pos_desktop.domain.country import here
from pos_desktop.domain.money import format_short

HEIGHT = 170.0
"""What a chart takes with its title, in points."""
_HEAD, _FOOT, _SMALL = 30.0, 16.0, 7.0
_STEPS = 5
"""About so many lines across."""


@dataclass(frozen=True, slots=True)
class _Scale:
    """Turns figures into heights."""

    low: int
    high: int
    step: int
    bottom: float
    height: float

    def at(self, value: int) -> float:
        return self.bottom + self.height * (value - self.low) / (self.high - self.low)

    def lines(self) -> range:
        return range(self.low, self.high + 1, self.step)


class PdfChart:
    """A chart in its place: `left` and `top` are its corner, in points."""

    def __init__(
        self, canvas: Any, letters: Letters, chart: Chart, place: tuple[float, float, float]
    ) -> None:
        self._canvas = canvas
        self._letters = letters
        self._chart = chart
        self._left, self._top, self._width = place
        values = [one for series in chart.series for one in series.values if one is not None]
        self._scale = _scale(values, self._top - HEIGHT + _FOOT, HEIGHT - _HEAD - _FOOT)
        words = [self._amount(value) for value in self._scale.lines()]
        self._axis = self._left + max(width(word, PLAIN, _SMALL) for word in words) + 6
        self._slot = (self._left + self._width - self._axis) / max(len(chart.labels), 1)

    def draw(self) -> None:
        """Draw it, what came before below what is now."""
        self._draw_head()
        self._draw_lines()
        draw = self._draw_bars if self._chart.kind is ChartKind.BAR else self._draw_curve
        for number, series in reversed([*enumerate(self._chart.series)]):
            colour = COLOURS[number % len(COLOURS)]
            self._canvas.setFillColor(colour)
            self._canvas.setStrokeColor(colour)
            draw(number, series.values)
        self._draw_labels()

    def _draw_head(self) -> None:
        canvas, letters = self._canvas, self._letters
        canvas.setFillColor(TEXT)
        canvas.setFont(STRONG, 9)
        title = letters.known(self._chart.title)
        canvas.drawString(self._left, self._top - 10, cut(title, STRONG, 9, self._width / 2))
        right = self._left + self._width
        if len(self._chart.series) < 2:
            return
        canvas.setFont(PLAIN, _SMALL)
        for number, series in reversed([*enumerate(self._chart.series)]):
            name = cut(letters.known(series.title), PLAIN, _SMALL, self._width / 5)
            right -= width(name, PLAIN, _SMALL)
            canvas.setFillColor(MUTED)
            canvas.drawString(right, self._top - 10, name)
            right -= 10
            canvas.setFillColor(COLOURS[number % len(COLOURS)])
            canvas.rect(right, self._top - 10.5, 7, 7, stroke=0, fill=1)
            right -= 12

    def _draw_lines(self) -> None:
        canvas = self._canvas
        canvas.setLineWidth(0.5)
        canvas.setFont(PLAIN, _SMALL)
        for value in self._scale.lines():
            y = self._scale.at(value)
            canvas.setStrokeColor(MUTED if value == 0 else LINE)
            canvas.line(self._axis, y, self._left + self._width, y)
            canvas.setFillColor(MUTED)
            canvas.drawRightString(self._axis - 4, y - 2.5, self._amount(value))

    def _draw_bars(self, number: int, values: Sequence[int | None]) -> None:
        count = len(self._chart.series)
        wide = min(self._slot * 0.7 / count, 36.0)
        zero = self._scale.at(0)
        for place, value in enumerate(values):
            if value:
                middle = self._axis + (place + 0.5) * self._slot
                left = middle + (number - count / 2) * wide
                y = self._scale.at(value)
                self._canvas.rect(left, min(y, zero), wide * 0.94, abs(y - zero), stroke=0, fill=1)

    def _draw_curve(self, _number: int, values: Sequence[int | None]) -> None:
        """Draw a line that is broken where a figure is missing; one alone is a point."""
        canvas, before = self._canvas, None
        canvas.setLineWidth(1.5)
        for place, value in enumerate(values):
            if value is None:
                before = None
                continue
            here_at = self._axis + (place + 0.5) * self._slot, self._scale.at(value)
            if before is None:
                canvas.circle(*here_at, 1.4, stroke=0, fill=1)
            else:
                canvas.line(*before, *here_at)
            before = here_at

    def _draw_labels(self) -> None:
        """Write as many labels as have room beside one another."""
        canvas, labels = self._canvas, [self._letters.known(one) for one in self._chart.labels]
        canvas.setFont(PLAIN, _SMALL)
        canvas.setFillColor(MUTED)
        widest = max((width(label, PLAIN, _SMALL) for label in labels), default=0) + 6
        every = max(-(-min(int(widest), 90) // max(int(self._slot), 1)), 1)
        for place in range(0, len(labels), every):
            text = cut(labels[place], PLAIN, _SMALL, max(self._slot * every - 3, 8))
            middle = self._axis + (place + 0.5) * self._slot
            canvas.drawCentredString(middle, self._scale.bottom - 10, text)

    def _amount(self, value: int) -> str:
        if self._chart.unit is Kind.CENTS:
            return format_short(value)
        return f"{value:,}".replace(",", here().thousands)


def _scale(values: Sequence[int], bottom: float, height: float) -> _Scale:
    """Return a scale from or through nought, with lines at round figures."""
    low, high = min([0, *values]), max([0, *values])
    step = _round_step(max(high - low, 1))
    low = low // step * step
    high = max(-(-high // step) * step, low + step)
    return _Scale(low, high, step, bottom, height)


def _round_step(span: int) -> int:
    """Return the least of 1, 2, 5, 10, 20 ... with about _STEPS lines in a span."""
    step = 1
    while True:
        for factor in (1, 2, 5):
            if span <= step * factor * _STEPS:
                return step * factor
        step *= 10
