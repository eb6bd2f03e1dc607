"""What is scanned and typed: it becomes a command, a name that is sold, or a search.

A text goes to the desk as the grammar reads it. What is no command and looks like a name is looked
for; what can be neither is given back, to be mended in the box.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from pos_desktop.domain import commands as do
from pos_desktop.domain.basket import Item
from pos_desktop.domain.errors import Refused
from pos_desktop.domain.grammar import NotACode, parse_box
from pos_desktop.domain.pack_labels import Sold
from pos_desktop.domain.quantity import Thousandths, parse_quantity
from pos_desktop.domain.receipt_number import looks_like_receipt
from pos_desktop.services.counter.replies import Reply
from pos_desktop.services.counter.till import Till
from pos_desktop.services.products.catalogue import Catalogue, UnknownCode
from pos_desktop.ui.screens.sell import wording
from pos_desktop.ui.screens.sell.approvals import Approvals
from pos_desktop.ui.screens.sell.search_text import (
    looks_like_code,
    looks_like_weight,
    quantity_before,
    read_search,
    split_price_check,
)
from pos_desktop.ui.screens.sell.turns import Failed, Turns
from pos_desktop.ui.screens.sell.weigher import Weigher


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """Who hears what an entry came to."""

    sold: Callable[[Thousandths | None], None]
    """Something is in the basket: so much of it, or None where nobody typed a quantity."""
    changed: Callable[[], None]
    paid: Callable[[Reply], None]
    """What was scanned or typed was a voucher: it pays."""
    quiet: Callable[[], None]
    """It is done, and nothing has changed."""
    failed: Failed
    missed: Callable[[Sequence[str]], None]
    """These codes were scanned and are no product's, the last of them just now."""


class Entry(QObject):
    """Takes scans and texts in their turn."""

    refused_text = Signal(str)
    """What was typed could not be done: it may be mended in the box."""
    search_wanted = Signal(str)
    """A text of the box is a search, or has to become one."""
    pay_wanted = Signal()
    receipt_found = Signal(str)
    """What was scanned or typed is the number of a receipt: goods of it come back."""
    code_unknown = Signal(str, object)
    """A code that no product has, and the quantity typed before it, or None."""
    price_found = Signal(object, object)
    """What a price check found: its PriceTag, and the quantity typed before it, or None."""

    def __init__(
        self,
        till: Till,
        catalogue: Catalogue,
        turns: Turns,
        approvals: Approvals,
        outcome: Outcome,
        is_between_customers: Callable[[], bool],
        weigher: Weigher,
    ) -> None:
        """Take the till and its turns; between customers an empty Enter is none."""
        super().__init__()
        self._till = till
        self._catalogue = catalogue
        self._turns = turns
        self._approvals = approvals
        self._outcome = outcome
        self._is_between_customers = is_between_customers
        self._weigher = weigher
        self.missed: list[str] = []
        """Codes that were scanned and are no product's, until anything but a scan is done.

        In a burst the next good scan comes before anybody has looked up: the goods of these codes
        would leave the shop unpaid.
        """

    def scan(self, code: str, prefix: str = "", sold: Callable[[str], None] | None = None) -> None:
        """Sell what was scanned; after `5*` five of it, after `?` or `5*?` its price is shown.

        `sold` is called with the name of the product, where it is one.
        """
        self._turns.take(lambda: self._scan(code, prefix, sold))

    def enter(self, text: str, found: Item | None = None) -> None:
        """Carry out what was typed into the box; where it is no code, sell what was `found`."""
        self.missed.clear()
        self._turns.take(lambda: self._enter(text, found))

    def sell_found(self, item: Item, typed: str) -> None:
        """Sell an item that was found by a text: as many as stand before the name in it."""
        self.missed.clear()
        self._turns.take(lambda: self._sell_found(item, typed))

    def search(self, text: str) -> list[Item]:
        """Return the products that fit a few letters best."""
        return self._catalogue.search(text)

    def _scan(self, code: str, prefix: str, sold: Callable[[str], None] | None) -> None:
        typed, sign = split_price_check(prefix)
        command = parse_box(sign + code) if sign else do.Sell(code)
        if not isinstance(command, do.Sell | do.PriceCheck):
            command = do.Sell(code)
        quantity = parse_quantity(typed) if typed else None
        if isinstance(command, do.Sell) and (weighed := self._weighed(command)):
            if sold is not None:
                sold(weighed.name)
            return

        def then(reply: Reply) -> None:
            self._show(command, reply, quantity)
            if sold is not None and isinstance(command, do.Sell) and not reply.paid:
                sold(reply.message)

        def failed(error: Exception) -> None:
            if self._is_receipt(error, code):
                return
            self._tell_unknown(error, quantity_before(f"{prefix}{code}"))
            if isinstance(error, UnknownCode):
                self.missed.append(error.code)
                self._outcome.missed(self.missed)
            else:
                self._outcome.failed(error)

        self._approvals.begin(command, then, failed)

    def _weighed(self, command: do.Sell) -> Item | None:
        """Return what a command sells where the scale says how much of it, now or soon."""
        if command.quantity is not None or not self._weigher.is_on:
            return None
        try:
            sold = self._catalogue.sold(command.code)
        except Refused:
            return None
        return sold.item if self._weigher.takes(sold) else None

    def _is_receipt(self, error: Exception, code: str) -> bool:
        """Tell whether what no product has as its code is the number of a receipt; then tell it."""
        if not isinstance(error, UnknownCode | NotACode) or not looks_like_receipt(code):
            return False
        self.receipt_found.emit(code)
        return True

    def _enter(self, text: str, found: Item | None) -> None:
        if not text.strip() and self._is_between_customers():
            return
        try:
            typed, rest = split_price_check(text)
            quantity = parse_quantity(typed) if typed else None
            command = parse_box(rest)
        except Refused as error:
            self._not_entered(error, text, found)
            return
        if isinstance(command, do.Search):
            self.search_wanted.emit(text)
            return
        if isinstance(command, do.Sell) and self._weighed(command):
            return
        self._approvals.begin(
            command,
            lambda reply: self._show(command, reply, quantity),
            lambda error: self._not_entered(error, text, found),
        )

    def _not_entered(self, error: Exception, text: str, found: Item | None) -> None:
        """Take what was typed and is no command for a name, if it looks like one."""
        read = read_search(text)
        if self._is_receipt(error, text):
            return
        if isinstance(error, UnknownCode | NotACode) and (weighed := self._is_weight(text)):
            error = Refused(wording.weight_typed(weighed, text.strip()))
        if isinstance(error, UnknownCode | NotACode) and (read.is_name or read.asked):
            if found is not None:
                self._sell_found(found, text)
                return
            if read.asked or self.search(read.words):
                self.search_wanted.emit(text)
                return
            error = UnknownCode(read.words)
        if isinstance(error, Refused):
            self.refused_text.emit(text)
        self._tell_unknown(error, quantity_before(text))
        self._outcome.failed(error)

    def _is_weight(self, text: str) -> Item | None:
        """Return what is weighed on the selected line where a text may be what it weighs."""
        basket = self._till.state.basket
        selected = (line.item for line in basket.lines if line.key == basket.selected)
        item = next(selected, None)
        return item if item and item.by_weight and looks_like_weight(text) else None

    def _tell_unknown(self, error: Exception, quantity: Thousandths | None) -> None:
        """Tell of a code that no product has: an item may be made of it."""
        if isinstance(error, UnknownCode) and looks_like_code(error.code):
            self.code_unknown.emit(error.code, quantity)

    def _sell_found(self, item: Item, typed: str) -> None:
        try:
            quantity = read_search(typed).quantity()
            if self._weigher.takes(Sold(item=item), quantity):
                return
            self._till.sell_item(item, quantity)
        except Refused as error:
            self.refused_text.emit(typed)
            self._outcome.failed(error)
        else:
            self._outcome.sold(quantity)

    def _show(self, command: do.Command, reply: Reply, quantity: Thousandths | None) -> None:
        """Show what a command came to; the quantity is one before a price check."""
        match command:
            case do.Sell() if reply.paid:
                self._outcome.paid(reply)
            case do.Sell():
                self._outcome.sold(reply.quantity)
            case do.PriceCheck():
                self._outcome.quiet()
                self.price_found.emit(reply.tag, quantity)
            case do.Pay():
                self._outcome.quiet()
                self.pay_wanted.emit()
            case _:
                self._outcome.changed()
