"""Cash that is put into the drawer or taken out of it, or the drawer opened for nothing of that."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit

from pos_desktop.domain.errors import Refused
from pos_desktop.domain.money import Cents
from pos_desktop.domain.shift import CashDirection
from pos_desktop.domain.text import _
from pos_desktop.ui.kit import fonts
from pos_desktop.ui.kit.amount_field import AmountField
from pos_desktop.ui.kit.card import INSIDE, Card
from pos_desktop.ui.kit.labels import label
from pos_desktop.ui.kit.layouts import column, row
from pos_desktop.ui.kit.reason_field import ReasonField
from pos_desktop.ui.kit.tile import Rank, Tile
from pos_desktop.ui.kit.tokens import Size, Space, Type
from pos_desktop.ui.screens.sell.side_page import ENTER_KEYS, SidePage


class CashPage(SidePage):
    """Asks for an amount and a reason; for the drawer alone, only for the reason."""

    moved = Signal(object, object, str)
    """Cash moves: the CashDirection, its cents, and why."""
    opened = Signal(str)
    """The drawer is to be opened without a sale: why."""
    refused = Signal(object)
    """What was typed cannot be: the error that says so."""

    def __init__(self) -> None:
        super().__init__(_("Cash in the drawer"))
        self._direction: CashDirection | None = None
        self._head = label(font=fonts.strong(Type.LABEL), tone="muted")
        self.field = AmountField(_("Amount"))
        self.reason = ReasonField()
        self._do = Tile("", key="↵", rank=Rank.FIRST, height=Size.QUICK_TILE)
        back = Tile(_("Back"), key="Esc", height=Size.QUICK_TILE)
        parts = column(self._head, self.field, self.reason, gap=Space.STEP, margins=INSIDE)
        self.body.addWidget(Card(_("Cash in the drawer"), parts))
        tiles = row(gap=Space.INSIDE + 2)
        tiles.addWidget(self._do, 3)
        tiles.addWidget(back, 2)
        self.body.addLayout(tiles)
        self.body.addStretch(1)
        self._do.clicked.connect(self._finish)
        back.clicked.connect(self.left)

    def begin(self, direction: CashDirection | None) -> None:
        """Ask for cash that goes this way; None: for the drawer alone."""
        self._direction = direction
        self.field.clear()
        self.field.setVisible(direction is not None)
        self._head.setText(_head(direction))
        self._do.show_title(_act(direction))
        self.reason.begin(_reasons(direction))

    def keyboard_target(self) -> QLineEdit:
        """Let typing be the amount first, then the reason."""
        if self._direction is None or self.reason.field.hasFocus():
            return self.reason.field
        return self.field

    def letters_target(self) -> QLineEdit:
        """Let letters go where typing does."""
        return self.keyboard_target()

    def handle_key(self, event: QKeyEvent) -> bool:
        """Go on with Enter, choose a reason with the arrows, leave with Esc."""
        if event.key() in ENTER_KEYS:
            self._enter()
            return True
        if self.keyboard_target() is self.reason.field and self.reason.handle_key(event):
            return True
        return super().handle_key(event)

    def _enter(self) -> None:
        """Go on to the reason once an amount is there, then finish."""
        if self.keyboard_target() is self.field and not self.reason.text:
            if self._cents() is not None:
                self.reason.field.setFocus()
        else:
            self._finish()

    def _cents(self) -> Cents | None:
        try:
            cents = self.field.cents()
            if not cents:
                raise Refused(_("Type an amount of more than zero."))
        except Refused as error:
            self.field.setFocus()
            self.field.selectAll()
            self.refused.emit(error)
            return None
        return cents

    def _finish(self) -> None:
        cents = None if self._direction is None else self._cents()
        if self._direction is not None and cents is None:
            return
        if not self.reason.text:
            self.reason.field.setFocus()
            self.refused.emit(Refused(_("Say why: type a reason, or choose one.")))
        elif self._direction is None:
            self.opened.emit(self.reason.text)
        else:
            self.moved.emit(self._direction, cents, self.reason.text)


def _head(direction: CashDirection | None) -> str:
    if direction is None:
        return _("OPEN THE DRAWER WITHOUT A SALE")
    return _("PUT CASH IN") if direction is CashDirection.IN else _("TAKE CASH OUT")


def _act(direction: CashDirection | None) -> str:
    if direction is None:
        return _("Open the drawer")
    return _("Put in") if direction is CashDirection.IN else _("Take out")


def _reasons(direction: CashDirection | None) -> Sequence[str]:
    """Return what such a thing is mostly done for."""
    if direction is None:
        return (_("Change for a customer"), _("Checking the drawer"), _("New till roll"))
    if direction is CashDirection.IN:
        return (_("More change"), _("Money returned"))
    return (_("To the safe"), _("To the bank"), _("Supplier paid"), _("Small expense"))
