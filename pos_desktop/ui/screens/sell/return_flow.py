"""Goods that come back: the receipt, its lines, or goods without one; then they are in the cart."""

from __future__ import annotations

from pos_desktop.domain import commands as do
from pos_desktop.domain.errors import Refused
from pos_desktop.domain.grammar import split_quantity
from pos_desktop.domain.money import format_amount
from pos_desktop.domain.pack_labels import Sold
from pos_desktop.domain.quantity import ONE, Thousandths, parse_quantity
from pos_desktop.domain.receipt_number import ReceiptNumber, looks_like_receipt
from pos_desktop.domain.text import _
from pos_desktop.services.counter.replies import Reply
from pos_desktop.services.products.catalogue import UnknownCode
from pos_desktop.services.sales.returning import LastReceipt, Part, Returnable
from pos_desktop.services.shown_dates import shown_minute
from pos_desktop.ui.kit.list_row import ListRow
from pos_desktop.ui.screens.sell.counter import Counter
from pos_desktop.ui.screens.sell.flow import Flow
from pos_desktop.ui.screens.sell.loose_page import LoosePage
from pos_desktop.ui.screens.sell.receipt_page import ReceiptPage
from pos_desktop.ui.screens.sell.return_page import ReturnPage
from pos_desktop.ui.screens.sell.side_page import SidePage

_MOST_LISTED = 20


class ReturnFlow(Flow):
    """Holds the pages about goods that come back."""

    def __init__(self, counter: Counter) -> None:
        super().__init__()
        self._counter = counter
        self._shop = counter.shop
        self._receipt: ReceiptNumber | None = None
        self.ask = ReceiptPage()
        self.lines = ReturnPage()
        self.loose = LoosePage()
        self.ask.chosen.connect(self.open)
        self.ask.without_wanted.connect(self._begin_loose)
        self.ask.left.connect(self._leave)
        self.lines.taken.connect(self._take)
        self.lines.changed.connect(counter.quiet)
        self.lines.left.connect(self._show)
        self.loose.scanned.connect(self._add_loose)
        self.loose.taken.connect(self._take_loose)
        self.loose.left.connect(self._show)
        for page in (self.lines, self.loose):
            page.refused.connect(counter.say_failed)

    @property
    def pages(self) -> tuple[SidePage, ...]:
        """The pages, of which one at most is shown."""
        return self.ask, self.lines, self.loose

    def show(self) -> None:
        """Ask for a receipt; asked for once more, take goods back without one."""
        if self.ask.isVisible():
            self._begin_loose()
        else:
            self._show()

    def _show(self) -> None:
        def then(receipts: list[LastReceipt]) -> None:
            self._counter.quiet()
            self.page_wanted.emit(self.ask)
            self.ask.begin([self._row(one) for one in receipts])

        returning = self._shop.returning
        self._counter.learn(lambda: returning.last_receipts(_MOST_LISTED), then)

    def _row(self, receipt: LastReceipt) -> ListRow:
        return ListRow(
            key=str(receipt.number),
            title=str(receipt.number),
            note=shown_minute(receipt.sold_at, self._shop.configuration.zone),
            right=format_amount(receipt.gross_cents),
        )

    def _leave(self) -> None:
        self._counter.quiet()
        self.over.emit()

    # against a receipt

    def open(self, text: str) -> None:
        """Show what may come back of the receipt of this number; digits alone are of this till."""

        def read() -> Returnable:
            number = ReceiptNumber.parse(text, till=self._shop.books.node.till_code)
            return self._shop.returning.find(number)

        self._counter.learn(read, self._show_lines)

    def _show_lines(self, receipt: Returnable) -> None:
        self._receipt = receipt.stored.sale.receipt
        returns = self._counter.basket.returns
        chosen: tuple[Part, ...] = ()
        if returns is not None and returns.origin == receipt.origin:
            chosen = tuple((line.no or 0, line.quantity) for line in returns.lines)
        self._counter.quiet()
        self.lines.show_receipt(receipt, chosen)
        self.page_wanted.emit(self.lines)

    def _take(self, parts: tuple[Part, ...]) -> None:
        if self._receipt is not None:
            self._counter.carry_out(do.TakeBack(self._receipt, parts), self._taken)

    def _taken(self, reply: Reply) -> None:
        self.over.emit()
        self._counter.show_changed()
        self._counter.say(reply.message)

    # without one

    def _begin_loose(self) -> None:
        self._counter.quiet()
        self.loose.begin()
        self.page_wanted.emit(self.loose)

    def _add_loose(self, code: str) -> None:
        if looks_like_receipt(code):
            self.open(code)
            return

        def add() -> None:
            typed, rest = split_quantity(code)
            sold = self._sold_before(rest)
            quantity = parse_quantity(typed) if typed else sold.quantity or ONE
            self._counter.quiet()
            self.loose.add(sold.item, quantity)

        self._counter.in_turn(add)

    def _sold_before(self, code: str) -> Sold:
        """Return what a code sells; what no product has cannot come back, nor be added for that."""
        try:
            return self._shop.catalogue.sold(code)
        except UnknownCode as error:
            sentence = _("No product has the code {code}: scan it again, or type another code.")
            raise Refused(sentence.format(code=code)) from error

    def _take_loose(self, items: tuple[tuple[str, Thousandths], ...]) -> None:
        self._counter.carry_out(do.TakeBackItems(items), self._taken)
