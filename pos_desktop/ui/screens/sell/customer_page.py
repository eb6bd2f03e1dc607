"""Who buys, and what they owe: pay of it, choose another customer, or none."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeyEvent

from pos_desktop.domain.customer import Customer
from pos_desktop.domain.money import Cents
from pos_desktop.domain.phone import masked_phone
from pos_desktop.domain.text import _, joined
from pos_desktop.ui.kit import fonts
from pos_desktop.ui.kit.card import INSIDE, Card
from pos_desktop.ui.kit.labels import ElidedLabel, label
from pos_desktop.ui.kit.layouts import column, row
from pos_desktop.ui.kit.tile import Rank, Tile
from pos_desktop.ui.kit.tokens import Size, Space, Type
from pos_desktop.ui.screens.sell.fact_rows import FactRows
from pos_desktop.ui.screens.sell.side_page import ENTER_KEYS, SidePage
from pos_desktop.ui.screens.sell.tender_flow import account_facts


class CustomerPage(SidePage):
    """Shows the customer of the open sale. Letters are its acts, while the box is empty."""

    pay_wanted = Signal()
    """The customer pays of what they owe."""
    other_wanted = Signal()
    walk_in = Signal()

    def __init__(self) -> None:
        super().__init__(_("Customer"))
        head = label(_("CUSTOMER"), fonts.strong(Type.LABEL), tone="muted")
        self.name = ElidedLabel(fonts.heavy(Type.TITLE))
        self._particulars = ElidedLabel(fonts.regular(Type.TEXT), tone="muted")
        self.facts = FactRows()
        parts = column(head, self.name, self._particulars, self.facts, gap=4, margins=INSIDE)
        go_on = Tile(_("Go on"), key="↵", rank=Rank.FIRST, height=Size.QUICK_TILE)
        pay = Tile(_("Pay on account"), key="P", height=Size.QUICK_TILE)
        other = Tile(_("Another"), key="S", height=Size.QUICK_TILE)
        walk_in = Tile(_("Walk-in"), key="W", height=Size.QUICK_TILE)
        self.body.addWidget(Card(_("Customer"), parts))
        self.body.addLayout(row(go_on, pay, gap=Space.INSIDE + 2))
        self.body.addLayout(row(other, walk_in, gap=Space.INSIDE + 2))
        self.body.addStretch(1)
        go_on.clicked.connect(self.left)
        pay.clicked.connect(self.pay_wanted)
        other.clicked.connect(self.other_wanted)
        walk_in.clicked.connect(self.walk_in)

    def show_customer(self, customer: Customer, owed_cents: Cents) -> None:
        """Show a customer, and how their account stands."""
        self.name.show_text(customer.name)
        phone = masked_phone(customer.phone)
        self._particulars.show_text(joined(" · ", (customer.code, phone)))
        self.facts.show_rows(*account_facts(owed_cents, customer.credit_limit_cents))

    def handle_key(self, event: QKeyEvent) -> bool:
        """Go on with Enter, the rest by letters, leave with Esc."""
        acts: dict[str, Callable[[], None]] = {
            "p": self.pay_wanted.emit,
            "s": self.other_wanted.emit,
            "w": self.walk_in.emit,
        }
        act = acts.get(event.text().lower())
        if event.key() in ENTER_KEYS:
            self.left.emit()
        elif act is not None:
            act()
        else:
            return super().handle_key(event)
        return True
