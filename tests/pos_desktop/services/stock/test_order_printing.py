"""What is to be ordered, printed supplier by supplier."""

from __future__ import annotations

from dataclasses import replace

import pytest
from pos_hardware.document import Columns, Cut, ReceiptDocument, Text

from pos_desktop.domain.errors import Refused
from pos_desktop.domain.product import ProductCard, ProductChoice
from pos_desktop.domain.supplier import SupplierForm
from pos_desktop.services.stock.order_printing import MOST_LINES
from pos_desktop.shop import Shop


def _low(shop: Shop) -> list[ProductCard]:
    """Let tomatoes and milk be low, of which one has a supplier; return both."""
    dairy = shop.goods.suppliers.add(SupplierForm(name="Brookside"), actor=None)
    for code, supplier_id in (("TOM", None), ("MILK", dairy.id)):
        card = shop.goods.products.with_code(code)
        assert card is not None
        form = replace(
            card.form, reorder_level=5_000, reorder_to=12_000, supplier_id=supplier_id, unit="pcs"
        )
        shop.goods.products.change(card, form, actor=None)
    return shop.goods.products.listed(ProductChoice(low=True), 10)


def test_each_supplier_has_a_slip(selling_shop: Shop) -> None:
    selling_shop.goods.orders.print_list(_low(selling_shop), actor=None)
    row = selling_shop.database.row("SELECT kind, title, body FROM print_job")
    assert row is not None
    assert (row["kind"], row["title"]) == ("order", "Order list")
    blocks = ReceiptDocument.from_json(row["body"]).blocks
    texts = [block.text for block in blocks if isinstance(block, Text)]
    pairs = [[cell.text for cell in block.cells] for block in blocks if isinstance(block, Columns)]
    assert sum(isinstance(block, Cut) for block in blocks) == 2
    assert texts.index("Brookside") < texts.index("no supplier named")
    assert ["Milk 500 ml", "12 pcs"] in pairs
    assert ["Tomatoes, loose", "12 pcs"] in pairs


def test_nothing_and_too_much_are_refused(selling_shop: Shop) -> None:
    orders = selling_shop.goods.orders
    with pytest.raises(Refused, match="nothing to order"):
        orders.print_list([], actor=None)
    with pytest.raises(Refused, match="lines at a time: choose a supplier"):
        orders.print_list(_low(selling_shop)[:1] * (MOST_LINES + 1), actor=None)
