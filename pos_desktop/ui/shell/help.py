"""The help: all keys and all that can be typed, over the screen until any key is pressed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from pos_desktop.domain.text import _
from pos_desktop.ui.kit import fonts, theme
from pos_desktop.ui.kit.card import Card
from pos_desktop.ui.kit.key_cap import KeyCap
from pos_desktop.ui.kit.labels import label
from pos_desktop.ui.kit.layouts import column, row
from pos_desktop.ui.kit.spoken import Spoken
from pos_desktop.ui.kit.tokens import Space, Type
from pos_desktop.ui.screens.jobs.keys import act_keys, page_keys
from pos_desktop.ui.screens.office.page import OfficePage
from pos_desktop.ui.screens.sell.keys import grammar_help, screen_keys

_VEIL = 150


Lines = tuple[tuple[str, str], ...]
"""Caps of keys, and what each does."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """The help of one screen: a hint, and two titled tables."""

    hint: str
    left: tuple[str, Lines]
    right: tuple[str, Lines]


def sell_sheet() -> Sheet:
    """Return the help of the sell screen."""
    caps = tuple((key.cap, key.help) for key in screen_keys())
    hint = _("Any key leaves. A scan sells as always.")
    return Sheet(hint, (_("PRESS"), caps), (_("TYPE"), grammar_help()))


def jobs_sheet() -> Sheet:
    """Return the help of the page of jobs."""
    hint = _("Any key leaves. A scan, or typing, goes back to selling.")
    return Sheet(hint, (_("LOOK"), page_keys()), (_("ACT"), act_keys()))


def office_sheet(page: OfficePage) -> Sheet:
    """Return the help of a page behind the counter."""
    hint = _("Any key leaves. A scan, or Esc, goes back.")
    moves = (
        ("↑ ↓", _("Choose another line")),
        ("↵", _("Go on; at the end of a form: done")),
        ("Esc", _("One step back, in the end to selling")),
        ("F12", _("Sign out; the open sale stays")),
    )
    acts = tuple((act.cap, act.help) for act in page.acts)
    return Sheet(hint, (_("MOVE"), moves), (_("ACT"), acts))


class Help(Spoken, QWidget):
    """An overlay; scans go on below it."""

    left = Signal()

    def __init__(self, parent: QWidget, place: QWidget) -> None:
        """Stand over a part of the window, also when that changes its size."""
        super().__init__(parent)
        self._place = place
        place.installEventFilter(self)
        self.setAccessibleName(_("Help"))
        self._sheet: Sheet | None = None
        self._card: Card | None = None
        self._row = row(1, 1)
        outer = column(1)
        outer.addLayout(self._row)
        outer.addStretch(1)
        self.setLayout(outer)
        self.hide()

    def show_sheet(self, sheet: Sheet) -> None:
        """Show the help of a screen."""
        if sheet != self._sheet:
            self._sheet = sheet
            if self._card is not None:
                self._row.removeWidget(self._card)
                self._card.deleteLater()
            self._card = _card(sheet)
            self._row.insertWidget(1, self._card)
        self.setGeometry(self._place.geometry())
        self.show()
        self.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Follow the part over which it stands, once that has its new place."""
        if event.type() in (QEvent.Type.Move, QEvent.Type.Resize) and watched is self._place:
            self.setGeometry(self._place.geometry())
        return False

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802 - Qt's name
        """Dim what lies below."""
        veil = QColor(theme.colours().background)
        veil.setAlpha(255 - _VEIL // 4)
        QPainter(self).fillRect(self.rect(), veil)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: ARG002, N802 - Qt's name
        """Leave wherever it is touched."""
        self.left.emit()


def _card(sheet: Sheet) -> Card:
    hint = label(sheet.hint, fonts.regular(Type.SMALL), tone="muted")
    sides = row(gap=36)
    for title, lines in (sheet.left, sheet.right):
        sides.addLayout(_titled(title, _table(lines)), 1)
    head = row(label(_("Keys"), fonts.heavy(Type.TITLE)), 1, hint)
    return Card(_("Keys"), column(head, sides, gap=Space.BETWEEN, margins=(24, 18, 24, 18)))


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
