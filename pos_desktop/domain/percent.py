"""Percentages: whole basis points, hundredths of a percent."""

from __future__ import annotations

import re

from pos_desktop.domain.errors import Refused
from pos_desktop.domain.money import Cents, divide_half_up
from pos_desktop.domain.text import _

BasisPoints = int
"""A hundredth of a percent: 16 % is 1600."""

WHOLE: BasisPoints = 100_00

_PERCENT = re.compile(r"([0-9]{1,3})?(?:\.([0-9]{1,2}))?")


def percent_of(amount: Cents, share: BasisPoints) -> Cents:
    """Return a share of an amount, rounded half up."""
    return divide_half_up(amount * share, WHOLE)


def parse_percent(text: str) -> BasisPoints:
    """Return the basis points of a typed percentage from 0 to 100, such as `10` or `12.5`.

    Raises Refused otherwise.
    """
    match = _PERCENT.fullmatch(text.strip())
    if match and any(match.groups()):
        points = int((match[1] or "0") + (match[2] or "").ljust(2, "0"))
        if points <= WHOLE:
            return points
    raise Refused(_("Type a percentage from 0 to 100, such as 10% or 12.5%."))


def format_percent(share: BasisPoints) -> str:
    """Return a percentage without the sign of one and without idle zeros: `16`, `12.5`, `-3`."""
    whole, hundredths = divmod(abs(share), 100)
    words = f"{whole}.{hundredths:02d}".rstrip("0") if hundredths else str(whole)
    return f"-{words}" if share < 0 else words
