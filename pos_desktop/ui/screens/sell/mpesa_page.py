"""Asking for M-Pesa: the customer's phone, or the code of a payment that was made already.

What came by itself is offered below; the likeliest is taken with the key that opened the page.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit

from pos_desktop.domain.errors import Refused
from pos_desktop.domain.money import Cents, amount_text, format_amount
from pos_desktop.domain.text import _
from pos_desktop.ui.kit import fonts
from pos_desktop.ui.kit.amount_field import AmountField
from pos_desktop.ui.kit.card import INSIDE, Card
from pos_desktop.ui.kit.form import FormField
from pos_desktop.ui.kit.labels import label
from pos_desktop.ui.kit.layouts import column, row
from pos_desktop.ui.kit.number_pad import AMOUNT_KEYS, NumberPad, type_into
from pos_desktop.ui.kit.tile import Rank, Tile
from pos_desktop.ui.kit.tokens import Size, Space, Type
from pos_desktop.ui.screens.sell.side_page import ENTER_KEYS, SidePage

_LONGEST = 400
"""So much as a whole message that a code stands in."""
_MOST_OFFERS = 2
_PICKS = (Qt.Key.Key_1, Qt.Key.Key_2)
_TO_OTHER = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Tab, Qt.Key.Key_Backtab)


@dataclass(frozen=True, slots=True)
class Offered:
    """A payment that came by itself and may be for this sale."""

    receipt: str
    title: str
    fits: bool
    """Whether it is what is due."""
    note: str


class MpesaPage(SidePage):
    """Asks for a phone or a code, and for how much."""

    asked = Signal(str, object)
    """What was typed, and the cents."""
    picked = Signal(str)
    """A payment that came by itself: its receipt."""
    code_wanted = Signal()
    """The customer wants to scan a QR code."""
    refused = Signal(object)

    def __init__(self) -> None:
        super().__init__(_("M-Pesa"))
        self._compact = False
        self._offers: tuple[Offered, ...] = ()
        self.phone = FormField(_("Phone, or code of the payment"), longest=_LONGEST)
        self.field = AmountField(_("Amount"), height=Size.TOUCH)
        self._hint = label(font=fonts.regular(Type.SMALL), tone="muted", wrap=True)
        head = label(_("BY M-PESA"), fonts.strong(Type.LABEL), tone="muted")
        fields = row(gap=Space.STEP)
        fields.addWidget(self.phone, 3)
        name = label(_("Amount"), fonts.strong(Type.LABEL), tone="muted")
        name.setAlignment(Qt.AlignmentFlag.AlignRight)
        fields.addLayout(column(name, self.field, gap=2), 2)
        parts = column(head, fields, gap=Space.STEP, margins=INSIDE)
        parts.addWidget(self._hint)
        self.offers = [
            Tile("", height=Size.QUICK_TILE, font=fonts.strong(Type.TEXT))
            for _place in range(_MOST_OFFERS)
        ]
        self.pad = NumberPad(AMOUNT_KEYS, _("Number keys"))
        self._do = Tile(_("Ask for it"), key="↵", rank=Rank.FIRST, height=Size.QUICK_TILE)
        self._code = Tile(_("QR"), key="Ctrl Q", height=Size.QUICK_TILE)
        self._back = Tile(_("Back"), key="Esc", height=Size.QUICK_TILE)
        self.body.addWidget(Card(_("M-Pesa"), parts))
        for place, tile in enumerate(self.offers):
            tile.clicked.connect(partial(self._pick, place))
            tile.hide()
            self.body.addWidget(tile)
        self.body.addWidget(self.pad)
        tiles = row(gap=Space.INSIDE + 2)
        for tile, share in ((self._do, 4), (self._code, 3), (self._back, 3)):
            tiles.addWidget(tile, share)
        self.body.addLayout(tiles)
        self.body.addStretch(1)
        self.pad.pressed.connect(lambda key: type_into(self.keyboard_target(), key))
        self._do.clicked.connect(self._enter)
        self._code.clicked.connect(self.code_wanted)
        self._back.clicked.connect(self.left)

    def ask(self, cents: Cents, phone: str, hint: str, *, code_only: bool = False) -> None:
        """Ask anew: for so much, with a number that is known, and how to pay without a phone.

        While a phone is asked already, a code alone can be typed.
        """
        self.phone.show_text(phone)
        self._do.show_title(_("Take it") if code_only else _("Ask for it"))
        self._hint.setText(hint)
        self.offer_amount(cents)
        self.show_offers(())
        self.phone.field.setFocus()
        self.phone.field.selectAll()

    def offer_amount(self, cents: Cents) -> None:
        """Offer another amount, since the cart has changed."""
        self.field.setText(amount_text(cents).removesuffix(".00") if cents else "")

    def show_offers(self, offers: Sequence[Offered]) -> None:
        """Show what came by itself, the likeliest first; F9 takes the only one that is due."""
        self._offers = tuple(offers[:_MOST_OFFERS])
        self._hint.setVisible(not self._compact)
        most = 1 if self._compact else _MOST_OFFERS
        for place, tile in enumerate(self.offers):
            tile.setVisible(place < min(len(self._offers), most))
            if place < len(self._offers):
                tile.show_title(self._offers[place].title, self._offers[place].note)
                tile.show_key("F9" if place == self._only_fitting else f"Ctrl {place + 1}")

    @property
    def _only_fitting(self) -> int | None:
        """The place of the one offer that is due; None where none is, or a person has to choose."""
        fitting = [place for place, one in enumerate(self._offers) if one.fits]
        return fitting[0] if len(fitting) == 1 else None

    def take_fitting(self) -> bool:
        """Take the only offer that is due; tell whether there was one."""
        place = self._only_fitting
        if place is not None:
            self._pick(place)
        return place is not None

    def mend_typed(self, error: Refused) -> None:
        """Say what is wrong with phone or code; typing begins it anew."""
        self._mend(self.phone.field, error)

    def show_compact(self, *, compact: bool) -> None:
        """Do with less height, where the keys for fingers are wanted in a low window."""
        self.body.setSpacing(Space.INSIDE if compact else Space.BETWEEN)
        for tile in (self._do, self._code, self._back, *self.offers):
            tile.setFixedHeight(Size.TOUCH if compact else Size.QUICK_TILE)
        self._compact = compact
        self.show_offers(self._offers)

    def keyboard_target(self) -> QLineEdit:
        """Let typing be the phone first, then the amount."""
        return self.field if self.field.hasFocus() else self.phone.field

    def letters_target(self) -> QLineEdit:
        """Let letters be the code."""
        return self.phone.field

    def handle_key(self, event: QKeyEvent) -> bool:
        """Ask with Enter, show a code with Ctrl Q, take an offer with Ctrl and its number.

        Esc leaves.

        The arrows go between the two fields.
        """
        key = event.key()
        if key in ENTER_KEYS:
            self._enter()
        elif event.modifiers() & Qt.KeyboardModifier.ControlModifier and key in _PICKS:
            self._pick(_PICKS.index(Qt.Key(key)))
        elif key == Qt.Key.Key_Q and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.code_wanted.emit()
        elif key in _TO_OTHER:
            other = self.phone.field if self.field.hasFocus() else self.field
            other.setFocus()
            other.selectAll()
        else:
            return super().handle_key(event)
        return True

    def _enter(self) -> None:
        try:
            cents = self.field.cents()
        except Refused as error:
            self._mend(self.field, error)
            return
        if not cents or cents < 0:
            self._mend(self.field, Refused(_("Type an amount of more than zero.")))
        elif not self.phone.text:
            sentence = _("Type the customer's phone, or the code of the message about the payment.")
            self._mend(self.phone.field, Refused(sentence))
        else:
            self.asked.emit(self.phone.text, cents)

    def _pick(self, place: int, _checked: bool = False) -> None:  # noqa: FBT001, FBT002 - Qt's
        if place < len(self._offers):
            self.picked.emit(self._offers[place].receipt)

    def _mend(self, field: QLineEdit, error: Refused) -> None:
        field.setFocus()
        field.selectAll()
        self.refused.emit(error)


def offered_title(cents: Cents) -> str:
    """Return how a payment that came by itself is offered."""
    return _("Take {amount}").format(amount=format_amount(cents))
