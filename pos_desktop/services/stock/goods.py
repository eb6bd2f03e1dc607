"""The services that keep the shop's goods: catalogue, prices, suppliers, stock. Joined here."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass

from pos_desktop.domain.clock import Clock
from pos_desktop.services.closing.closing import Closing
from pos_desktop.services.configuration import Configuration
from pos_desktop.services.paper.print_queue import PrintQueue
from pos_desktop.services.products.bulk_prices import BulkPrices
from pos_desktop.services.products.catalogue import Catalogue
from pos_desktop.services.products.label_printing import LabelPrinting
from pos_desktop.services.products.product_editing import ProductEditing
from pos_desktop.services.stock.order_printing import OrderPrinting
from pos_desktop.services.stock.receiving import Receiving
from pos_desktop.services.stock.stock_correcting import StockCorrecting
from pos_desktop.services.stock.stock_taking import StockTaking
from pos_desktop.services.stock.suppliers import Suppliers
from pos_desktop.storage.books import Books
from pos_desktop.storage.database import ShopDatabase
from pos_desktop.storage.gate import BulkPace


@dataclass(frozen=True, slots=True, kw_only=True)
class Goods:
    """What can be done with goods besides selling them."""

    products: ProductEditing
    prices: BulkPrices
    suppliers: Suppliers
    receiving: Receiving
    correcting: StockCorrecting
    taking: StockTaking
    labels: LabelPrinting
    orders: OrderPrinting


def goods_services(
    database: ShopDatabase,
    reader: ShopDatabase,
    books: Books,
    catalogue: Catalogue,
    closing: Closing,
    configuration: Configuration,
    print_queue: PrintQueue,
    clock: Clock,
    *,
    pace: Callable[[], BulkPace],
    one_price_change: Callable[[], AbstractContextManager[None]],
) -> Goods:
    """Join the services of goods; see BulkPrices for pace and `one_price_change`."""
    return Goods(
        products=ProductEditing(database, reader, books, catalogue, closing),
        prices=BulkPrices(
            database, reader, books, closing, clock, pace=pace, one_at_a_time=one_price_change
        ),
        suppliers=Suppliers(database, reader, books),
        receiving=Receiving(database, reader, books, closing),
        correcting=StockCorrecting(database, reader, books, closing),
        taking=StockTaking(database, reader, books, closing),
        labels=LabelPrinting(database, reader, configuration, print_queue),
        orders=OrderPrinting(database, books, configuration, print_queue),
    )
