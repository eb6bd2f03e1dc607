"""The lists of the shop as documents: products, sales line by line, customers, stock.

The columns of products are those that an import reads back; what is in stock stands in the list of
stock alone, since an import takes no level below nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pos_desktop.documents.document import DocumentColumn, Kind
from pos_desktop.domain.export import ListName
from pos_desktop.domain.money import divide_half_up
from pos_desktop.domain.quantity import ONE
from pos_desktop.domain.text import _
from pos_desktop.services.reports.periods import Period
from pos_desktop.storage import list_rows
from pos_desktop.storage.database import Row, ShopDatabase

Column = DocumentColumn


def list_columns(name: ListName) -> list[DocumentColumn]:
    """Return the columns of a list, in the language that is spoken."""
    return {
        ListName.PRODUCTS: _product_columns,
        ListName.SALES: _sale_columns,
        ListName.CUSTOMERS: _customer_columns,
        ListName.STOCK: _stock_columns,
    }[name]()


def list_rows_of(name: ListName, reader: ShopDatabase, period: Period) -> Iterator[Row]:
    """Yield the rows of a list by the keys of its columns; the period is that of sales."""
    match name:
        case ListName.PRODUCTS:
            return map(_product, list_rows.products(reader))
        case ListName.STOCK:
            return map(_stock, list_rows.stock(reader))
        case ListName.CUSTOMERS:
            return list_rows.customers(reader)
        case ListName.SALES:
            return list_rows.sale_lines(reader, period.selection)


def totalled(name: ListName) -> tuple[str, ...]:
    """Return the keys of the columns that are added up."""
    return {
        ListName.SALES: ("discount_cents", "net_cents", "vat_cents", "gross_cents"),
        ListName.CUSTOMERS: ("balance_cents",),
        ListName.STOCK: ("value_cents",),
    }.get(name, ())


def _product_columns() -> list[DocumentColumn]:
    return [
        Column(key="code", title=_("Code")),
        Column(key="barcodes", title=_("Barcode")),
        Column(key="name", title=_("Name")),
        Column(key="category", title=_("Category")),
        Column(key="unit", title=_("Unit")),
        Column(key="price_cents", title=_("Price"), kind=Kind.CENTS),
        Column(key="cost_cents", title=_("Cost"), kind=Kind.CENTS),
        Column(key="tax_band", title=_("Tax band")),
        Column(key="by_weight", title=_("By weight")),
        Column(key="active", title=_("Active")),
        Column(key="item_class", title=_("Item class")),
        Column(key="unit_code", title=_("Unit code")),
        Column(key="packaging_code", title=_("Packaging code")),
    ]


def _sale_columns() -> list[DocumentColumn]:
    return [
        Column(key="receipt", title=_("Receipt")),
        Column(key="business_day", title=_("Day"), kind=Kind.DATE),
        Column(key="sold_at", title=_("Time"), kind=Kind.MOMENT),
        Column(key="cashier", title=_("Cashier")),
        Column(key="customer", title=_("Customer")),
        Column(key="no", title=_("Line"), kind=Kind.COUNT),
        Column(key="code", title=_("Code")),
        Column(key="barcode", title=_("Barcode")),
        Column(key="name", title=_("Product")),
        Column(key="category", title=_("Category")),
        Column(key="unit", title=_("Unit")),
        Column(key="quantity", title=_("Quantity"), kind=Kind.QUANTITY),
        Column(key="price_cents", title=_("Price"), kind=Kind.CENTS),
        Column(key="discount_cents", title=_("Discount"), kind=Kind.CENTS),
        Column(key="tax_band", title=_("Tax band")),
        Column(key="net_cents", title=_("Net"), kind=Kind.CENTS),
        Column(key="vat_cents", title=_("VAT"), kind=Kind.CENTS),
        Column(key="gross_cents", title=_("Gross"), kind=Kind.CENTS),
        Column(key="cost_cents", title=_("Cost"), kind=Kind.CENTS),
    ]


def _customer_columns() -> list[DocumentColumn]:
    return [
        Column(key="code", title=_("Code")),
        Column(key="name", title=_("Name")),
        Column(key="phone", title=_("Phone")),
        Column(key="email", title=_("E-mail")),
        Column(key="address", title=_("Address")),
        Column(key="kra_pin", title=_("KRA PIN")),
        Column(key="mail_consent_at", title=_("Agreed to mail"), kind=Kind.MOMENT),
        Column(key="credit_limit_cents", title=_("Credit limit"), kind=Kind.CENTS),
        Column(key="balance_cents", title=_("Owes"), kind=Kind.CENTS),
    ]


def _stock_columns() -> list[DocumentColumn]:
    return [
        Column(key="code", title=_("Code")),
        Column(key="name", title=_("Product")),
        Column(key="category", title=_("Category")),
        Column(key="supplier", title=_("Supplier")),
        Column(key="quantity", title=_("In stock"), kind=Kind.QUANTITY),
        Column(key="reorder_level", title=_("Reorder level"), kind=Kind.QUANTITY),
        Column(key="cost_cents", title=_("Cost"), kind=Kind.CENTS),
        Column(key="price_cents", title=_("Price"), kind=Kind.CENTS),
        Column(key="value_cents", title=_("Value at cost"), kind=Kind.CENTS),
    ]


_FLAGS: Mapping[int, str] = {0: "no", 1: "yes"}
"""As an import reads them, in whatever language."""


def _product(row: Row) -> Row:
    return {**row, "by_weight": _FLAGS[row["by_weight"]], "active": _FLAGS[row["active"]]}


def _stock(row: Row) -> Row:
    cost = row["cost_cents"]
    value = None if cost is None else divide_half_up(cost * row["quantity"], ONE)
    return {**row, "value_cents": value}
