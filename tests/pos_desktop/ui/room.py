"""What of a window finds no room: cut, or lying over its neighbour."""

from __future__ import annotations

from itertools import combinations

from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import QAbstractButton, QAbstractScrollArea, QLabel, QLineEdit, QWidget

from pos_desktop.domain.text import LANGUAGES
from pos_desktop.ui.kit.fitted_text import FittedText
from pos_desktop.ui.kit.tile import Tile
from tests.pos_desktop.ui.conftest import Cashier
from tests.pos_desktop.ui.pseudo import painted

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
    over = [
        f"over: {_named(one)} and {_named(other)}"
        for one, other in combinations(keys, 2)
        if one.parent() is other.parent() and _area(one, window).intersects(_area(other, window))
    ]
    return [*(f"cut: {_named(one)}" for one in parts if _is_cut(one)), *over, *_shortened(window)]


def squeezed_in_any(cashier: Cashier, window: QWidget | None = None) -> list[str]:
    """Return what of the till, or of another window, is squeezed in a size and a language."""
    found = []
    window = window or cashier.window
    for language in LANGUAGES:
        cashier.window.speak(language)
        for size in SIZES:
            window.resize(*size)
            cashier.lay_out()
            if window.width() > size[0] or window.height() > size[1]:
                found.append(f"{language} {size} the window is larger")
            found += [f"{language} {size} {what}" for what in squeezed(window)]
    return found


def _shortened(window: QWidget) -> list[str]:
    """Return what keys and fitted texts paint with a `…` that is not their own."""
    found = []
    for one in (*window.findChildren(QAbstractButton), *window.findChildren(FittedText)):
        heard: list[str] = []
        if one.isVisible():
            with painted(heard):
                one.grab()
        found += [text for text in heard if text.endswith("…") and text != one.accessibleName()]
    return [f"shortened: {text}" for text in found]


def _is_cut(widget: QWidget) -> bool:
    if isinstance(widget, Tile) and widget.is_cut:
        return True
    seen = widget.visibleRegion().boundingRect().size()
    letters = widget.fontMetrics().height() if isinstance(widget, QLabel) and widget.text() else 0
    return (
        widget.height() < letters - _SLACK
        or seen.height() < widget.height() - _SLACK + 1
        or seen.width() < widget.width() - _SLACK + 1
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
