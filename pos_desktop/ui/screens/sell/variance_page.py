"""The count is off: by how much, and why; then the shift is closed all the same."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit

from pos_desktop.domain.money import Cents, format_amount
from pos_desktop.domain.text import _
from pos_desktop.ui.kit import fonts
from pos_desktop.ui.kit.card import INSIDE, Card
from pos_desktop.ui.kit.labels import AmountLabel, label
from pos_desktop.ui.kit.layouts import column, row
from pos_desktop.ui.kit.reason_field import ReasonField
from pos_desktop.ui.kit.tile import Rank, Tile
from pos_desktop.ui.kit.tokens import Size, Space, Type
from pos_desktop.ui.screens.sell.closed_page import difference_sentence
from pos_desktop.ui.screens.sell.side_page import ENTER_KEYS, SidePage


class VariancePage(SidePage):
    """Asks why a count is off. No reason is an answer too, given twice: a shift always closes."""

    explained = Signal(str)
    """The shift is to be closed, with this reason; empty where nobody knows one."""
    reason_wanted = Signal()
    """It was to be closed without a reason: the next Enter does so."""
    again_wanted = Signal()
    """The drawer is to be counted once more."""

    def __init__(self) -> None:
        super().__init__(_("The count is off"))
        self._asked_why = False
        self.sentence = label(font=fonts.strong(Type.TILE), wrap=True)
        self.amount = AmountLabel((40, 32, 26), _("Difference"))
        self.reason = ReasonField(_("Why is it off?"))
        close = Tile(_("Close the shift"), key="↵", rank=Rank.FIRST, height=Size.QUICK_TILE)
        again = Tile(_("Recount"), key="Esc", height=Size.QUICK_TILE)
        parts = column(self.sentence, self.amount, self.reason, gap=Space.STEP, margins=INSIDE)
        self.body.addWidget(Card(_("The count is off"), parts))
        tiles = row(gap=Space.INSIDE + 2)
        tiles.addWidget(close, 3)
        tiles.addWidget(again, 2)
        self.body.addLayout(tiles)
        self.body.addStretch(1)
        self.reason.field.textChanged.connect(self._forget_asked)
        close.clicked.connect(self._close)
        again.clicked.connect(self.again_wanted)

    def ask(self, difference_cents: Cents) -> None:
        """Ask why the count is off by so much."""
        self._forget_asked()
        self.sentence.setText(difference_sentence(difference_cents))
        self.amount.show_text(format_amount(abs(difference_cents)))
        self.reason.begin(
            (
                _("Wrong change given"),
                _("Not known"),
                _("A sale was not entered"),
                _("The float was wrong"),
            )
        )

    def keyboard_target(self) -> QLineEdit:
        """Let typing be the reason."""
        return self.reason.field

    def letters_target(self) -> QLineEdit:
        """Let letters go where typing does."""
        return self.keyboard_target()

    def handle_key(self, event: QKeyEvent) -> bool:
        """Close with Enter, count again with Esc."""
        if event.key() in ENTER_KEYS:
            self._close()
            return True
        return self.reason.handle_key(event) or super().handle_key(event)

    def _close(self) -> None:
        if self.reason.text or self._asked_why:
            self.explained.emit(self.reason.text)
        else:
            self._asked_why = True
            self.reason_wanted.emit()

    def _forget_asked(self) -> None:
        self._asked_why = False
