"""What is to be ordered, on paper: a slip for each supplier, from the receipt printer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from pos_hardware.document import Align, Block, Cut, ReceiptDocument, Rule, Text

from pos_desktop.domain.errors import Refused
from pos_desktop.domain.ids import Id
from pos_desktop.domain.product import ProductCard, by_supplier, suggested_order
from pos_desktop.domain.quantity import format_quantity
from pos_desktop.domain.staff import Permission
from pos_desktop.domain.text import _
from pos_desktop.services.configuration import Configuration
from pos_desktop.services.paper.paper_parts import Letterhead, heading, pair
from pos_desktop.services.paper.print_queue import ORDER_KIND, PrintQueue
from pos_desktop.services.people.acting import hand_of
from pos_desktop.services.people.sign_in import Person
from pos_desktop.services.shown_dates import shown_minute
from pos_desktop.storage.books import Books
from pos_desktop.storage.database import ShopDatabase
from pos_desktop.storage.moments import to_stored

MOST_LINES = 300
"""A paper of so many lines is two metres long: more is printed supplier by supplier."""


class OrderPrinting:
    """Puts lists of what is to be ordered into the queue of the printer."""

    def __init__(
        self,
        database: ShopDatabase,
        books: Books,
        configuration: Configuration,
        print_queue: PrintQueue,
    ) -> None:
        self._database = database
        self._books = books
        self._configuration = configuration
        self._print_queue = print_queue

    def print_list(self, cards: Sequence[ProductCard], *, actor: Person | None) -> Id:
        """Queue what is to be ordered of these products; return the id of the print job.

        Each supplier's part is cut off. Raises Refused where there is nothing, or too much.
        """
        hand_of(actor, Permission.STOCK)
        if not cards:
            raise Refused(_("There is nothing to order: choose another supplier."))
        if len(cards) > MOST_LINES:
            raise Refused(
                _("Print up to {most} lines at a time: choose a supplier.").format(most=MOST_LINES)
            )
        ordered = sorted(cards, key=by_supplier)
        parts = [list(part) for _name, part in groupby(ordered, key=lambda card: card.supplier)]
        document = ReceiptDocument(tuple(block for part in parts for block in self._slip(part)))
        with self._database.write():
            return self._print_queue.paper(ORDER_KIND, _("Order list"), document)

    def _slip(self, cards: Sequence[ProductCard]) -> Iterator[Block]:
        """Yield the part of one supplier."""
        yield from heading(Letterhead.of(self._configuration), _("TO ORDER"))
        supplier = cards[0].supplier or _("no supplier named")
        yield Text(supplier, Align.CENTER, bold=True)
        now = to_stored(self._books.now())
        yield pair(_("Printed"), shown_minute(now, self._configuration.zone))
        yield Rule()
        for card in cards:
            form = card.form
            order = f"{format_quantity(suggested_order(card))} {form.unit}".strip()
            yield pair(form.name, order, bold=True)
            stock = _("{quantity} in stock").format(quantity=format_quantity(card.in_stock))
            code = form.shown_code
            yield Text("  ".join(part for part in (code, stock) if part))
        yield Cut()
