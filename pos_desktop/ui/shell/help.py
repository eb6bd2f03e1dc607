"""The help: all keys and all that can be typed, over the screen until any key is pressed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from pos_desktop.domain.text import _
from pos_desktop.ui.kit import fonts, theme
from pos_desktop.ui.kit.card import Card
from pos_desktop.ui.kit.key_cap import HEIGHT, LOW, KeyCap
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
Titled = tuple[str, Lines]
"""Lines with what stands above them."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """The help of one screen: a hint, and two titled tables."""

    hint: str
    left: Titled
    right: Titled


def sell_sheet() -> Sheet:
    """Return the help of the sell screen."""
    caps = tuple((key.cap, key.help) for key in screen_keys())
    hint = _("Any key leaves. A scan sells as always.")
    return Sheet(hint, (_("PRESS"), caps), (_("TYPE"), grammar_help()))


def jobs_sheet(*, to_sale: bool) -> Sheet:
    """Return the help of the page of jobs, from which one goes back to the sale or to a page."""
    hint = _("Any key leaves. A scan, or Esc, goes back.")
    if to_sale:
        hint = _("Any key leaves. A scan, or typing, goes back to selling.")
    return Sheet(hint, (_("LOOK"), page_keys()), (_("ACT"), act_keys()))


def office_sheet(page: OfficePage) -> Sheet:
    """Return the help of a page behind the counter."""
    hint = _("Any key leaves. A scan, or Esc, goes back.")
    moves = (
        ("↑ ↓", _("Choose another line")),
        ("↵", _("Go on; at the end of a form: done")),
        ("Esc", _("One step back, in the end to selling")),
        ("F12", _("Lock the till; the open sale stays")),
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
        self._sheet = sheet
        self._lay_out()
        self.setGeometry(self._place.geometry())
        self.show()
        self.raise_()

    def _lay_out(self) -> None:
        """Set the sheet anew, as high as the place allows."""
        if self._sheet is None:
            return
        if self._card is not None:
            self._row.removeWidget(self._card)
            self._card.hide()
            self._card.deleteLater()
        self._card = _fitting_card(self._sheet, self._place.height())
        self._row.insertWidget(1, self._card)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Follow the part over which it stands, once that has its new place."""
        if event.type() in (QEvent.Type.Move, QEvent.Type.Resize) and watched is self._place:
            self.setGeometry(self._place.geometry())
            if self.isVisible():
                self._lay_out()
        return False

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802 - Qt's name
        """Dim what lies below."""
        veil = QColor(theme.colours().background)
        veil.setAlpha(255 - _VEIL // 4)
        QPainter(self).fillRect(self.rect(), veil)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: ARG002, N802 - Qt's name
        """Leave wherever it is touched."""
        self.left.emit()


def _fitting_card(sheet: Sheet, height: int) -> Card:
    for card in _cards(sheet):
        if card.sizeHint().height() <= height:
            break
    return card


def _cards(sheet: Sheet) -> Iterator[Card]:
    """Yield the card of a sheet as written, then in two even sides, then those close together."""
    (title, lines), other = sheet.left, sheet.right
    yield _card(sheet, [(title, lines)], [other], low=False)
    most = (len(lines) + len(other[1]) + 3) // 2
    left, right = [(title, lines[:most])], [other]
    if more := lines[most:]:
        right.append((title, more))
    yield _card(sheet, left, right, low=False)
    yield _card(sheet, left, right, low=True)


def _card(sheet: Sheet, left: Sequence[Titled], right: Sequence[Titled], *, low: bool) -> Card:
    hint = label(sheet.hint, fonts.regular(Type.SMALL), tone="muted")
    sides = row(gap=36)
    for tables in (left, right):
        side = column(_grid(tables, low=low), 1)
        sides.addLayout(side, 1)
    head = row(label(_("Keys"), fonts.heavy(Type.TITLE)), 1, hint)
    margin, gap = (10, Space.INSIDE) if low else (18, Space.BETWEEN)
    return Card(_("Keys"), column(head, sides, gap=gap, margins=(24, margin, 24, margin)))


def _grid(tables: Sequence[Titled], *, low: bool) -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(Space.BETWEEN)
    grid.setVerticalSpacing(2 if low else 6)
    grid.setColumnStretch(1, 1)
    for title, lines in tables:
        head = label(title, fonts.strong(Type.LABEL), tone="muted")
        grid.addWidget(head, grid.rowCount(), 0, 1, 2)
        for cap, sentence in lines:
            place, key = grid.rowCount(), KeyCap(cap, LOW if low else HEIGHT)
            grid.addWidget(key, place, 0, Qt.AlignmentFlag.AlignLeft)
            grid.addWidget(label(sentence, fonts.regular(Type.SMALL)), place, 1)
    return grid
