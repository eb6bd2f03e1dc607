"""Tabs: the open sale, those on hold, and one that could not be recorded."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from pos_desktop.domain.ids import Id
from pos_desktop.domain.money import Cents, format_amount
from pos_desktop.domain.short_text import shortened
from pos_desktop.domain.text import _
from pos_desktop.services.sales.held_carts import HeldCart
from pos_desktop.ui.kit import fonts
from pos_desktop.ui.kit.layouts import row
from pos_desktop.ui.kit.spoken import Spoken
from pos_desktop.ui.kit.tile import Rank, Tile
from pos_desktop.ui.kit.tokens import Size, Space, Type

_LONGEST_TITLE = 26
_WIDEST = 240
_MORE_WIDTH = 140


class Tabs(Spoken, QWidget):
    """One row of tabs; those that find no room are counted on the last one."""

    recalled = Signal(str)
    all_wanted = Signal()
    stranded_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(_("Open sales"))
        self._row = row(gap=Space.INSIDE)
        self.setLayout(self._row)
        self._open = _tab(_("Sale"), Rank.CHOSEN)
        self._row.addWidget(self._open)
        self._row.addStretch(1)
        self._others: list[Tile] = []
        self._shown: tuple[tuple[HeldCart, ...], int, frozenset[Id]] = ((), 0, frozenset())
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def show_tabs(
        self,
        open_cents: Cents,
        held: list[HeldCart],
        stranded: int,
        paid: frozenset[Id] = frozenset(),
    ) -> None:
        """Show what the open sale comes to, and the sales on hold, the newest first.

        `paid` are those that M-Pesa has paid meanwhile.

        Less than nothing goes back to the customer: a return, or more of one than was bought.
        """
        title = _("Return · {total}") if open_cents < 0 else _("Sale · {total}")
        title = title.format(total=format_amount(abs(open_cents)))
        if title != self._open.text():
            self._open.show_title(title)
            self._open.setFixedWidth(_tab_width(title))
        shown = tuple(held), stranded, paid
        if shown != self._shown:
            self._shown = shown
            self._fill(*shown)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Show as many tabs as now find room."""
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width():
            self._fill(*self._shown)

    def retell(self) -> None:
        """Say the titles in the language that is spoken now; they need other room."""
        super().retell()
        self._fill(*self._shown)

    def _fill(self, held: Sequence[HeldCart], stranded: int, paid: frozenset[Id]) -> None:
        self._clear()
        if stranded:
            self._add(_("Not recorded: try again"), self.stranded_wanted.emit)
        room = self.width() - self._open.minimumWidth()
        for place, cart in enumerate(held):
            words = _("Paid {label}") if cart.id in paid else _("Held {label}")
            title = words.format(label=shortened(cart.label, _LONGEST_TITLE))
            room -= _tab_width(title) + Space.INSIDE
            more = len(held) - place
            if room < (_MORE_WIDTH if more > 1 else 0):
                self._add(_("{count} more on hold").format(count=more), self.all_wanted.emit)
                break
            tile = self._add_cart(title, cart.id, cart.label)
            tile.show_rank(Rank.CHOSEN if cart.id in paid else Rank.PLAIN)

    def _add_cart(self, title: str, cart_id: Id, label: str) -> Tile:
        tile = self._add(title, lambda: self.recalled.emit(cart_id))
        tile.setToolTip(label)
        return tile

    def _add(self, title: str, act: Callable[[], None]) -> Tile:
        tile = _tab(title, Rank.PLAIN)
        tile.clicked.connect(act)
        self._row.insertWidget(1 + len(self._others), tile)
        self._others.append(tile)
        return tile

    def _clear(self) -> None:
        for tile in self._others:
            self._row.removeWidget(tile)
            tile.hide()
            tile.deleteLater()
        self._others = []


def _tab(title: str, rank: Rank) -> Tile:
    tile = Tile(title, rank=rank, height=Size.TAB, font=fonts.strong(Type.SMALL))
    tile.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
    tile.setFixedWidth(_tab_width(title))
    return tile


def _tab_width(title: str) -> int:
    return min(_WIDEST, fonts.width(title, fonts.strong(Type.SMALL)) + 2 * Space.EDGE)
