"""A product as a row of a file gives it: what is absent or empty changes nothing."""

from __future__ import annotations

from typing import NamedTuple

from pos_desktop.domain.money import Cents
from pos_desktop.domain.quantity import Thousandths


class ProductRow(NamedTuple):
    """One good row of an import.

    It crosses processes as a plain tuple in this order; `ProductRow._make` names its places.
    """

    number: int
    """The row's number as a spreadsheet shows it."""
    digest: int
    """64 bits over the fields below; equal data of one run has equal digests."""
    code: str | None
    barcodes: tuple[str, ...] | None
    name: str | None
    category: str | None
    unit: str | None
    price_cents: Cents | None
    cost_cents: Cents | None
    tax_band: str | None
    by_weight: bool | None
    active: bool | None
    stock_thousandths: Thousandths | None
    item_class: str | None
    unit_code: str | None
    packaging_code: str | None
