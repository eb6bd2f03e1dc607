"""What of a window finds no room: cut, or lying over its neighbour."""

from __future__ import annotations

from itertools import combinations

from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import QAbstractButton, QAbstractScrollArea, QLabel, QLineEdit, QWidget

from pos_desktop.domain.text import LANGUAGES
from pos_desktop.ui.kit.tile import Tile
from tests.pos_desktop.ui.conftest import Cashier

SIZES = ((960, 540), (1024, 600), (1366, 768))
"""The smallest window, which is a large screen at 200 percent, and two common screens."""
_SLACK = 2


def squeezed(window: QWidget) -> list[str]:
    """Return the buttons, fields and labels in sight that are cut or lie over one another.

    What scrolls is seen by scrolling.
    """
    parts = [
        one
        for kind in (QAbstractButton, QLineEdit, QLabel)
        for one in window.findChildren(kind)
        if one.isVisible() and one.width() and not _scrolls(one)
    ]
    keys = [one for one in parts if not isinstance(one, QLabel)]
    return [f"cut: {_named(one)}" for one in parts if _is_cut(one)] + [
        f"over: {_named(one)} and {_named(other)}"
        for one, other in combinations(keys, 2)
        if one.parent() is other.parent() and _area(one, window).intersects(_area(other, window))
    ]


def squeezed_in_any(cashier: Cashier) -> list[str]:
    """Return what is squeezed in one of the sizes, in one of the languages."""
    found = []
    for language in LANGUAGES:
        cashier.window.speak(language)
        for size in SIZES:
            cashier.window.resize(*size)
            cashier.lay_out()
            found += [f"{language} {size} {what}" for what in squeezed(cashier.window)]
    return found


def _is_cut(widget: QWidget) -> bool:
    if isinstance(widget, Tile) and widget.is_cut:
        return True
    seen = widget.visibleRegion().boundingRect().size()
    return (
        seen.height() < widget.height() - _SLACK + 1 or seen.width() < widget.width() - _SLACK + 1
    )


def _area(widget: QWidget, window: QWidget) -> QRect:
    area = QRect(widget.mapTo(window, QPoint()), widget.size())
    return area.adjusted(_SLACK, _SLACK, -_SLACK, -_SLACK)


def _scrolls(widget: QWidget) -> bool:
    above = widget.parentWidget()
    while above is not None and not isinstance(above, QAbstractScrollArea):
        above = above.parentWidget()
    return above is not None


def _named(widget: QWidget) -> str:
    text = widget.accessibleName() or getattr(widget, "text", str)()
    return f"{type(widget).__name__} {text}"
