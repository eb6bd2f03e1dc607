"""The count of the drawer: what lies in it is typed, Enter closes the shift.

What should lie in it is not shown before: who counts finds what is there.
"""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit

from pos_desktop.domain.errors import Refused
from pos_desktop.domain.text import _
from pos_desktop.ui.kit import fonts
from pos_desktop.ui.kit.amount_field import AmountField
from pos_desktop.ui.kit.card import INSIDE, Card
from pos_desktop.ui.kit.labels import label
from pos_desktop.ui.kit.layouts import column, row
from pos_desktop.ui.kit.number_pad import AMOUNT_KEYS, NumberPad, type_into
from pos_desktop.ui.kit.tile import Rank, Tile
from pos_desktop.ui.kit.tokens import Space, Type
from pos_desktop.ui.screens.sell.side_page import ENTER_KEYS, SidePage


class CountPage(SidePage):
    """Takes the count of the drawer."""

    counted = Signal(object)
    """The count, in cents."""
    refused = Signal(object)
    """What was typed is no count: the error that says so."""

    def __init__(self) -> None:
        super().__init__(_("Count the drawer"))
        self.field = AmountField(_("Cash counted"))
        self.pad = NumberPad(AMOUNT_KEYS, _("Number keys"))
        close = Tile(_("Close the shift"), key="↵", rank=Rank.FIRST)
        back = Tile(_("Back"), key="Esc")
        title = label(_("CASH COUNTED IN THE DRAWER"), fonts.strong(Type.LABEL), tone="muted")
        hint = label(
            _("Count all of it, the float too. The X is printed then."),
            fonts.regular(Type.SMALL),
            tone="muted",
            wrap=True,
        )
        parts = column(title, self.field, hint, gap=6, margins=INSIDE)
        self.body.addWidget(Card(_("Count the drawer"), parts))
        self.body.addWidget(self.pad)
        tiles = row(gap=Space.INSIDE + 2)
        tiles.addWidget(close, 3)
        tiles.addWidget(back, 2)
        self.body.addLayout(tiles)
        self.body.addStretch(1)
        self.pad.pressed.connect(lambda key: type_into(self.field, key))
        close.clicked.connect(self._close)
        back.clicked.connect(self.left)

    def begin(self) -> None:
        """Forget what was typed before."""
        self.field.clear()

    def keyboard_target(self) -> QLineEdit:
        """Let digits be the count."""
        return self.field

    def handle_key(self, event: QKeyEvent) -> bool:
        """Close with Enter, leave with Esc."""
        if event.key() in ENTER_KEYS:
            self._close()
            return True
        return super().handle_key(event)

    def _close(self) -> None:
        try:
            cents = self.field.cents()
            if cents is None:
                raise Refused(_("Type what you counted; 0 where nothing is left."))
        except Refused as error:
            self.field.selectAll()
            self.refused.emit(error)
        else:
            self.counted.emit(cents)
