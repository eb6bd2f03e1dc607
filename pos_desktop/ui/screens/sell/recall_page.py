"""The sales on hold: arrows or a number choose, Enter brings back.

A number stands in the box as all that is typed: where more follows, it was the start of a code.
"""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent

from pos_desktop.domain.money import Cents, format_amount
from pos_desktop.domain.text import _, ngettext
from pos_desktop.services.sales.held_carts import HeldCart
from pos_desktop.ui.kit import fonts
from pos_desktop.ui.kit.labels import label
from pos_desktop.ui.kit.tile import Tile
from pos_desktop.ui.kit.tile_list import TileList
from pos_desktop.ui.kit.tokens import Size, Type
from pos_desktop.ui.screens.sell.side_page import ENTER_KEYS, SidePage

_MOST_NUMBERED = 9


class RecallPage(SidePage):
    """Lists the carts on hold, the newest first."""

    recalled = Signal(str)

    def __init__(self) -> None:
        super().__init__(_("On hold"))
        self._carts: list[HeldCart] = []
        self._head = label(font=fonts.strong(Type.LABEL), tone="muted")
        self.list = TileList(_("Sales on hold"))
        self.list.tile_pressed.connect(self._recall)
        back = Tile(_("Back"), key="Esc")
        back.clicked.connect(self.left)
        self.body.addWidget(self._head)
        self.body.addWidget(self.list, 1)
        self.body.addWidget(back)

    def show_held(self, carts: list[HeldCart], costs: Iterable[Cents | None]) -> None:
        """Show these carts and what each costs, where that is known, with the first chosen."""
        self._carts = carts
        count = len(carts)
        if count:
            text = ngettext("{count} SALE ON HOLD", "{count} SALES ON HOLD", count)
            self._head.setText(text.format(count=count))
        else:
            self._head.setText(_("Nothing is on hold; F5 puts the open sale aside."))
        self._fill(costs)

    def choose(self, text: str) -> None:
        """Choose a sale by the number that was typed."""
        place = self._place(text)
        if place is not None:
            self.list.choose(place)

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
            self.list.choose(self.list.current + step)
            return True
        if key in ENTER_KEYS:
            self._recall(self.list.current)
            return True
        return super().handle_key(event)

    def _place(self, text: str) -> int | None:
        numbers = [str(place + 1) for place in range(min(_MOST_NUMBERED, len(self._carts)))]
        return numbers.index(text) if text in numbers else None

    def _fill(self, costs: Iterable[Cents | None]) -> None:
        tiles = []
        for place, (cart, cost) in enumerate(zip(self._carts, costs, strict=True)):
            total = "—" if cost is None else format_amount(cost)
            key = str(place + 1) if place < _MOST_NUMBERED else ""
            tile = Tile(
                cart.label, key=key, note=total, font=fonts.strong(Type.TEXT), height=Size.TILE
            )
            tile.setToolTip(cart.label)
            tiles.append(tile)
        self.list.show_tiles(tiles)

    def _recall(self, place: int) -> None:
        if 0 <= place < len(self._carts):
            self.recalled.emit(self._carts[place].id)
        elif not self._carts:
            self.left.emit()
