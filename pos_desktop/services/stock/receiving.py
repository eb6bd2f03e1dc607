"""Goods that come from a supplier, and goods that go back.

A fact of stock belongs to the open business day, or to today's date where none is open: it needs
no shift, since no cash moves with it.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from pos_desktop.documents import cells
from pos_desktop.domain.errors import Refused
from pos_desktop.domain.goods import Delivery, GoodsLine, GoodsReceipt, StockMove
from pos_desktop.domain.ids import Id
from pos_desktop.domain.money import Cents, check_amount
from pos_desktop.domain.staff import Permission
from pos_desktop.domain.text import _
from pos_desktop.services.closing.closing import Closing
from pos_desktop.services.people.acting import hand_of
from pos_desktop.services.people.sign_in import Person
from pos_desktop.services.products.product_checks import text_of
from pos_desktop.services.stock.stock_checks import check_stock_quantity, products_of
from pos_desktop.storage import goods_receipts, stock_moves, suppliers
from pos_desktop.storage.books import Books
from pos_desktop.storage.database import ShopDatabase


class SameDocument(Refused):
    """Goods by this document of the supplier were entered before; look, then enter them anyway."""


class Receiving:
    """Records goods received and returned, and lists them."""

    def __init__(
        self, database: ShopDatabase, reader: ShopDatabase, books: Books, closing: Closing
    ) -> None:
        self._database = database
        self._reader = reader
        self._books = books
        self._closing = closing

    def receive(
        self,
        delivery: Delivery,
        *,
        set_costs: bool = True,
        same_document: bool = False,
        actor: Person | None,
    ) -> GoodsReceipt:
        """Take goods into stock.

        With `set_costs` what a unit cost becomes the product's cost; goods that cost nothing say
        nothing about it. Raises SameDocument where the supplier's document was entered before,
        unless `same_document` says that this is meant.
        """
        hand = hand_of(actor, Permission.STOCK)
        with self._database.write():
            delivery = self._checked(delivery)
            if not same_document:
                self._check_document(delivery)
            receipt = self._record(delivery, hand.actor_id, is_return=False)
            if set_costs:
                costs = _costs(delivery.lines)
                goods_receipts.set_costs(self._database, self._books, costs, hand.actor_id)
        return receipt

    def give_back(self, delivery: Delivery, *, actor: Person | None) -> GoodsReceipt:
        """Take goods out of stock that go back to their supplier."""
        hand = hand_of(actor, Permission.STOCK)
        with self._database.write():
            delivery = self._checked(delivery)
            return self._record(delivery, hand.actor_id, is_return=True)

    def latest(
        self, supplier_id: Id | None = None, limit: int = 100, offset: int = 0
    ) -> list[GoodsReceipt]:
        """Return goods received and returned, the newest first."""
        return goods_receipts.latest(self._reader, supplier_id, limit, offset)

    def lines(self, receipt_id: Id) -> list[StockMove]:
        """Return the lines of goods received or returned."""
        return stock_moves.of_fact(self._reader, receipt_id)

    def _checked(self, delivery: Delivery) -> Delivery:
        lines = delivery.lines
        cards = products_of(self._database, [line.product_id for line in lines])
        for line in lines:
            if line.quantity <= 0:
                raise Refused(_("A line has more than zero: type a quantity, or take it out."))
            check_stock_quantity(cards[line.product_id], line.quantity)
            _check_cost(line.cost_cents)
        supplier = delivery.supplier_id
        if supplier is not None and suppliers.by_id(self._database, supplier) is None:
            raise Refused(_("This supplier was removed; choose another one, or none."))
        reader = partial(cells.text_reader, cells.LONGEST_CATEGORY)
        return replace(delivery, document=text_of(_("Document"), reader, delivery.document) or "")

    def _check_document(self, delivery: Delivery) -> None:
        if not (delivery.supplier_id and delivery.document):
            return
        if goods_receipts.has_document(self._database, delivery.supplier_id, delivery.document):
            raise SameDocument

    def _record(self, delivery: Delivery, actor_id: Id | None, *, is_return: bool) -> GoodsReceipt:
        fact_id = goods_receipts.record(
            self._database,
            self._books,
            delivery,
            is_return=is_return,
            business_day=self._closing.business_day(),
            actor_id=actor_id,
        )
        receipt = goods_receipts.by_id(self._database, fact_id)
        assert receipt is not None
        return receipt


def _check_cost(cost: Cents | None) -> None:
    if cost is None:
        return
    if cost < 0:
        raise Refused(_("A price or cost cannot be less than zero: type 0 or more."))
    check_amount(cost)


def _costs(lines: tuple[GoodsLine, ...]) -> list[tuple[Id, Cents]]:
    """Return the last cost of each product that cost something."""
    return list({line.product_id: line.cost_cents for line in lines if line.cost_cents}.items())
