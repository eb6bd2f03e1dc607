"""What is typed into the fields of a form, read as amounts and quantities; empty ones are None."""

from __future__ import annotations

from pos_desktop.domain.errors import Refused
from pos_desktop.domain.money import Cents, parse_amount
from pos_desktop.domain.quantity import Thousandths, parse_quantity
from pos_desktop.domain.text import _


def typed_amount(text: str) -> Cents | None:
    """Return the cents of an amount; raise Refused where it is none."""
    return parse_amount(text) if text.strip() else None


def typed_level(text: str) -> Thousandths | None:
    """Return a quantity that may be zero; raise Refused where it is none."""
    text = text.strip()
    if not text:
        return None
    return 0 if not text.strip("0") else parse_quantity(text)


def typed_days(text: str) -> int | None:
    """Return a whole number of days; raise Refused where it is none."""
    if not text.strip():
        return None
    if not text.strip().isdecimal():
        raise Refused(_("Type the days as a whole number, such as 30."))
    return int(text)
