"""The help: all keys and all that can be typed, over the screen until any key is pressed."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from pos_desktop.domain.text import _
from pos_desktop.ui.kit import fonts, theme
from pos_desktop.ui.kit.card import Card
from pos_desktop.ui.kit.key_cap import KeyCap
from pos_desktop.ui.kit.labels import label
from pos_desktop.ui.kit.layouts import column, row
from pos_desktop.ui.kit.tokens import Space, Type
from pos_desktop.ui.screens.sell.keys import ScreenKey, grammar_help

_VEIL = 150


class Help(QWidget):
    """An overlay; scans go on below it."""

    left = Signal()

    def __init__(self, parent: QWidget, keys: Sequence[ScreenKey]) -> None:
        super().__init__(parent)
        self.setAccessibleName(_("Help"))
        title = label(_("Keys"), fonts.heavy(Type.TITLE))
        hint = label(
            _("Any key leaves. A scan sells as always."), fonts.regular(Type.SMALL), tone="muted"
        )
        caps = _table([(key.cap, key.help) for key in keys])
        typed = _table(list(grammar_help()))
        sides = row(gap=36)
        sides.addLayout(_titled(_("PRESS"), caps), 1)
        sides.addLayout(_titled(_("TYPE"), typed), 1)
        inside = (24, 18, 24, 18)
        head = row(title, 1, hint)
        card = Card(_("Keys"), column(head, sides, gap=Space.BETWEEN, margins=inside))
        self.setLayout(column(1, row(1, card, 1), 1))
        self.hide()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802 - Qt's name
        """Dim what lies below."""
        veil = QColor(theme.colours().background)
        veil.setAlpha(255 - _VEIL // 4)
        QPainter(self).fillRect(self.rect(), veil)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: ARG002, N802 - Qt's name
        """Leave wherever it is touched."""
        self.left.emit()


def _titled(title: str, table: QGridLayout) -> QVBoxLayout:
    side = column(label(title, fonts.strong(Type.LABEL), tone="muted"), gap=Space.INSIDE)
    side.addLayout(table)
    side.addStretch(1)
    return side


def _table(lines: Sequence[tuple[str, str]]) -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(Space.BETWEEN)
    grid.setVerticalSpacing(6)
    grid.setColumnStretch(1, 1)
    for place, (cap, sentence) in enumerate(lines):
        grid.addWidget(KeyCap(cap), place, 0, Qt.AlignmentFlag.AlignLeft)
        grid.addWidget(label(sentence, fonts.regular(Type.SMALL)), place, 1)
    return grid
