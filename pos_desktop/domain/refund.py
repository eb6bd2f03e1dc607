"""Goods that come back: the mirror of the line that sold them.

Parts are taken from what the whole came to, so that however a line is returned, all its returns
together are its exact opposite.
"""

from __future__ import annotations

from dataclasses import replace

from pos_desktop.domain.errors import Refused
from pos_desktop.domain.money import Cents, divide_half_up
from pos_desktop.domain.pricing import PricedLine
from pos_desktop.domain.quantity import ONE, Thousandths, check_quantity, format_quantity
from pos_desktop.domain.tax import included_tax
from pos_desktop.domain.text import _


def refund_line(
    sold: PricedLine, quantity: Thousandths | None = None, returned: Thousandths = 0
) -> PricedLine:
    """Return the line, all amounts negative, that takes a quantity of a sold line back.

    Without a quantity all that is left. What was returned of it before is given as a positive
    quantity. Tax is split out of what this line gives back; its discount is what lies between full
    and gross, so that it may be a cent off in a part. Raises Refused for more than is left,
    and for part of a piece.
    """
    left = sold.quantity - returned
    quantity = left if quantity is None else quantity
    if quantity > left or left <= 0:
        raise Refused(
            _("Only {left} of {name} can come back: type that or less.").format(
                left=format_quantity(max(left, 0)), name=sold.item.name
            )
        )
    check_quantity(quantity)
    if quantity % ONE and not sold.item.by_weight:
        raise Refused(
            _("{name} is sold by the piece: type a whole number.").format(name=sold.item.name)
        )

    def part(amount: Cents) -> Cents:
        until_now = divide_half_up(amount * returned, sold.quantity)
        return until_now - divide_half_up(amount * (returned + quantity), sold.quantity)

    full, gross, line_discount = map(
        part, (sold.full_cents, sold.gross_cents, sold.line_discount_cents)
    )
    return replace(
        sold,
        quantity=-quantity,
        full_cents=full,
        line_discount_cents=line_discount,
        cart_discount_cents=full - gross - line_discount,
        gross_cents=gross,
        vat_cents=included_tax(gross, sold.rate_bp),
    )
