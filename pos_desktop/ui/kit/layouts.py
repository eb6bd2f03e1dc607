"""Rows and columns without the margins that nobody asked for."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QLayout, QVBoxLayout, QWidget

from pos_desktop.ui.kit.tokens import Space

Part = QWidget | QLayout | int
"""A widget, a layout, or a stretch of this weight."""

Margins = tuple[int, int, int, int]


def row(*parts: Part, gap: int = Space.INSIDE, margins: Margins = (0, 0, 0, 0)) -> QHBoxLayout:
    """Return parts beside one another."""
    layout = QHBoxLayout()
    _fill(layout, parts, gap, margins)
    return layout


def column(*parts: Part, gap: int = Space.INSIDE, margins: Margins = (0, 0, 0, 0)) -> QVBoxLayout:
    """Return parts below one another."""
    layout = QVBoxLayout()
    _fill(layout, parts, gap, margins)
    return layout


def _fill(
    layout: QHBoxLayout | QVBoxLayout, parts: tuple[Part, ...], gap: int, margins: Margins
) -> None:
    layout.setSpacing(gap)
    layout.setContentsMargins(*margins)
    for part in parts:
        if isinstance(part, int):
            layout.addStretch(part)
        elif isinstance(part, QWidget):
            layout.addWidget(part)
        else:
            layout.addLayout(part)
