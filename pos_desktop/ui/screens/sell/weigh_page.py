"""What waits for the scale: what it is, what the scale says, and what to do."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QSizePolicy

from pos_desktop.domain.basket import Item
from pos_desktop.domain.money import format_amount
from pos_desktop.domain.text import _, again, ngettext
from pos_desktop.ui.kit import fonts
from pos_desktop.ui.kit.card import Card
from pos_desktop.ui.kit.fitted_text import FittedText
from pos_desktop.ui.kit.labels import label
from pos_desktop.ui.kit.layouts import column, row
from pos_desktop.ui.kit.tile import Rank, Tile
from pos_desktop.ui.kit.tokens import Space, Type
from pos_desktop.ui.kit.wrapped_text import WrappedText
from pos_desktop.ui.screens.sell.side_page import ENTER_KEYS, SidePage

_READING = 64
"""The height of what the scale says."""


class WeighPage(SidePage):
    """Stays until something is weighed or left out; scans and typing go on selling."""

    again = Signal()

    def __init__(self) -> None:
        super().__init__(_("Weigh"))
        self._waiting: tuple[Item, ...] = ()
        self._said = "", ""
        head = label(_("WEIGH · PUT IT ON THE SCALE"), fonts.strong(Type.LABEL), tone="accent")
        self._name = WrappedText(fonts.strong(Type.TILE), fonts.strong(Type.TEXT), most=2)
        self.reading = FittedText(align=Qt.AlignmentFlag.AlignLeft)
        self.reading.setFixedHeight(_READING)
        self.reading.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._price = label(font=fonts.regular(Type.TEXT), tone="muted")
        self.why = label(font=fonts.regular(Type.TEXT), wrap=True)
        self._type_it = label(font=fonts.regular(Type.TEXT), tone="muted", wrap=True)
        margins = (Space.EDGE, Space.BETWEEN, Space.EDGE, Space.BETWEEN)
        parts = column(head, self._name, self.reading, self._price, gap=4, margins=margins)
        self.body.addWidget(Card(_("Weigh"), parts, look="accent-card"))
        self.body.addWidget(self.why)
        self.body.addWidget(self._type_it)
        weigh = Tile(_("Weigh"), key="↵", rank=Rank.FIRST)
        leave_out = Tile(_("Leave it out"), key="Esc")
        weigh.clicked.connect(self.again)
        leave_out.clicked.connect(self.left)
        self.body.addLayout(row(weigh, leave_out, gap=Space.INSIDE + 2))
        self.body.addStretch(1)

    def show_waiting(self, waiting: tuple[Item, ...], reading: str, why: str) -> None:
        """Show the first of what waits, what the scale says in words, and why it has to wait."""
        self._waiting, self._said = waiting, (reading, why)
        item = waiting[0]
        self._name.show_text(item.name)
        self.reading.show_text(reading)
        price = _("{price} per {unit}").format(
            price=format_amount(item.price_cents), unit=item.unit or "kg"
        )
        self._price.setText(price)
        self.why.setText(why)
        text = _("Or type the weight: 0.750*{code}").format(code=item.code)
        if more := len(waiting) - 1:
            text = ngettext(
                "Or type the weight: 0.750*{code}. Then {count} more is weighed.",
                "Or type the weight: 0.750*{code}. Then {count} more are weighed.",
                more,
            ).format(code=item.code, count=more)
        self._type_it.setText(text)

    def retell(self) -> None:
        """Say all of it in the language that is spoken now."""
        super().retell()
        if self._waiting:
            self.show_waiting(self._waiting, *map(again, self._said))

    def handle_key(self, event: QKeyEvent) -> bool:
        """Weigh with Enter, leave it out with Esc; the screen asks only while the box is empty."""
        if event.key() in ENTER_KEYS:
            self.again.emit()
            return True
        return super().handle_key(event)
