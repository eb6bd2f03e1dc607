"""How large the till is shown: as the system and the shop want it, and as the screen has room."""

from __future__ import annotations

import math
import os
from collections.abc import Sequence

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QApplication

LEAST = QSize(960, 540)
"""The smallest window: a screen of 1920 by 1080 at 200 percent."""
_FACTOR = "QT_SCALE_FACTOR"


def scaled_application(arguments: Sequence[str], percent: int) -> QApplication:
    """Return the application, so many percent as large as the system would show it.

    It is shown smaller where the smallest window would else find no room on the screen, but never
    smaller than a screen without any scale. A factor in the environment comes before the percent.
    """
    if percent != 100 and _FACTOR not in os.environ:
        os.environ[_FACTOR] = f"{percent / 100:g}"
    app = QApplication(list(arguments))
    factor = float(os.environ.get(_FACTOR) or 1)
    fitting = _fitting(app.primaryScreen().availableSize(), app.devicePixelRatio(), factor)
    if fitting == factor:
        return app
    app.shutdown()
    os.environ[_FACTOR] = f"{fitting:g}"
    return QApplication(list(arguments))


def _fitting(room: QSize, ratio: float, factor: float) -> float:
    """Return the factor at which the smallest window finds room, whose ratio is one at least."""
    share = min(room.width() / LEAST.width(), room.height() / LEAST.height())
    if share >= 1 or ratio <= 1:
        return factor
    return math.floor(100 * factor * max(share, 1 / ratio)) / 100
