"""Cash received: the amount due stands there already, typing replaces it, Enter finishes."""

from __future__ import annotations

import re

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QBoxLayout, QLineEdit

from pos_desktop.domain.errors import Refused
from pos_desktop.domain.money import Cents, amount_text, format_amount
from pos_desktop.domain.tender import Payment
from pos_desktop.domain.text import _
from pos_desktop.services.counter.money_back import undo_title
from pos_desktop.ui.kit import fonts
from pos_desktop.ui.kit.amount_field import AmountField
from pos_desktop.ui.kit.card import INSIDE, Card
from pos_desktop.ui.kit.labels import AmountLabel, label
from pos_desktop.ui.kit.layouts import column, row
from pos_desktop.ui.kit.number_pad import AMOUNT_KEYS, NumberPad, type_into
from pos_desktop.ui.kit.tile import Rank, Tile
from pos_desktop.ui.kit.tokens import Size, Space, Type
from pos_desktop.ui.screens.sell.side_page import ENTER_KEYS, SidePage
from pos_desktop.ui.screens.sell.tenders_page import QuickCash

_AMOUNT_SIGNS = "0123456789.,"
_BARCODE = re.compile(r"[0-9]{10,14}")
"""An amount has eight digits at most, and cents; a barcode of eight cannot be told from one."""


class PayPage(SidePage):
    """Takes cash for the open sale."""

    paid = Signal(object)
    """Cash was received: its cents, or None where that is exactly what is due."""
    refused = Signal(object)
    """What was typed is no amount: the error that says so."""
    back_wanted = Signal()
    """What was paid so far is wanted back."""
    typed_on = Signal(str)
    """A letter or sign was typed that is no part of an amount: it, after what stood there."""
    code_typed = Signal(str)
    """More digits than an amount has: somebody typed a barcode, or a slow scanner did."""

    def __init__(self) -> None:
        super().__init__(_("Cash received"))
        self._due_cents: Cents = 0
        self.field = AmountField(_("Cash received"))
        self._head = label(font=fonts.strong(Type.LABEL), tone="muted")
        self.change = AmountLabel((40, 32, 26), _("Change"))
        self.quick = QuickCash()
        self.pad = NumberPad(AMOUNT_KEYS, _("Number keys"))
        take = Tile(_("Take cash"), key="↵", rank=Rank.FIRST)
        back = Tile(_("Back"), key="Esc")
        self._tiles = (take, back)
        self._compact = self._part_paid = self._tall = False
        self._give_back = Tile("", key="⇧ Del", height=Size.TOUCH)
        self._give_back.hide()
        title = label(_("CASH RECEIVED"), fonts.strong(Type.LABEL), tone="muted")
        self._parts = column(gap=Space.BETWEEN, margins=INSIDE)
        self._parts.addLayout(column(title, self.field, gap=6), 1)
        self._parts.addLayout(column(self._head, self.change, gap=0), 1)
        self.body.addWidget(Card(_("Cash received"), self._parts))
        self.body.addWidget(self.quick)
        self.body.addWidget(self.pad)
        self.body.addLayout(row(take, back, gap=Space.INSIDE + 2))
        self.body.addWidget(self._give_back)
        self.body.addStretch(1)
        self.field.textChanged.connect(self._show_change)
        self.quick.taken.connect(self.paid)
        self.pad.pressed.connect(lambda key: type_into(self.field, key))
        take.clicked.connect(self._take)
        back.clicked.connect(self.left)
        self._give_back.clicked.connect(self.back_wanted)

    def open_for(self, payment: Payment) -> None:
        """Show what is due, ready to be typed over."""
        self._due_cents = payment.cash_due_cents
        self._give_back.show_title(undo_title(payment))
        self._part_paid = bool(payment.tenders)
        self._make_room()
        self._offer_due()
        self.quick.show_for(self._due_cents)
        self._show_change()

    def follow(self, payment: Payment) -> None:
        """Show what is due now, if that has changed."""
        if payment.cash_due_cents != self._due_cents:
            self.open_for(payment)

    def show_compact(self, *, compact: bool) -> None:
        """Do with less height, where the keys for fingers are wanted in a low window."""
        beside, below = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
        self._parts.setDirection(beside if compact else below)
        self._compact = compact
        self._make_room()

    def show_tall(self, *, tall: bool) -> None:
        """Leave nothing out in a high window."""
        self._tall = tall
        self._make_room()

    def _make_room(self) -> None:
        """Beside money to give back leave the likely amounts out, or move closer together.

        Where the keys fill a low window, Clear in the key bar is the way to give it back.
        """
        gives_back = self._part_paid and not self._compact
        crowded = gives_back and not self._tall
        tight = self._compact or crowded
        self._give_back.setVisible(gives_back)
        self.quick.setVisible(self.pad.isHidden() or not crowded)
        height = Size.QUICK_TILE if tight else Size.TILE
        for tile in self._tiles:
            tile.setFixedHeight(Size.TOUCH if self._compact else height)
        self.body.setSpacing(Space.INSIDE if tight else Space.BETWEEN)

    def keyboard_target(self) -> QLineEdit:
        """Let digits be the cash received."""
        return self.field

    def handle_key(self, event: QKeyEvent) -> bool:
        """Finish with Enter, leave with Esc; letters and signs are for the box."""
        if event.key() in ENTER_KEYS:
            self._take()
            return True
        if _is_no_amount(event):
            typed = self.field.text() if self.field.isModified() else ""
            self.typed_on.emit(typed + event.text())
            return True
        return super().handle_key(event)

    def _offer_due(self) -> None:
        self.field.setText(amount_text(self._due_cents).removesuffix(".00"))
        self.field.selectAll()

    def _take(self) -> None:
        if _BARCODE.fullmatch(self.field.text()):
            code = self.field.text()
            self._offer_due()
            self.code_typed.emit(code)
            return
        try:
            given = self.field.cents()
        except Refused as error:
            self.refused.emit(error)
            self.field.selectAll()
            return
        self.paid.emit(None if given == self._due_cents else given)

    def _given(self) -> Cents | None:
        try:
            return self.field.cents()
        except Refused:
            return None

    def _show_change(self) -> None:
        """Show what Enter comes to; nothing where it comes to nothing."""
        given = self._given()
        short = given is not None and given < self._due_cents
        self._head.setText(_("STILL TO PAY AFTER THIS") if short else _("CHANGE"))
        if given is None and self.field.text():
            self.change.show_text("—")
            return
        difference = abs((given if given is not None else self._due_cents) - self._due_cents)
        self.change.show_text(format_amount(difference))


def _is_no_amount(event: QKeyEvent) -> bool:
    """Tell whether a key types something that stands in no amount."""
    typed = event.text()
    chord = event.modifiers() & (
        Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
    )
    return bool(typed.strip()) and typed.isprintable() and not chord and typed not in _AMOUNT_SIGNS
