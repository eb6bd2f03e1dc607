"""Opening a shift: the float that lies in the drawer is typed, then selling begins."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent

from pos_desktop.domain.errors import Refused
from pos_desktop.domain.money import Cents, format_amount
from pos_desktop.domain.text import _
from pos_desktop.ui.kit import fonts
from pos_desktop.ui.kit.amount_field import AmountField
from pos_desktop.ui.kit.labels import label
from pos_desktop.ui.kit.layouts import column, row
from pos_desktop.ui.kit.number_pad import AMOUNT_KEYS, NumberPad, type_into
from pos_desktop.ui.kit.pill import Tone
from pos_desktop.ui.kit.strip import Notice, Strip
from pos_desktop.ui.kit.tile import Rank, Tile
from pos_desktop.ui.kit.tokens import Size, Space, Type
from pos_desktop.ui.shell.entry_screen import EntryScreen

_ENTER_KEYS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class OpenShiftScreen(EntryScreen):
    """Asks for the float."""

    submitted = Signal(object)
    """The float, in cents."""
    left = Signal()
    day_wanted = Signal()
    """The day before was left open: it is to be closed first."""

    def __init__(self, currency: str) -> None:
        super().__init__(_("Open a shift"))
        self._suggested: Cents | None = None
        self.field = AmountField(_("Float"), height=Size.BOX)
        self.strip = Strip(_("Notice"))
        title = label(_("Open a shift"), fonts.heavy(Type.TITLE))
        text = _("Count the {currency} in the drawer and type the sum: it is the float.")
        hint = label(
            text.format(currency=currency), fonts.regular(Type.SMALL), tone="muted", wrap=True
        )
        pad = NumberPad(AMOUNT_KEYS, _("Number keys"))
        pad.pressed.connect(lambda key: type_into(self.field, key))
        begin = Tile(_("Open the shift"), key="↵", rank=Rank.FIRST)
        back = Tile(_("Lock"), key="F12")
        begin.clicked.connect(self._submit)
        back.clicked.connect(self.left)
        tiles = row()
        tiles.addWidget(begin, 3)
        tiles.addWidget(back, 2)
        day = Tile(_("Day"), key="Ctrl S", height=Size.TOUCH, font=fonts.strong(Type.TEXT))
        day.setFixedWidth(day.sizeHint().width())
        self._day = day
        day.clicked.connect(self.day_wanted)
        hint.setFixedHeight(Size.TOUCH)
        head = row(title, 1, day, gap=Space.BETWEEN)
        parts = column(head, hint, self.field, pad, gap=Space.BETWEEN, margins=(20, 16, 20, 18))
        parts.addLayout(tiles)
        self.put_card(_("Open a shift"), parts)
        self.strip.float_over(hint)

    def begin(self) -> None:
        """Forget what was typed before."""
        self.field.clear()
        if self._suggested is not None:
            self.field.setText(format_amount(self._suggested))
            self.field.selectAll()
        self._suggested = None
        self.strip.say(None)

    def suggest(self, cents: Cents) -> None:
        """Let the next float stand there already: Enter takes it, what is typed replaces it."""
        self._suggested = cents

    def retell(self) -> None:
        """Say all of it in the language that is spoken now."""
        super().retell()
        self._day.setFixedWidth(self._day.sizeHint().width())

    def refuse(self, sentence: str) -> None:
        """Say why no shift was opened."""
        self.strip.say(Notice(sentence, Tone.DANGER))

    def scanned(self, code: str) -> None:  # noqa: ARG002 - whatever it was
        """Say that the shift comes first."""
        self.strip.say(Notice(_("Open the shift first, then scan it again."), Tone.WARNING))

    def handle_key(self, event: QKeyEvent) -> bool:
        """Open with Enter, sign out with F12 or Esc; leave the rest to the field."""
        if event.key() in _ENTER_KEYS:
            self._submit()
            return True
        if event.key() in (Qt.Key.Key_Escape, Qt.Key.Key_F12):
            self.left.emit()
            return True
        if not self.field.hasFocus():
            self.field.setFocus()
        return event.key() in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab)

    def take_focus(self) -> None:
        """Let digits be the float."""
        self.field.setFocus()

    def _submit(self) -> None:
        try:
            cents = self.field.cents()
            if cents is None:
                raise Refused(_("Type the float; 0 where the drawer is empty."))
        except Refused as error:
            self.field.selectAll()
            self.refuse(error.sentence)
        else:
            self.submitted.emit(cents)
