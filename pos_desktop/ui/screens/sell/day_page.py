"""Before the day is closed: what the Z will do, and a second key that says yes."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeyEvent

from pos_desktop.domain.text import _, ngettext
from pos_desktop.services.shown_dates import shown_day
from pos_desktop.ui.kit import fonts
from pos_desktop.ui.kit.card import INSIDE, Card
from pos_desktop.ui.kit.labels import label
from pos_desktop.ui.kit.layouts import column, row
from pos_desktop.ui.kit.tile import Rank, Tile
from pos_desktop.ui.kit.tokens import Space, Type
from pos_desktop.ui.screens.sell.side_page import ENTER_KEYS, SidePage


class DayPage(SidePage):
    """Says what closing the day does, and asks once more."""

    confirmed = Signal()

    def __init__(self) -> None:
        super().__init__(_("Close the day"))
        self._what = label(font=fonts.strong(Type.TILE), wrap=True)
        does = label(
            _("A Z is printed with all sales since the last one. It cannot be taken back."),
            wrap=True,
        )
        self._uncounted = label(
            _("The shift is still open: it is closed uncounted. Esc goes back to count it."),
            tone="warning",
            wrap=True,
        )
        self._on_hold = label(tone="warning", wrap=True)
        title = label(_("CLOSE THE DAY"), fonts.strong(Type.LABEL), tone="warning")
        self._mpesa = label(tone="warning", wrap=True)
        warnings = (self._uncounted, self._on_hold, self._mpesa)
        parts = column(title, self._what, does, *warnings, gap=Space.INSIDE, margins=INSIDE)
        close = Tile(_("Close the day"), key="↵", rank=Rank.FIRST)
        back = Tile(_("Back"), key="Esc")
        self.body.addWidget(Card(_("Close the day"), parts))
        tiles = row(gap=Space.INSIDE + 2)
        tiles.addWidget(close, 3)
        tiles.addWidget(back, 2)
        self.body.addLayout(tiles)
        self.body.addStretch(1)
        close.clicked.connect(self.confirmed)
        back.clicked.connect(self.left)

    def ask(self, day: str, *, uncounted: bool, on_hold: int, mpesa_to_do: int) -> None:
        """Ask whether this business day shall be closed, with so many sales on hold.

        And so many payments by M-Pesa that a manager has to look at.
        """
        question = _("Close the business day {day} with a Z?")
        self._what.setText(question.format(day=shown_day(day)))
        self._uncounted.setVisible(uncounted)
        stays = ngettext(
            "{count} sale is on hold: it stays there, and is not in this Z.",
            "{count} sales are on hold: they stay there, and are not in this Z.",
            on_hold,
        )
        self._on_hold.setText(stays.format(count=on_hold))
        self._on_hold.setVisible(bool(on_hold))
        left = ngettext(
            "{count} payment by M-Pesa is not settled: a manager looks at it under M-Pesa.",
            "{count} payments by M-Pesa are not settled: a manager looks at them under M-Pesa.",
            mpesa_to_do,
        )
        self._mpesa.setText(left.format(count=mpesa_to_do))
        self._mpesa.setVisible(bool(mpesa_to_do))

    def handle_key(self, event: QKeyEvent) -> bool:
        """Close with Enter, leave with Esc."""
        if event.key() in ENTER_KEYS:
            self.confirmed.emit()
            return True
        return super().handle_key(event)
