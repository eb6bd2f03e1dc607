"""A price check: what it costs and what is in stock, without selling it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeyEvent

from pos_desktop.domain.basket import Item
from pos_desktop.domain.money import format_amount
from pos_desktop.domain.quantity import Thousandths, format_quantity
from pos_desktop.domain.text import _
from pos_desktop.services.counter.replies import PriceTag
from pos_desktop.ui.kit import fonts
from pos_desktop.ui.kit.card import Card
from pos_desktop.ui.kit.labels import AmountLabel, label
from pos_desktop.ui.kit.layouts import column, row
from pos_desktop.ui.kit.tile import Rank, Tile
from pos_desktop.ui.kit.tokens import Space, Type
from pos_desktop.ui.kit.wrapped_text import WrappedText
from pos_desktop.ui.screens.sell.side_page import ENTER_KEYS, SidePage


class PricePage(SidePage):
    """Shows a price tag until Enter sells the item, Esc leaves, or something is scanned."""

    sold = Signal(object, object)
    """What was Sold by its code, and how much of it somebody typed in thousandths, or None."""

    def __init__(self) -> None:
        super().__init__(_("Price check"))
        self._tag: PriceTag | None = None
        self._quantity: Thousandths | None = None
        head = label(_("PRICE CHECK · NOT SOLD"), fonts.strong(Type.LABEL), tone="muted")
        self._name = WrappedText(fonts.strong(Type.TILE), fonts.strong(Type.TEXT), most=3)
        self.price = AmountLabel((Type.CHANGE, 48, 40, 32), _("Price"))
        self._detail = label(font=fonts.regular(Type.TEXT), tone="muted", wrap=True)
        margins = (Space.EDGE, Space.EDGE, Space.EDGE, Space.EDGE)
        parts = column(head, self._name, self.price, self._detail, gap=4, margins=margins)
        self.body.addWidget(Card(_("Price check"), parts))
        self._tile = Tile("", key="↵", rank=Rank.FIRST)
        back = Tile(_("Back"), key="Esc")
        self._tile.clicked.connect(self._sell)
        back.clicked.connect(self.left)
        self.body.addLayout(row(self._tile, back, gap=Space.INSIDE + 2))
        self.body.addStretch(1)

    def show_tag(self, tag: PriceTag, quantity: Thousandths | None = None) -> None:
        """Show what a price check found, to be sold in this quantity where one was typed."""
        item = tag.item
        self._tag, self._quantity = tag, quantity
        self._tile.show_title(sell_words(quantity or tag.sold.quantity, item))
        self._name.show_text(item.name)
        self.price.show_text(format_amount(item.price_cents))
        stock = stock_sentence(tag.stock, item.unit or "")
        self._detail.setText(
            " · ".join(filter(None, (tag.pack_words, stock, item.barcode or item.code)))
        )

    def retell(self) -> None:
        """Say all of it in the language that is spoken now."""
        super().retell()
        if self._tag is not None:
            self.show_tag(self._tag, self._quantity)

    def handle_key(self, event: QKeyEvent) -> bool:
        """Sell with Enter; the screen asks only while the box is empty."""
        if event.key() in ENTER_KEYS:
            self._sell()
            return True
        return super().handle_key(event)

    def _sell(self) -> None:
        if self._tag is not None:
            self.sold.emit(self._tag.sold, self._quantity)


def sell_words(quantity: Thousandths | None, item: Item) -> str:
    """Say that it is sold, and how much of it where that was typed."""
    if quantity is None:
        return _("Sell it")
    unit = item.unit or "" if item.by_weight else ""
    words = _("Sell {quantity} {unit}").format(quantity=format_quantity(quantity), unit=unit)
    return " ".join(words.split())


def stock_sentence(stock: Thousandths, unit: str) -> str:
    """Say how much there is; where more was sold than was counted in, say that."""
    if stock < 0:
        text = _("Sold {quantity} {unit} more than was counted into stock")
    else:
        text = _("In stock: {quantity} {unit}")
    words = text.format(quantity=format_quantity(abs(stock)), unit=unit)
    return " ".join(words.split())
