"""Goods that come in, go back, or are found to be more or fewer than the books say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pos_desktop.domain.ids import Id
from pos_desktop.domain.money import Cents
from pos_desktop.domain.quantity import Thousandths
from pos_desktop.domain.text import _


@dataclass(frozen=True, slots=True, kw_only=True)
class GoodsLine:
    """So much of a product, and what one unit of it costs."""

    product_id: Id
    quantity: Thousandths
    """More than zero, whichever way the goods go."""
    cost_cents: Cents | None = None
    """None where it is not known; 0 for goods that came as a present."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """What people type of goods that a supplier has brought, or gets back."""

    lines: tuple[GoodsLine, ...]
    supplier_id: Id | None = None
    """None where nobody is named, such as on a market."""
    document: str = ""
    """The number of the supplier's invoice, delivery note or credit note."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GoodsReceipt:
    """Goods received, or returned where the cost is theirs to give back, as the books hold them."""

    id: Id
    is_return: bool
    supplier_id: Id | None
    supplier: str
    """The supplier's name, also of one who was removed; empty where nobody was named."""
    document: str
    cost_cents: Cents
    """What all lines cost; below zero for goods that went back."""
    lines: int
    staff_id: Id | None
    business_day: str
    received_at: int
    """Milliseconds UTC."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StockMove:
    """One move of a product's stock, and what it came from."""

    fact_id: Id
    kind: str
    """What happened, by the word of the books: `sale`, `goods received`, `stock adjustment` ..."""
    product_id: Id
    name: str
    quantity: Thousandths
    cost_cents: Cents | None
    at: int
    """Milliseconds UTC."""
    business_day: str
    reason: str
    """The key of the reason of a correction; empty for anything else."""


@dataclass(frozen=True, slots=True)
class StockReason:
    """Why stock is corrected: which way it may go, and whether it must be said in words."""

    key: str
    direction: int
    """-1: only goods that are gone, 1: only goods that are there, 0: either."""
    needs_note: bool = False


STOCK_REASONS: Mapping[str, StockReason] = {
    reason.key: reason
    for reason in (
        StockReason("broken", -1),
        StockReason("expired", -1),
        StockReason("stolen", -1),
        StockReason("own use", -1),
        StockReason("found", 1),
        StockReason("other", 0, needs_note=True),
    )
}
"""The reasons in the order in which they are offered, by the word in the file."""


def reason_words(key: str) -> str:
    """Return what people call a reason; a word of a later program stays as it is."""
    return {
        "broken": _("broken"),
        "expired": _("expired"),
        "stolen": _("stolen"),
        "own use": _("own use"),
        "found": _("found"),
        "other": _("other"),
    }.get(key, key)
