"""A product as the shop keeps it: what people set, how it stands, and how its price has moved."""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any

from pos_desktop.domain.ids import Id
from pos_desktop.domain.money import Cents
from pos_desktop.domain.quantity import Thousandths
from pos_desktop.domain.tax import DEFAULT_BAND
from pos_desktop.domain.text import _


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductForm:
    """All that people may set of a product. Prices include tax, costs do not."""

    name: str
    price_cents: Cents
    code: str | None = None
    category: str | None = None
    unit: str = ""
    cost_cents: Cents | None = None
    """What the shop pays for one unit, where it is known."""
    tax_band: str = DEFAULT_BAND
    by_weight: bool = False
    active: bool = True
    item_class: str | None = None
    unit_code: str | None = None
    packaging_code: str | None = None
    barcodes: tuple[str, ...] = ()
    reorder_level: Thousandths | None = None
    """At or below so much the product is to be ordered; None: it is not watched."""
    reorder_to: Thousandths | None = None
    """Up to how much is ordered then."""
    supplier_id: Id | None = None
    """From whom it is ordered."""

    @property
    def shown_code(self) -> str:
        """What people know it by: its code, else its first barcode; empty where it has neither."""
        return self.code or next(iter(self.barcodes), "")


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductCard:
    """A product as it was read: what people set, and what the shop knows beside that."""

    id: Id
    ver: int
    """The number of its last change: who changes the product says which state was seen."""
    changed_at: int
    """Milliseconds UTC."""
    in_stock: Thousandths
    supplier: str
    """The supplier's name; empty where there is none."""
    form: ProductForm


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductChoice:
    """Which products are meant; each part that is given narrows the choice."""

    text: str = ""
    """Beginnings of words of the name or the code."""
    category: str | None = None
    supplier_id: Id | None = None
    ids: frozenset[Id] | None = None
    with_inactive: bool = False
    low: bool = False
    """Only those at or below their reorder level."""


class PriceSource(StrEnum):
    """By which way a price or a cost has changed; the value is the word in the file."""

    EDIT = "edit"
    BULK = "bulk"
    BULK_UNDO = "bulk undo"
    IMPORT = "import"
    IMPORT_UNDO = "import undo"
    RECEIPT = "goods received"


def source_words(source: PriceSource, number: int | None) -> str:
    """Return what people call the way by which a price changed."""
    words = {
        PriceSource.EDIT: _("changed by hand"),
        PriceSource.BULK: _("price change {number}"),
        PriceSource.BULK_UNDO: _("price change {number} taken back"),
        PriceSource.IMPORT: _("import {number}"),
        PriceSource.IMPORT_UNDO: _("import {number} taken back"),
        PriceSource.RECEIPT: _("goods received"),
    }[source]
    return words.format(number=number)


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceChange:
    """One change of a product's price or cost, or of both at once. Amounts are cents."""

    product_id: Id
    ver: int
    """The version of the product that the change made."""
    old_price_cents: Cents
    price_cents: Cents
    old_cost_cents: Cents | None
    cost_cents: Cents | None
    source: PriceSource
    source_number: int | None
    """The number of the import or of the price change, where it was one."""
    staff_id: Id | None
    """None for the technician at the console."""
    staff_name: str
    """Empty for the technician."""
    changed_at: int
    """Milliseconds UTC."""


def suggested_order(card: ProductCard) -> Thousandths:
    """Return how much of a product is to be ordered: up to its `reorder_to`, else to its level."""
    target = card.form.reorder_to or card.form.reorder_level or 0
    return max(target - card.in_stock, 0)


def by_supplier(card: ProductCard) -> tuple[bool, str, str]:
    """Return what orders products by supplier, those without one at the end, then by name."""
    return not card.supplier, card.supplier.casefold(), card.form.name.casefold()


def changed_fields(before: ProductForm, after: ProductForm) -> dict[str, tuple[Any, Any]]:
    """Return each field that differs, with its old and its new value."""
    pairs = {
        field.name: (getattr(before, field.name), getattr(after, field.name))
        for field in fields(ProductForm)
    }
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}
