"""The change: large, until the first scan of the next sale."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QBoxLayout

from pos_desktop.domain.clock import Clock
from pos_desktop.domain.money import format_amount
from pos_desktop.domain.text import _
from pos_desktop.ui.kit import fonts
from pos_desktop.ui.kit.card import Card
from pos_desktop.ui.kit.just_shown import JustShown
from pos_desktop.ui.kit.labels import AmountLabel, ElidedLabel, label
from pos_desktop.ui.kit.layouts import column, row
from pos_desktop.ui.kit.number_pad import BOX_KEYS, NumberPad
from pos_desktop.ui.kit.tile import Tile
from pos_desktop.ui.kit.tokens import Size, Space, Type
from pos_desktop.ui.screens.sell.cards import paid_sentence
from pos_desktop.ui.screens.sell.printer_news import PaperLabel, PrinterNews
from pos_desktop.ui.screens.sell.recorder import LastSale
from pos_desktop.ui.screens.sell.side_page import ENTER_KEYS, SidePage


class ChangePage(SidePage):
    """Shows what the customer gets back. The till is ready all the while."""

    again = Signal()
    mail_wanted = Signal()
    key_pressed = Signal(str)
    """A key for fingers was pressed: it is for the box, and the next customer's goods."""

    def __init__(self, printer: PrinterNews, clock: Clock) -> None:
        super().__init__(_("Change"))
        self._compact = self._low = False
        self._head = label(font=fonts.strong(Type.LABEL), tone="ok")
        self.amount = AmountLabel((Type.CHANGE, 48, 40, 32), _("Change"))
        self._paid = ElidedLabel(fonts.regular(Type.TEXT), tone="muted")
        self.paper = PaperLabel(printer, only_trouble=True)
        printer.changed.connect(self._make_room)
        self._next = label(
            _("Scan the next customer's first product: nothing else to press."),
            fonts.regular(Type.TEXT),
            tone="muted",
            wrap=True,
        )
        margins = (Space.EDGE, Space.EDGE, Space.EDGE, Space.EDGE)
        parts = column(self._head, self.amount, self._paid, self.paper, gap=4, margins=margins)
        self.body.addWidget(Card(_("Change"), parts, look="accent-card"))
        self._again = Tile("", key="F7")
        self._again.clicked.connect(self.again)
        self._mail = Tile("", key="Ctrl E")
        self._mail.clicked.connect(self.mail_wanted)
        self.just_shown = JustShown(self, clock, self._again, self._mail)
        self._tiles = row(self._again, self._mail, gap=Space.BETWEEN)
        self.pad = NumberPad(BOX_KEYS, _("Number keys"))
        self.pad.pressed.connect(self.key_pressed)
        self.body.addLayout(self._tiles)
        self.body.addWidget(self.pad)
        self.body.addWidget(self._next)
        self.body.addStretch(1)
        self.show_pad(shown=False, low=False)

    def show_pad(self, *, shown: bool, low: bool) -> None:
        """Show the keys for fingers, or not; beside them the tiles stand in one row.

        In a low window they leave no room for the sentence of what comes next.
        """
        beside, below = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
        self._compact, self._low = shown and low, low
        self.pad.setVisible(shown)
        self._make_room()
        self._tiles.setDirection(beside if shown else below)
        self._tiles.setSpacing(Space.INSIDE + 2 if shown else Space.INSIDE)
        self._again.show_title(_("Reprint") if shown else _("Print the receipt again"))
        self._mail.show_title(_("E-mail") if shown else _("Send it by e-mail"))
        for tile in (self._again, self._mail):
            tile.setFixedHeight(Size.TOUCH if low else Size.TILE)
        self.body.setSpacing(Space.INSIDE if low else Space.BETWEEN)

    def _make_room(self) -> None:
        """Let a receipt that waits take the place of what finds none beside it in a low window."""
        all_is_well = self.paper.isHidden()
        self._next.setVisible(not self._compact and (all_is_well or not self._low))
        self._paid.setVisible(all_is_well or not self._compact)

    def handle_key(self, event: QKeyEvent) -> bool:
        """Let one Enter too many do nothing; there is nothing to pay, and the change stays."""
        return event.key() in ENTER_KEYS or super().handle_key(event)

    def show_sale(self, sale: LastSale) -> None:
        """Show the change of a sale that is on disk, or what was given back for goods."""
        head = _("CHANGE · {receipt}") if sale.change_cents else _("NO CHANGE · {receipt}")
        if sale.is_refund:
            head = _("GOES BACK · {receipt}") if sale.goes_by_mpesa else _("GIVEN BACK · {receipt}")
        self._head.setText(head.format(receipt=sale.receipts))
        self.amount.show_text(format_amount(sale.back_cents))
        self._paid.show_text(paid_sentence(sale))
        self.paper.follow(_("The receipt"))
        self._make_room()
