"""The lines of the cart as they are shown: what is bought, and below it what comes back."""

from __future__ import annotations

from pos_desktop.domain.basket import Item
from pos_desktop.domain.pricing import Priced, PricedLine
from pos_desktop.domain.quantity import line_amount
from pos_desktop.domain.returns import Returned, Returns


def cart_lines(priced: Priced, returns: Returns | None) -> tuple[PricedLine, ...]:
    """Return all lines; those that come back have negative quantities and amounts."""
    return *priced.lines, *(_line(one) for one in (returns.lines if returns else ()))


def comes_back(line: PricedLine) -> bool:
    """Tell whether a line is one that comes back."""
    return line.quantity < 0


def _line(back: Returned) -> PricedLine:
    full_cents = line_amount(back.price_cents, back.quantity)
    return PricedLine(
        key=back.key,
        item=Item(
            product_id=back.product_id,
            code=back.code,
            name=back.name,
            price_cents=back.price_cents,
            unit=back.unit,
        ),
        quantity=-back.quantity,
        price_cents=back.price_cents,
        discount_bp=back.discount_bp,
        full_cents=-full_cents,
        line_discount_cents=back.gross_cents - full_cents,
        cart_discount_cents=0,
        gross_cents=-back.gross_cents,
        rate_bp=0,
        vat_cents=0,
    )
