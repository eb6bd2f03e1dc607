"""Selections of sales made smaller: to a day, hour, person, tender, or to some of their lines."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain

from pos_desktop.domain.ids import Id
from pos_desktop.storage.figures import Selection

HOUR_MS = 3_600_000


def to_day(selection: Selection, day: str) -> Selection:
    """Return those of a business day."""
    return selection.narrowed("s.business_day = ?", day)


def to_cashier(selection: Selection, staff_id: Id) -> Selection:
    """Return those that a person made."""
    return selection.narrowed("s.staff_id = ?", staff_id)


def to_tender(selection: Selection, kind: str) -> Selection:
    """Return those in whose payment a kind of tender had a part; not fit for payments."""
    mine = "EXISTS (SELECT 1 FROM tender t WHERE t.sale_id = s.id AND t.kind = ?)"
    return selection.narrowed(mine, kind)


def to_hour(selection: Selection, hour: int, zone: Iterable[tuple[int, int, int]]) -> Selection:
    """Return those made in an hour of the day (0 to 23) on the wall of the shop.

    The zone comes as stretches of time: from, up to, and how far it is from UTC then, in
    milliseconds.
    """
    stretches = list(zone)
    part = f"(s.sold_at >= ? AND s.sold_at < ? AND (s.sold_at + ?) / {HOUR_MS} % 24 = {hour:d})"
    return selection.narrowed(f"({' OR '.join([part] * len(stretches))})", *chain(*stretches))


def to_category(selection: Selection, category: str) -> Selection:
    """Return the lines of a category as it was when it was sold; empty: of none."""
    return selection.with_lines("coalesce(l.category, '') = ?", category)


def to_product(selection: Selection, product_id: Id) -> Selection:
    """Return the lines of a product."""
    return selection.with_lines("l.product_id = ?", product_id)


def to_supplier(selection: Selection, supplier_id: Id) -> Selection:
    """Return the lines of what is bought from a supplier now."""
    mine = "l.product_id IN (SELECT id FROM product WHERE supplier_id = ?)"
    return selection.with_lines(mine, supplier_id)


def to_band(selection: Selection, band: str, rate_bp: int) -> Selection:
    """Return the lines of a VAT band at a rate."""
    return selection.with_lines("l.tax_band = ? AND l.tax_rate_bp = ?", band, rate_bp)
