"""Goods that come back and that no receipt proves: collected here, approved once for all."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit

from pos_desktop.domain.basket import Item
from pos_desktop.domain.errors import Refused
from pos_desktop.domain.money import format_amount
from pos_desktop.domain.quantity import ONE, Thousandths, format_quantity
from pos_desktop.domain.text import _
from pos_desktop.ui.kit import fonts
from pos_desktop.ui.kit.card import Card
from pos_desktop.ui.kit.labels import label
from pos_desktop.ui.kit.layouts import column, row
from pos_desktop.ui.kit.list_row import ListRow
from pos_desktop.ui.kit.row_list import RowList
from pos_desktop.ui.kit.spoken import Field
from pos_desktop.ui.kit.tile import Rank, Tile
from pos_desktop.ui.kit.tokens import Size, Space, Type
from pos_desktop.ui.screens.sell.side_page import ENTER_KEYS, SidePage

_STEPS = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}


@dataclass(frozen=True, slots=True)
class Loose:
    """Goods that no receipt proves, and how much of them comes back."""

    item: Item
    quantity: Thousandths


class LoosePage(SidePage):
    """Collects goods that come back without a receipt; every scan is for it while it is open."""

    scanned = Signal(str)
    """A code was scanned or typed: its product comes back."""
    taken = Signal(object)
    """These come back: codes with quantities."""
    refused = Signal(object)

    def __init__(self) -> None:
        super().__init__(_("Return without a receipt"))
        self._goods: dict[str, Loose] = {}
        self.field = Field()
        self.field.setAccessibleName(_("Code of what comes back"))
        self.field.setPlaceholderText(_("Scan what comes back, or type its code"))
        self.field.setFont(fonts.regular(Type.TABLE))
        self.field.setFixedHeight(Size.TOUCH)
        head = label(_("RETURN WITHOUT A RECEIPT"), fonts.strong(Type.LABEL), tone="warning")
        self.list = RowList(_("What comes back"))
        take = Tile(_("Into the cart"), key="↵", rank=Rank.FIRST, height=Size.QUICK_TILE)
        back = Tile(_("Back"), key="Esc", height=Size.QUICK_TILE)
        less = Tile(_("One less"), key="Del", height=Size.TOUCH)
        self.body.setSpacing(Space.INSIDE)
        self.body.addWidget(head)
        self.body.addWidget(self.field)
        self.body.addWidget(Card(_("What comes back"), column(self.list, margins=(1, 1, 1, 1))), 1)
        tiles = row(gap=Space.INSIDE + 2)
        tiles.addWidget(take, 3)
        tiles.addWidget(back, 2)
        self.body.addLayout(tiles)
        self.body.addWidget(less)
        take.clicked.connect(self._enter)
        back.clicked.connect(self.left)
        less.clicked.connect(self._less)

    def begin(self) -> None:
        """Collect anew."""
        self._goods = {}
        self.field.clear()
        self._show()

    def add(self, item: Item, quantity: Thousandths) -> None:
        """Let so much of an item come back, beside what was scanned before."""
        before = self._goods[item.code].quantity if item.code in self._goods else 0
        self._goods[item.code] = Loose(item, before + quantity)
        self.field.clear()
        self.list.want(item.code)
        self._show()

    def retell(self) -> None:
        """Say all of it in the language that is spoken now."""
        super().retell()
        self._show()

    def _show(self) -> None:
        rows = [
            ListRow(
                key=code,
                title=one.item.name,
                note=format_amount(one.item.price_cents),
                right=format_quantity(one.quantity),
            )
            for code, one in self._goods.items()
        ]
        empty = _("Scan what comes back"), _("Enter puts it into the cart; it is approved there.")
        self.list.show_rows(rows, empty)

    def take_scan(self, code: str) -> bool:
        """Take every scan for something that comes back, but for a receipt."""
        self.scanned.emit(code)
        return True

    def keyboard_target(self) -> QLineEdit:
        """Let typing be a code."""
        return self.field

    def letters_target(self) -> QLineEdit:
        """Let letters go where typing does."""
        return self.keyboard_target()

    def handle_key(self, event: QKeyEvent) -> bool:
        """Choose with the arrows, go on with Enter, leave with Esc."""
        key = Qt.Key(event.key())
        if key in _STEPS:
            self.list.move(_STEPS[key])
        elif key in ENTER_KEYS:
            self._enter()
        elif key == Qt.Key.Key_Delete and not self.field.text():
            self._less()
        else:
            return super().handle_key(event)
        return True

    def _enter(self) -> None:
        if code := self.field.text().strip():
            self.field.selectAll()
            self.scanned.emit(code)
        elif self._goods:
            self.taken.emit(tuple((code, one.quantity) for code, one in self._goods.items()))
        else:
            self.refused.emit(Refused(_("Scan what comes back first.")))

    def _less(self) -> None:
        code = str(self.list.key)
        if code in self._goods:
            left = self._goods[code].quantity - ONE
            if left > 0 and not self._goods[code].item.by_weight:
                self._goods[code] = Loose(self._goods[code].item, left)
            else:
                del self._goods[code]
            self._show()
