"""Which receipt goods come back of: scanned, typed, or one of the last; or goods without any."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit

from pos_desktop.domain.receipt_number import looks_like_receipt
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

_LONGEST = 20
_STEPS = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}


class ReceiptPage(SidePage):
    """Asks for a receipt; it lists the last ones of this till."""

    chosen = Signal(str)
    """The number of a receipt, as it was scanned, typed or listed."""
    without_wanted = Signal()
    """Goods come back that no receipt proves."""

    def __init__(self) -> None:
        super().__init__(_("Return"))
        self._rows: Sequence[ListRow] = ()
        self.field = Field()
        self.field.setAccessibleName(_("Number of the receipt"))
        self.field.setPlaceholderText(_("Scan the receipt, or type its number"))
        self.field.setFont(fonts.regular(Type.TABLE))
        self.field.setFixedHeight(Size.TOUCH)
        self.field.setMaxLength(_LONGEST)
        head = label(_("GOODS COME BACK"), fonts.strong(Type.LABEL), tone="muted")
        self.list = RowList(_("Last receipts"))
        take = Tile(_("Choose"), key="↵", rank=Rank.FIRST, height=Size.QUICK_TILE)
        back = Tile(_("Back"), key="Esc", height=Size.QUICK_TILE)
        without = Tile(_("Without a receipt"), key="F11", height=Size.TOUCH)
        self.body.setSpacing(Space.INSIDE)
        self.body.addWidget(head)
        self.body.addWidget(self.field)
        self.body.addWidget(Card(_("Last receipts"), column(self.list, margins=(1, 1, 1, 1))), 1)
        tiles = row(gap=Space.INSIDE + 2)
        tiles.addWidget(take, 3)
        tiles.addWidget(back, 2)
        self.body.addLayout(tiles)
        self.body.addWidget(without)
        self.list.clicked.connect(lambda _index: self._take_listed())
        take.clicked.connect(self._take)
        back.clicked.connect(self.left)
        without.clicked.connect(self.without_wanted)

    def begin(self, rows: Sequence[ListRow]) -> None:
        """Ask anew, with these receipts at hand."""
        self.field.clear()
        self.list.choose_first()
        self._rows = rows
        self._show()

    def retell(self) -> None:
        """Say all of it in the language that is spoken now."""
        super().retell()
        self._show()

    def _show(self) -> None:
        nothing = _("No receipts yet"), _("What is sold at this till stands here.")
        self.list.show_rows(self._rows, nothing)

    def take_scan(self, code: str) -> bool:
        """Take the barcode of a receipt; goods are sold as ever."""
        if looks_like_receipt(code):
            self.chosen.emit(code)
            return True
        return False

    def keyboard_target(self) -> QLineEdit:
        """Let typing be the number of the receipt."""
        return self.field

    def letters_target(self) -> QLineEdit:
        """Let letters go where typing does."""
        return self.keyboard_target()

    def handle_key(self, event: QKeyEvent) -> bool:
        """Choose with the arrows and Enter, leave with Esc."""
        key = Qt.Key(event.key())
        if key in _STEPS:
            self.list.move(_STEPS[key])
        elif key in ENTER_KEYS:
            self._take()
        else:
            return super().handle_key(event)
        return True

    def _take(self) -> None:
        typed = self.field.text().strip()
        self.field.selectAll()
        if typed:
            self.chosen.emit(typed)
        else:
            self._take_listed()

    def _take_listed(self) -> None:
        if self.list.key is not None:
            self.chosen.emit(str(self.list.key))
