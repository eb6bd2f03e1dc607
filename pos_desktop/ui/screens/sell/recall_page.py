"""The sales on hold: arrows or a number choose, Enter brings back.

A number stands in the box as all that is typed: where more follows, it was the start of a code.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QScrollArea, QWidget

from pos_desktop.domain.money import Cents, format_amount
from pos_desktop.domain.text import _, ngettext
from pos_desktop.services.held_carts import HeldCart
from pos_desktop.ui.kit import fonts
from pos_desktop.ui.kit.labels import label
from pos_desktop.ui.kit.layouts import column
from pos_desktop.ui.kit.tile import Rank, Tile
from pos_desktop.ui.kit.tokens import Size, Space, Type
from pos_desktop.ui.screens.sell.side_page import ENTER_KEYS, SidePage

_MOST_NUMBERED = 9


class RecallPage(SidePage):
    """Lists the carts on hold, the newest first."""

    recalled = Signal(str)

    def __init__(self) -> None:
        super().__init__(_("On hold"))
        self._carts: list[HeldCart] = []
        self._tiles: list[Tile] = []
        self._current = 0
        self._head = label(font=fonts.strong(Type.LABEL), tone="muted")
        self._list = column(gap=Space.INSIDE)
        inner = QWidget()
        inner.setLayout(self._list)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setAccessibleName(_("Sales on hold"))
        self._scroll.setWidget(inner)
        back = Tile(_("Back"), key="Esc")
        back.clicked.connect(self.left)
        self.body.addWidget(self._head)
        self.body.addWidget(self._scroll, 1)
        self.body.addWidget(back)

    def show_held(self, carts: list[HeldCart], costs: Sequence[Cents]) -> None:
        """Show these carts and what each costs, with the first chosen."""
        self._carts, self._current = carts, 0
        count = len(carts)
        if count:
            text = ngettext("{count} SALE ON HOLD", "{count} SALES ON HOLD", count)
            self._head.setText(text.format(count=count))
        else:
            self._head.setText(_("Nothing is on hold; F5 puts the open sale aside."))
        self._fill(costs)
        self._light()

    def choose(self, text: str) -> None:
        """Choose a sale by the number that was typed."""
        place = self._place(text)
        if place is not None:
            self._current = place
            self._light()

    def take(self, text: str) -> bool:
        """Bring back the sale of this number; tell whether there is one."""
        place = self._place(text)
        if place is None:
            return False
        self._recall(place)
        return True

    def handle_key(self, event: QKeyEvent) -> bool:
        """Move with the arrows, bring back with Enter."""
        key = event.key()
        if key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            step = 1 if key == Qt.Key.Key_Down else -1
            self._current = max(0, min(len(self._carts) - 1, self._current + step))
            self._light()
            return True
        if key in ENTER_KEYS:
            self._recall(self._current)
            return True
        return super().handle_key(event)

    def _place(self, text: str) -> int | None:
        numbers = [str(place + 1) for place in range(min(_MOST_NUMBERED, len(self._carts)))]
        return numbers.index(text) if text in numbers else None

    def _fill(self, costs: Sequence[Cents]) -> None:
        while taken := self._list.takeAt(0):
            if widget := taken.widget():
                widget.hide()
                widget.deleteLater()
        self._tiles = []
        for place, (cart, cost) in enumerate(zip(self._carts, costs, strict=True)):
            total = format_amount(cost)
            key = str(place + 1) if place < _MOST_NUMBERED else ""
            tile = Tile(
                cart.label, key=key, note=total, font=fonts.strong(Type.TEXT), height=Size.TILE
            )
            tile.setToolTip(cart.label)
            tile.clicked.connect(lambda _checked=False, at=place: self._recall(at))
            self._tiles.append(tile)
            self._list.addWidget(tile)
        self._list.addStretch(1)

    def _light(self) -> None:
        for place, tile in enumerate(self._tiles):
            tile.show_rank(Rank.CHOSEN if place == self._current else Rank.PLAIN)
        if self._tiles:
            self._scroll.ensureWidgetVisible(self._tiles[self._current])

    def _recall(self, place: int) -> None:
        if 0 <= place < len(self._carts):
            self.recalled.emit(self._carts[place].id)
        elif not self._carts:
            self.left.emit()
