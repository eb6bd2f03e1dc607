"""The shift as it stands, and what can be done about it: an X, a count, the end of the day."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeyEvent

from pos_desktop.domain.money import Cents, format_amount
from pos_desktop.domain.shift import CashDirection
from pos_desktop.domain.text import _
from pos_desktop.ui.kit import fonts
from pos_desktop.ui.kit.card import INSIDE, Card
from pos_desktop.ui.kit.labels import ElidedLabel, label
from pos_desktop.ui.kit.layouts import column, row
from pos_desktop.ui.kit.tile import Rank, Tile
from pos_desktop.ui.kit.tokens import Size, Space, Type
from pos_desktop.ui.screens.sell.fact_rows import FactRows
from pos_desktop.ui.screens.sell.side_page import ENTER_KEYS, SidePage


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftNow:
    """The open shift: who answers for it, since when in words, its float and its sales."""

    cashier: str
    since: str
    float_cents: Cents
    sales: int
    counts_pieces: bool = False
    """Whether who asks counts note by note."""
    mpesa_to_do: int = 0
    """How many payments by M-Pesa a manager has to look at."""
    too_much_cents: Cents | None = None
    """The limit of the drawer where more than that should lie in it."""


class ShiftPage(SidePage):
    """Shows the open shift; without one there is the day to close, or a shift to open."""

    x_wanted = Signal()
    count_wanted = Signal()
    cash_wanted = Signal(object)
    """Cash is to be put in or taken out: the CashDirection."""
    no_sale_wanted = Signal()
    float_wanted = Signal()
    day_wanted = Signal()

    def __init__(self) -> None:
        super().__init__(_("Shift"))
        self._is_open = False
        self._head = label(font=fonts.strong(Type.LABEL), tone="muted")
        self._cashier = ElidedLabel(fonts.heavy(Type.TITLE))
        self.facts = FactRows()
        self._next = Tile("", key="↵", rank=Rank.FIRST, height=Size.QUICK_TILE)
        self._x = Tile(_("Print the X"), key="X", height=Size.QUICK_TILE)
        day = Tile(_("Close the day"), key="Z", height=Size.QUICK_TILE)
        small = fonts.strong(Type.SMALL)
        self._in = Tile(_("Cash in"), key="I", height=Size.QUICK_TILE, font=small)
        self._out = Tile(_("Cash out"), key="O", height=Size.QUICK_TILE, font=small)
        self._no_sale = Tile(_("Drawer"), key="D", height=Size.QUICK_TILE, font=small)
        self.safe = label(tone="warning", wrap=True)
        self.safe.hide()
        back = Tile(_("Back"), key="Esc", height=Size.QUICK_TILE)
        parts = column(self._head, self._cashier, self.facts, self.safe, gap=4, margins=INSIDE)
        self.body.addWidget(Card(_("Shift"), parts))
        first = row(gap=Space.INSIDE + 2)
        first.addWidget(self._next, 3)
        first.addWidget(back, 2)
        self.body.addLayout(first)
        self.body.addLayout(row(self._in, self._out, self._no_sale, gap=Space.INSIDE))
        self.body.addLayout(row(self._x, day, gap=Space.INSIDE + 2))
        self.body.addStretch(1)
        self._next.clicked.connect(self._go_on)
        self._x.clicked.connect(self.x_wanted)
        self._in.clicked.connect(lambda: self.cash_wanted.emit(CashDirection.IN))
        self._out.clicked.connect(lambda: self.cash_wanted.emit(CashDirection.OUT))
        self._no_sale.clicked.connect(self.no_sale_wanted)
        day.clicked.connect(self.day_wanted)
        back.clicked.connect(self.left)

    def show_shift(self, shift: ShiftNow | None) -> None:
        """Show the open shift, or that there is none."""
        self._is_open = shift is not None
        for part in (self._x, self._in, self._out, self._no_sale, self.facts):
            part.setVisible(self._is_open)
        self._show_safe(shift.too_much_cents if shift else None)
        if shift is None:
            self._head.setText(_("SHIFT"))
            self._cashier.show_text(_("No shift is open"))
            self._next.show_title(_("Open a shift"))
            return
        self._head.setText(_("SHIFT SINCE {since}").format(since=shift.since))
        self._cashier.show_text(shift.cashier)
        self._next.show_title(_("Count and close"))
        left = ((_("M-Pesa to settle"), str(shift.mpesa_to_do)),) if shift.mpesa_to_do else ()
        self.facts.show_rows(
            (_("Float"), format_amount(shift.float_cents)), (_("Sales"), str(shift.sales)), *left
        )

    def _show_safe(self, too_much_cents: Cents | None) -> None:
        self.safe.setVisible(too_much_cents is not None)
        if too_much_cents is not None:
            text = _("More than {amount} lies in the drawer: bring some to the safe (O).")
            self.safe.setText(text.format(amount=format_amount(too_much_cents)))

    def handle_key(self, event: QKeyEvent) -> bool:
        """Count with Enter, the rest by their letters, leave with Esc."""
        letter = event.text().lower()
        acts: dict[str, Callable[[], None]] = {
            "x": self.x_wanted.emit,
            "i": lambda: self.cash_wanted.emit(CashDirection.IN),
            "o": lambda: self.cash_wanted.emit(CashDirection.OUT),
            "d": self.no_sale_wanted.emit,
        }
        if event.key() in ENTER_KEYS:
            self._go_on()
        elif letter in acts and self._is_open:
            acts[letter]()
        elif letter == "z":
            self.day_wanted.emit()
        else:
            return super().handle_key(event)
        return True

    def _go_on(self) -> None:
        (self.count_wanted if self._is_open else self.float_wanted).emit()
