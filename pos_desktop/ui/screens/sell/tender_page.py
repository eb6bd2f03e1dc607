"""An amount by one tender, and what the slip of it says: Enter goes on, then it is done.

Where a slip has to be told, what is typed is its number: the amount that is due stands there
already, and a number that became an amount was taken for money.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QBoxLayout, QLineEdit

from pos_desktop.domain.errors import Refused
from pos_desktop.domain.money import Cents, amount_text, format_amount
from pos_desktop.domain.text import _
from pos_desktop.ui.kit import fonts
from pos_desktop.ui.kit.amount_field import AmountField
from pos_desktop.ui.kit.card import INSIDE, Card
from pos_desktop.ui.kit.form import FormField
from pos_desktop.ui.kit.labels import ElidedLabel, label
from pos_desktop.ui.kit.layouts import column, row
from pos_desktop.ui.kit.number_pad import AMOUNT_KEYS, NumberPad, type_into
from pos_desktop.ui.kit.tile import Rank, Tile
from pos_desktop.ui.kit.tokens import Size, Space, Type
from pos_desktop.ui.screens.sell.fact_rows import FactRows
from pos_desktop.ui.screens.sell.side_page import ENTER_KEYS, SidePage

_LONGEST_REFERENCE = 40
_TO_OTHER = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Tab, Qt.Key.Key_Backtab)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a page asks for, and what it says of it."""

    head: str
    act: str
    cents: Cents = 0
    """What is offered; 0: nothing."""
    reference: str | None = None
    """What is known of the slip already; None where there is none to ask for."""
    needs_reference: bool = False
    most: Cents | None = None
    """More than this the tender cannot take; None where that is found out later."""
    facts: tuple[tuple[str, str], ...] = ()
    hint: str = ""


class TenderPage(SidePage):
    """Asks for an amount, and for a reference where the tender has one."""

    taken = Signal(object, str)
    """The cents, and the reference or nothing."""
    refused = Signal(object)
    """What was typed cannot be: the error that says so."""

    def __init__(self) -> None:
        super().__init__(_("Payment"))
        self._asked = Asked(head="", act="")
        self._compact = False
        self._head = ElidedLabel(fonts.strong(Type.LABEL), tone="muted")
        self.field = AmountField(_("Amount"))
        self.reference = FormField(_("Reference on the slip"), longest=_LONGEST_REFERENCE)
        self.facts = FactRows()
        self._hint = label(font=fonts.regular(Type.SMALL), tone="muted", wrap=True)
        self._do = Tile("", key="↵", rank=Rank.FIRST, height=Size.QUICK_TILE)
        self._back = Tile(_("Back"), key="Esc", height=Size.QUICK_TILE)
        self.pad = NumberPad(AMOUNT_KEYS, _("Number keys"))
        self._fields = column(self.field, self.reference, gap=Space.STEP)
        parts = column(self._head, self._fields, gap=Space.STEP, margins=INSIDE)
        parts.addWidget(self.facts)
        parts.addWidget(self._hint)
        self.body.addWidget(Card(_("Payment"), parts))
        self.body.addWidget(self.pad)
        tiles = row(gap=Space.INSIDE + 2)
        tiles.addWidget(self._do, 3)
        tiles.addWidget(self._back, 2)
        self.body.addLayout(tiles)
        self.body.addStretch(1)
        self.pad.pressed.connect(lambda key: type_into(self.keyboard_target(), key))
        self._do.clicked.connect(self._enter)
        self._back.clicked.connect(self.left)

    def ask(self, asked: Asked) -> None:
        """Ask for this; what is offered stands there ready to be typed over."""
        self._asked = asked
        self._say()
        self.reference.show_text(asked.reference or "")
        self._show_amount(asked.cents)
        first = self.reference.field if asked.needs_reference else self.field
        first.setFocus()
        first.selectAll()

    def offer(self, cents: Cents) -> None:
        """Offer another amount, since the cart has changed; what was typed of the slip stays."""
        if self._asked.most is not None:
            self._asked = replace(self._asked, most=cents)
        self._show_amount(cents)
        if not self._asked.needs_reference:
            self.field.setFocus()
            self.field.selectAll()

    def _show_amount(self, cents: Cents) -> None:
        self.field.setText(amount_text(cents).removesuffix(".00") if cents else "")

    def _say(self) -> None:
        asked = self._asked
        self._head.show_text(asked.head)
        self._do.show_title(asked.act)
        self.reference.setVisible(asked.reference is not None)
        self.facts.show_rows(*asked.facts)
        self._hint.setText(asked.hint)
        self._show_what_is_said()

    def _show_what_is_said(self) -> None:
        self.facts.setVisible(bool(self._asked.facts) and not self._compact)
        self._hint.setVisible(bool(self._asked.hint) and not self._compact)

    def show_compact(self, *, compact: bool) -> None:
        """Do with less height, where the keys for fingers are wanted in a low window."""
        beside, below = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
        self._fields.setDirection(beside if compact else below)
        bottom = Qt.AlignmentFlag.AlignBottom if compact else Qt.AlignmentFlag(0)
        self._fields.setAlignment(self.field, bottom)
        self.body.setSpacing(Space.INSIDE if compact else Space.BETWEEN)
        for tile in (self._do, self._back):
            tile.setFixedHeight(Size.TOUCH if compact else Size.QUICK_TILE)
        self._compact = compact
        self._show_what_is_said()

    def keyboard_target(self) -> QLineEdit:
        """Let typing be the amount first, then the reference."""
        if self.reference.isVisible() and self.reference.field.hasFocus():
            return self.reference.field
        return self.field

    def letters_target(self) -> QLineEdit | None:
        """Let letters go where typing does, where a reference is asked for."""
        return None if self._asked.reference is None else self.keyboard_target()

    def handle_key(self, event: QKeyEvent) -> bool:
        """Go on with Enter, leave with Esc; the arrows go between the two fields."""
        key = event.key()
        if key in ENTER_KEYS:
            self._enter()
            return True
        if key in _TO_OTHER and self._asked.reference is not None:
            other = self.field if self.keyboard_target() is not self.field else self.reference.field
            other.setFocus()
            other.selectAll()
            return True
        return super().handle_key(event)

    def take_now(self) -> None:
        """Take what stands there at once, without going on to the reference."""
        try:
            cents = self._cents()
        except Refused as error:
            self._mend(self.field, error)
        else:
            self.taken.emit(cents, self.reference.text)

    def _enter(self) -> None:
        """Go on to the reference, then finish."""
        try:
            cents = self._cents()
        except Refused as error:
            self._mend(self.field, error)
            return
        reference = self.reference.text if self._asked.reference is not None else ""
        if self._asked.reference is not None and self.keyboard_target() is self.field:
            self.reference.field.setFocus()
            self.reference.field.selectAll()
        elif self._asked.needs_reference and not reference:
            sentence = _("Type the reference that stands on the terminal's slip.")
            self._mend(self.reference.field, Refused(sentence))
        else:
            self.taken.emit(cents, reference)

    def _cents(self) -> Cents:
        cents = self.field.cents()
        if not cents or cents < 0:
            raise Refused(_("Type an amount of more than zero."))
        if self._asked.most is not None and cents > self._asked.most:
            most = format_amount(self._asked.most)
            raise Refused(_("No more than {most} is left to pay: type less.").format(most=most))
        return cents

    def _mend(self, field: QLineEdit, error: Refused) -> None:
        field.setFocus()
        field.selectAll()
        self.refused.emit(error)
