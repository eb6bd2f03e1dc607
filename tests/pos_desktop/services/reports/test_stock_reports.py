"""What is to be ordered: the products at or below their level, from whom, and how much."""

from __future__ import annotations

from pos_desktop.domain.product import ProductForm
from pos_desktop.domain.supplier import SupplierForm
from pos_desktop.services.reports.report_csv import as_csv
from pos_desktop.shop import Shop
from tests.pos_desktop.conftest import product_id


def product(shop: Shop, name: str, stock: int, **values: object) -> None:
    """Add a product with so many thousandths in stock."""
    form = ProductForm(name=name, price_cents=10_00, **{"code": name.upper(), **values})  # type: ignore[arg-type]
    card = shop.goods.products.add(form, actor=None)
    if stock:
        shop.goods.correcting.correct({card.id: stock}, "other", "as counted", actor=None)


def test_low_stock_names_what_to_order(shop: Shop) -> None:
    dairy = shop.goods.suppliers.add(SupplierForm(name="Dairy"), actor=None)
    product(
        shop, "Milk", 4_000, reorder_level=5_000, reorder_to=24_000, supplier_id=dairy.id,
        category="Fresh",
    )  # fmt: skip
    product(shop, "Eggs", 30_000, reorder_level=30_000)
    product(shop, "Flour", -2_000, reorder_level=0, code=None, barcodes=("6161990000334",))
    product(shop, "Rice", 2_250, reorder_level=2_500, by_weight=True)
    product(shop, "Soap", 6_000, reorder_level=5_000)
    product(shop, "Salt", 0)
    product(shop, "Old", 0, reorder_level=5_000, active=False)
    report = shop.reporting.make("low-stock", actor=None)
    assert [column.key for column in report.columns] == [
        "code",
        "name",
        "category",
        "quantity",
        "reorder_level",
        "suggested_order",
        "supplier",
    ]
    assert [tuple(row.values()) for row in report.rows] == [
        ("EGGS", "Eggs", "", "30", "30", "0", ""),
        ("6161990000334", "Flour", "", "-2", "0", "2", ""),
        ("MILK", "Milk", "Fresh", "4", "5", "20", "Dairy"),
        ("RICE", "Rice", "", "2.250", "2.500", "0.250", ""),
    ]
    assert report.document["totals"] == {"products": 4}
    assert report.covers.startswith("as it stands")
    assert as_csv(report).splitlines()[3].startswith("MILK,Milk,Fresh,4,5,20,Dairy,Duka,")


def test_a_product_that_was_ordered_and_came_is_low_no_more(shop: Shop) -> None:
    product(shop, "Milk", 4_000, reorder_level=5_000)
    shop.goods.correcting.correct({product_id(shop, "MILK"): 2_000}, "found", actor=None)
    made = shop.reporting.make("low-stock", actor=None)
    assert made.rows == []
    assert "reorder level" in made.notes[0]
