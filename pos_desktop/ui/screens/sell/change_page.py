"""The change: large, until the first scan of the next sale."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeyEvent

from pos_desktop.domain.money import format_amount
from pos_desktop.domain.text import _
from pos_desktop.ui.kit import fonts
from pos_desktop.ui.kit.card import Card
from pos_desktop.ui.kit.labels import AmountLabel, ElidedLabel, label
from pos_desktop.ui.kit.layouts import column
from pos_desktop.ui.kit.tile import Tile
from pos_desktop.ui.kit.tokens import Size, Space, Type
from pos_desktop.ui.screens.sell.cards import paid_sentence
from pos_desktop.ui.screens.sell.recorder import LastSale
from pos_desktop.ui.screens.sell.side_page import ENTER_KEYS, SidePage


class ChangePage(SidePage):
    """Shows what the customer gets back. The till is ready all the while."""

    again = Signal()
    mail_wanted = Signal()

    def __init__(self) -> None:
        super().__init__(_("Change"))
        self._head = label(font=fonts.strong(Type.LABEL), tone="ok")
        self.amount = AmountLabel((Type.CHANGE, 48, 40, 32), _("Change"))
        self._paid = ElidedLabel(fonts.regular(Type.TEXT), tone="muted")
        self._next = label(
            _("Scan the next customer's first product: nothing else to press."),
            fonts.regular(Type.TEXT),
            tone="muted",
            wrap=True,
        )
        margins = (Space.EDGE, Space.EDGE, Space.EDGE, Space.EDGE)
        parts = column(self._head, self.amount, self._paid, gap=4, margins=margins)
        self.body.setSpacing(Space.INSIDE)
        self.body.addWidget(Card(_("Change"), parts, look="accent-card"))
        again = Tile(_("Print the receipt again"), key="F7", height=Size.TOUCH)
        again.clicked.connect(self.again)
        mail = Tile(_("Send it by e-mail"), key="Ctrl E", height=Size.TOUCH)
        mail.clicked.connect(self.mail_wanted)
        self.body.addWidget(again)
        self.body.addWidget(mail)
        self.body.addWidget(self._next)
        self.body.addStretch(1)

    def handle_key(self, event: QKeyEvent) -> bool:
        """Let one Enter too many do nothing; there is nothing to pay, and the change stays."""
        return event.key() in ENTER_KEYS or super().handle_key(event)

    def show_sale(self, sale: LastSale) -> None:
        """Show the change of a sale that is on disk, or what was given back for goods."""
        head = _("CHANGE · {receipt}") if sale.change_cents else _("NO CHANGE · {receipt}")
        if sale.is_refund:
            head = _("GIVEN BACK · {receipt}")
        self._head.setText(head.format(receipt=sale.receipts))
        self.amount.show_text(format_amount(sale.back_cents))
        self._paid.show_text(paid_sentence(sale))
