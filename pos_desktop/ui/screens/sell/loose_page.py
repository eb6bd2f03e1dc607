"""Goods that come back and that no receipt proves: collected here, approved once for all."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent

from pos_desktop.domain.basket import Item
from pos_desktop.domain.errors import Refused
from pos_desktop.domain.money import format_amount
from pos_desktop.domain.quantity import ONE, Thousandths, format_quantity
from pos_desktop.domain.text import _
from pos_desktop.ui.kit import fonts
from pos_desktop.ui.kit.labels import label
from pos_desktop.ui.kit.list_row import ListRow
from pos_desktop.ui.kit.tile import Tile
from pos_desktop.ui.kit.tokens import Size, Type
from pos_desktop.ui.screens.sell.choose_page import ChoosePage


@dataclass(frozen=True, slots=True)
class Loose:
    """Goods that no receipt proves, and how much of them comes back."""

    item: Item
    quantity: Thousandths


class LoosePage(ChoosePage):
    """Collects goods that come back without a receipt; every scan is for it while it is open."""

    scanned = Signal(str)
    """A code was scanned or typed: its product comes back."""
    taken = Signal(object)
    """These come back: codes with quantities."""
    refused = Signal(object)

    def __init__(self) -> None:
        super().__init__(
            _("Return without a receipt"),
            asked=_("Code of what comes back"),
            hint=_("Scan what comes back, or type its code"),
            listed=_("What comes back"),
            take=_("Into the cart"),
        )
        self._goods: dict[str, Loose] = {}
        head = label(_("RETURN WITHOUT A RECEIPT"), fonts.strong(Type.LABEL), tone="warning")
        less = Tile(_("One less"), key="Del", height=Size.TOUCH)
        self.body.insertWidget(0, head)
        self.body.addWidget(less)
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

    def handle_key(self, event: QKeyEvent) -> bool:
        """Take one less with Del in an empty field."""
        if event.key() == Qt.Key.Key_Delete and not self.field.text():
            self._less()
            return True
        return super().handle_key(event)

    def enter(self) -> None:
        """Let what is typed come back; else put all of it into the cart."""
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
