"""The scale of a chart: ticks at round numbers, and how high a value stands among them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF

_TICKS = 4
_ROUND = (1, 2, 5, 10)


@dataclass(frozen=True, slots=True)
class Scale:
    """Ticks that rise by the same step; the lowest and the highest are the ends."""

    ticks: Sequence[int]

    @property
    def _whole(self) -> int:
        return self.ticks[-1] - self.ticks[0]

    def share(self, value: int) -> float:
        """Return where a value lies between the ends, from 0 to 1."""
        return (value - self.ticks[0]) / self._whole

    def y(self, ground: QRectF, value: int) -> float:
        """Return at which height of a ground a value stands."""
        return ground.bottom() - ground.height() * self.share(value)

    def upright(self, ground: QRectF, value: int) -> QRectF:
        """Return the bar of a value on a ground as wide as the bar, from zero up or down."""
        ends = sorted((self.y(ground, 0), self.y(ground, value)))
        return QRectF(ground.left(), ends[0], ground.width(), ends[1] - ends[0])

    def lying(self, ground: QRectF, value: int) -> QRectF:
        """Return the bar of a value on a ground as high as the bar, from zero to either side."""
        ends = sorted(ground.left() + ground.width() * self.share(one) for one in (0, value))
        return QRectF(ends[0], ground.top(), ends[1] - ends[0], ground.height())


def scale_of(lowest: int, highest: int) -> Scale:
    """Return a scale with zero, the lowest and the highest on it, of about five ticks."""
    lowest, highest = min(lowest, 0), max(highest, 0)
    step = _round_step(max(highest - lowest, _TICKS))
    first, last = lowest // step, -(-highest // step)
    return Scale([tick * step for tick in range(first, max(last, first + 1) + 1)])


def _round_step(span: int) -> int:
    """Return a step of 1, 2 or 5 with noughts, of which a span holds about four."""
    wanted = -(-span // _TICKS)
    power: int = 10 ** (len(str(wanted)) - 1)
    return next(one * power for one in _ROUND if one * power >= wanted)
