"""A voucher pays: its code is scanned or typed. From here one is sold too."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit

from pos_desktop.domain.errors import Refused
from pos_desktop.domain.text import _
from pos_desktop.services.credit.vouchers import PREFIX
from pos_desktop.ui.kit import fonts
from pos_desktop.ui.kit.card import INSIDE, Card
from pos_desktop.ui.kit.labels import label
from pos_desktop.ui.kit.layouts import column, row
from pos_desktop.ui.kit.number_pad import AMOUNT_KEYS, NumberPad, type_into
from pos_desktop.ui.kit.spoken import Field
from pos_desktop.ui.kit.tile import Rank, Tile
from pos_desktop.ui.kit.tokens import Size, Space, Type
from pos_desktop.ui.screens.sell.side_page import ENTER_KEYS, SidePage

_LONGEST = 40


class VoucherPage(SidePage):
    """Takes the code of a voucher; other goods that are scanned meanwhile are sold."""

    paid = Signal(str)
    """A voucher is to pay: its code."""
    sale_wanted = Signal()
    """A voucher is to be sold."""
    refused = Signal(object)

    def __init__(self) -> None:
        super().__init__(_("Voucher"))
        self.field = Field()
        self.field.setAccessibleName(_("Code of the voucher"))
        self.field.setPlaceholderText(_("Scan or type its code"))
        self.field.setFont(fonts.heavy(Type.TITLE))
        self.field.setFixedHeight(Size.ROW)
        self.field.setMaxLength(_LONGEST)
        head = label(_("PAY WITH A VOUCHER"), fonts.strong(Type.LABEL), tone="muted")
        self._hint = label(font=fonts.regular(Type.SMALL), tone="muted", wrap=True)
        parts = column(head, self.field, self._hint, gap=Space.STEP, margins=INSIDE)
        self.pad = NumberPad(AMOUNT_KEYS, _("Number keys"))
        take = Tile(_("Take it"), key="↵", rank=Rank.FIRST, height=Size.QUICK_TILE)
        back = Tile(_("Back"), key="Esc", height=Size.QUICK_TILE)
        sell = Tile(_("Sell a voucher"), key="S", height=Size.QUICK_TILE)
        self.body.addWidget(Card(_("Voucher"), parts))
        self.body.addWidget(self.pad)
        tiles = row(gap=Space.INSIDE + 2)
        tiles.addWidget(take, 3)
        tiles.addWidget(back, 2)
        self.body.addLayout(tiles)
        self.body.addWidget(sell)
        self.body.addStretch(1)
        self._tiles = (take, back, sell)
        self.pad.pressed.connect(lambda key: type_into(self.field, key))
        take.clicked.connect(self._take)
        back.clicked.connect(self.left)
        sell.clicked.connect(self.sale_wanted)

    def begin(self, *, is_empty: bool) -> None:
        """Ask for a code anew, with an empty cart or goods to pay."""
        self.field.clear()
        self.say_what_follows(is_empty=is_empty)

    def say_what_follows(self, *, is_empty: bool) -> None:
        """Say what a voucher pays; with an empty cart, what comes first."""
        hint = _("It pays as much as it can; what is left to pay stays due.")
        if is_empty:
            hint = _("There is nothing to pay: scan what is bought first, or sell a voucher.")
        self._hint.setText(hint)

    def show_compact(self, *, compact: bool) -> None:
        """Do with less height, where the keys for fingers are wanted in a low window."""
        self.body.setSpacing(Space.INSIDE if compact else Space.BETWEEN)
        self._hint.setVisible(not compact)
        for tile in self._tiles:
            tile.setFixedHeight(Size.TOUCH if compact else Size.QUICK_TILE)

    def keyboard_target(self) -> QLineEdit:
        """Let typing be the code."""
        return self.field

    def letters_target(self) -> QLineEdit:
        """Let letters go where typing does."""
        return self.keyboard_target()

    def handle_key(self, event: QKeyEvent) -> bool:
        """Take it with Enter, sell one with S, leave with Esc."""
        if event.key() in ENTER_KEYS:
            self._take()
        elif event.text().lower() == "s":
            self.sale_wanted.emit()
        else:
            return super().handle_key(event)
        return True

    def take_scan(self, code: str) -> bool:
        """Take a scan that is a voucher's; any other is goods, and for the cart."""
        if not code.startswith(PREFIX):
            return False
        self.field.setText(code)
        self._take()
        return True

    def _take(self) -> None:
        code = self.field.text().strip()
        self.field.selectAll()
        if code:
            self.paid.emit(code)
        else:
            self.refused.emit(Refused(_("Scan the voucher, or type its number.")))
