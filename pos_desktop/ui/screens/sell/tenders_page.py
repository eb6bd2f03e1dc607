"""How a sale is paid: the exact cash with one key, likely notes with one touch."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from pos_desktop.domain.money import Cents, format_amount, format_short, quick_cash
from pos_desktop.domain.tender import Payment
from pos_desktop.domain.text import _
from pos_desktop.ui.kit import fonts
from pos_desktop.ui.kit.layouts import row
from pos_desktop.ui.kit.number_pad import BOX_KEYS, NumberPad
from pos_desktop.ui.kit.spoken import Spoken
from pos_desktop.ui.kit.tile import Rank, Tile
from pos_desktop.ui.kit.tokens import Size, Space, Type
from pos_desktop.ui.screens.sell.side_page import SidePage

_MOST_QUICK = 4


class QuickCash(Spoken, QWidget):
    """The amounts that a customer is likely to hand over, each one touch."""

    taken = Signal(object)
    """An amount was pressed: its cents (more than a C int may hold)."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(_("Cash received"))
        self._amounts: list[Cents] = []
        self._tiles = [Tile("", height=Size.QUICK_TILE) for _place in range(_MOST_QUICK)]
        tiles = row(gap=Space.INSIDE)
        for tile in self._tiles:
            tiles.addWidget(tile, 1)
        self.setLayout(tiles)
        for place, tile in enumerate(self._tiles):
            tile.clicked.connect(
                lambda _checked=False, at=place: self.taken.emit(self._amounts[at])
            )

    def show_for(self, due_cents: Cents) -> None:
        """Show the amounts above what is due in cash."""
        self._amounts = quick_cash(due_cents)[1 : _MOST_QUICK + 1] if due_cents > 0 else []
        for tile, cents in zip(self._tiles, self._amounts, strict=False):
            tile.show_title(format_short(cents))
        self._show_as_many_as_fit()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Show as many as now find room: half an amount reads as another one."""
        super().resizeEvent(event)
        self._show_as_many_as_fit()

    def _show_as_many_as_fit(self) -> None:
        font = fonts.strong(Type.TEXT)
        widths = [
            fonts.width(format_short(cents), font) + 2 * Space.EDGE for cents in self._amounts
        ]
        count = len(widths)
        while count > 1 and count * (max(widths[:count]) + Space.INSIDE) > self.width():
            count -= 1
        for place, tile in enumerate(self._tiles):
            tile.setVisible(place < count)


class TendersPage(SidePage):
    """The page that is open while the customer's goods are scanned."""

    exact = Signal()
    other = Signal()
    key_pressed = Signal(str)

    def __init__(self) -> None:
        super().__init__(_("Payment"))
        self._exact = Tile(_("Cash, exact"), key="F8", rank=Rank.FIRST)
        self._other = Tile(_("Cash received"), key="↵")
        self.quick = QuickCash()
        self.pad = NumberPad(BOX_KEYS, _("Number keys"))
        self.pad.hide()
        self._exact.clicked.connect(self.exact)
        self._other.clicked.connect(self.other)
        self.pad.pressed.connect(self.key_pressed)
        self.body.addLayout(row(self._exact, self._other, gap=Space.INSIDE + 2))
        self.body.addWidget(self.quick)
        self.body.addWidget(self.pad)
        self.body.addStretch(1)

    def show_payment(self, payment: Payment, *, empty: bool) -> None:
        """Show what can be done about a basket; nothing about an empty one."""
        due = payment.cash_due_cents
        rounded = "" if due == payment.remaining_cents else format_amount(due)
        self._exact.show_title(_("Cash, exact"), rounded)
        for tile in (self._exact, self._other):
            tile.setEnabled(not empty)
        self.quick.show_for(0 if empty else due)

    def handle_key(self, event: QKeyEvent) -> bool:  # noqa: ARG002 - whatever key
        """Leave every key to the box."""
        return False
