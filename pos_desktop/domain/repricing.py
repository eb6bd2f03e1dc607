"""A basket that waited while prices changed: what would cost something else if scanned today."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from pos_desktop.domain.basket import Basket, Item, Line, check_basket, check_line
from pos_desktop.domain.ids import Id

Today = Mapping[Id, Item]
"""Items as the catalogue has them now, by product; one that is gone is not among them."""


def changed_prices(basket: Basket, today: Today) -> int:
    """Return how many products in a basket have another price today.

    A price that somebody has set by hand, and one from the label of a pack, do not count: they
    were never the catalogue's.
    """
    return len({line.item.product_id for line in basket.lines if _has_changed(line, today)})


def at_todays_prices(basket: Basket, today: Today) -> Basket:
    """Return a basket in which these products are as if scanned now; discounts stay.

    Raises Refused where it would come to more than a sale may.
    """
    lines = tuple(
        _as_today(line, today) if _has_changed(line, today) else line for line in basket.lines
    )
    for line in lines:
        check_line(line)
    changed = replace(basket, lines=lines)
    check_basket(changed)
    return changed


def _has_changed(line: Line, today: Today) -> bool:
    item = today.get(line.item.product_id)
    is_catalogues = line.label_cents is None and line.price_cents == line.item.price_cents
    return is_catalogues and item is not None and item.price_cents != line.price_cents


def _as_today(line: Line, today: Today) -> Line:
    item = today[line.item.product_id]
    return replace(line, item=item, price_cents=item.price_cents)
