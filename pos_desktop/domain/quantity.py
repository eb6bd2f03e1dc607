"""Quantities: whole thousandths of a piece, a kilogram, a litre."""

from __future__ import annotations

import re

from pos_desktop.domain.errors import Refused
from pos_desktop.domain.money import Cents, divide_half_up
from pos_desktop.domain.text import _

Thousandths = int
"""A quantity in thousandths of its unit; negative where goods come back."""

ONE: Thousandths = 1000
LARGEST_QUANTITY: Thousandths = 99_999 * ONE

_QUANTITY = re.compile(r"([0-9]{1,20})?(?:[.,]([0-9]{1,3}))?")
_TWO_MEANINGS = re.compile(r"0*[1-9][0-9]*,[0-9]{3}")
"""Thousands to one reader, thousandths to the other; `0,750` is no thousands to anybody."""


def parse_quantity(text: str) -> Thousandths:
    """Return the thousandths of a typed quantity such as `5`, `0.750`, `.5` or `0,75`.

    Raises Refused where it is none, is zero, is larger than LARGEST_QUANTITY, or can be read in
    two ways, such as `1,250`.
    """
    text = text.strip()
    if _TWO_MEANINGS.fullmatch(text):
        one, other = text.replace(",", "."), text.replace(",", "")
        sentence = _("{text} can be read in two ways: type {one}, or {other}.")
        raise Refused(sentence.format(text=text, one=one, other=other))
    match = _QUANTITY.fullmatch(text)
    if not match or not any(match.groups()):
        raise Refused(_("Type a quantity such as 5 or 0.750, with at most three decimals."))
    quantity = int((match[1] or "0") + (match[2] or "").ljust(3, "0"))
    check_quantity(quantity)
    return quantity


def check_quantity(quantity: Thousandths) -> None:
    """Raise Refused where a quantity to sell is not above zero or above LARGEST_QUANTITY."""
    if quantity <= 0:
        raise Refused(_("The quantity must be more than zero: type 1 or more, or remove the line."))
    if quantity > LARGEST_QUANTITY:
        limit = f"{LARGEST_QUANTITY // ONE:,}"
        raise Refused(_("The largest quantity is {limit}: type a smaller one.").format(limit=limit))


def format_quantity(quantity: Thousandths) -> str:
    """Return a quantity as text: `5`, and with all three decimals where it is broken, `0.750`."""
    sign = "-" if quantity < 0 else ""
    whole, part = divmod(abs(quantity), ONE)
    return f"{sign}{whole}.{part:03d}" if part else f"{sign}{whole}"


def line_amount(price_cents: Cents, quantity: Thousandths) -> Cents:
    """Return what a quantity costs at the price of one unit, in cents, rounded half up."""
    return divide_half_up(price_cents * quantity, ONE)
