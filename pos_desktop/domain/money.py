"""Money: whole cents, never a binary fraction.

Halves round away from zero, so that a refund is to the cent the mirror of its sale.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from pos_desktop.domain.country import written_amount
from pos_desktop.domain.errors import Refused
from pos_desktop.domain.text import _

Cents = int
"""An amount of money in hundredths of the shop's currency; negative where money goes back."""

LARGEST_AMOUNT: Cents = 99_999_999_99
"""No price, line, sale or payment is larger: what is, was a barcode typed in the wrong place."""

_AMOUNT = re.compile(r"([0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)?(?:\.([0-9]{1,2}))?")
_LONGEST_AMOUNT = 20
_NOTES: Sequence[Cents] = (50_00, 100_00, 500_00, 1000_00)
_SINGLE_NOTE: Cents = 200_00
_QUICK_CHOICES = 5


def divide_half_up(numerator: int, denominator: int) -> int:
    """Return the quotient rounded to the nearest whole, halves away from zero.

    The denominator must be positive; raises ZeroDivisionError where it is zero.
    """
    size = (2 * abs(numerator) + denominator) // (2 * denominator)
    return -size if numerator < 0 else size


def round_to(amount: Cents, step: Cents) -> Cents:
    """Return an amount rounded half up to a multiple of the step (of 1 or less: unchanged)."""
    return divide_half_up(amount, step) * step if step > 1 else amount


def parse_amount(text: str) -> Cents:
    """Return the cents of a typed amount such as `1240.5`, `1,240.50` or `.50`.

    Raises Refused where it is no amount of 0 or more, or is larger than LARGEST_AMOUNT.
    """
    text = text.strip()
    match = _AMOUNT.fullmatch(text) if len(text) <= _LONGEST_AMOUNT else None
    if not match or not any(match.groups()):
        raise Refused(_("Type an amount such as 450 or 1240.50, with at most two decimals."))
    whole, decimals = match[1] or "0", match[2] or ""
    amount = int(whole.replace(",", "") + decimals.ljust(2, "0"))
    check_amount(amount)
    return amount


def check_amount(amount: Cents) -> None:
    """Raise Refused where an amount is larger than LARGEST_AMOUNT, to either side."""
    if abs(amount) > LARGEST_AMOUNT:
        limit = format_amount(LARGEST_AMOUNT)
        raise Refused(_("The largest amount is {limit}: type a smaller one.").format(limit=limit))


def format_amount(amount: Cents) -> str:
    """Return an amount for people, as the shop's country writes it: `1,240.50`."""
    return written_amount(amount)


def format_short(amount: Cents) -> str:
    """Return an amount for people without cents where it has none: `1,250`."""
    return written_amount(amount, whole=True)


def amount_text(amount: Cents) -> str:
    """Return an amount for files: `1240.50`."""
    sign = "-" if amount < 0 else ""
    whole, cents = divmod(abs(amount), 100)
    return f"{sign}{whole}.{cents:02d}"


def allocate(total: Cents, weights: Sequence[int]) -> list[Cents]:
    """Split a total in proportion to weights, so that the shares sum to it exactly.

    The cents that remain go to the largest remainders, the first of equals before the others.
    Where all weights are zero the total is split evenly. A negative total is the mirror of the
    positive one. No share is larger than its weight while the total is not larger than their sum.
    Raises ValueError for a negative weight, and for a total without anything to carry it.
    """
    if any(weight < 0 for weight in weights) or (total and not weights):
        raise ValueError(f"cannot allocate {total} over {list(weights)}")
    if total < 0:
        return [-share for share in allocate(-total, weights)]
    if not any(weights):
        weights = [1] * len(weights)
    whole = sum(weights)
    shares = [total * weight // whole for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda i: (-(total * weights[i] % whole), i))
    for i in by_remainder[: total - sum(shares)]:
        shares[i] += 1
    return shares


def quick_cash(due: Cents) -> list[Cents]:
    """Return what a customer is likely to hand over, the exact amount first, then rising.

    The due amount is rounded for cash already. Each further choice is the next amount that can be
    made with notes no smaller than 50, 100, 500 or 1000; the note of 200 alone is a choice too.
    """
    if due <= 0:
        return [due]
    rounded_up = {-(-due // note) * note for note in _NOTES}
    if due < _SINGLE_NOTE:
        rounded_up.add(_SINGLE_NOTE)
    return [due, *sorted(rounded_up - {due})][:_QUICK_CHOICES]
