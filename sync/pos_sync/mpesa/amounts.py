"""Amounts on the wire are shillings, as numbers or texts; here they are cents and never floats."""

from __future__ import annotations

import re
from decimal import Decimal

LARGEST_CENTS = 100_000_000_000
"""Far above what M-Pesa carries; more than that is no amount."""

_MOST_DIGITS = 20
_CURRENCY = re.compile(r"(kes|kshs?|ksh?s)\.?", re.IGNORECASE)
_THOUSANDS = re.compile(r"[0-9]{1,3}(,[0-9]{3})+(\.[0-9]*)?")
_COMMA = re.compile(r"[0-9]+,[0-9]{1,2}")
_PLAIN = re.compile(r"[0-9]{1,12}(\.[0-9]{1,8})?")


def read_cents(value: object) -> int | None:
    """Return the cents of an amount in shillings: `5`, `168.00`, `"2697.0"`, `"30"`.

    None where that is no amount, is below zero, or has parts of a cent. Numbers with a point are
    to come as Decimal; a float is no amount, since it may already be another one.
    """
    if isinstance(value, bool) or not isinstance(value, int | str | Decimal):
        return None
    if isinstance(value, int) and not 0 <= value <= LARGEST_CENTS:
        return None
    text = _in_digits(value) if isinstance(value, Decimal) else str(value).strip()
    if not _PLAIN.fullmatch(text):
        return None
    shillings, _point, parts = text.partition(".")
    if parts[2:].strip("0"):
        return None
    cents = int(shillings) * 100 + int(parts[:2].ljust(2, "0"))
    return cents if cents <= LARGEST_CENTS else None


def read_signed_cents(text: str) -> int | None:
    """Return the cents of an amount as statements write it: `1,450.00`, `-60.00`, `KES (30.00)`.

    None where that is no amount.
    """
    plain = _CURRENCY.sub("", re.sub(r"[\s\u00a0\u202f]", "", text))
    is_negative = plain.startswith(("-", "(", "\u2212"))
    plain = plain.strip("()+-\u2212")
    if _THOUSANDS.fullmatch(plain):
        plain = plain.replace(",", "")
    elif _COMMA.fullmatch(plain):
        plain = plain.replace(",", ".")
    cents = read_cents(plain.removesuffix("."))
    return -cents if is_negative and cents else cents


def _in_digits(value: Decimal) -> str:
    """Return a number without an exponent; nothing where that were thousands of digits."""
    exponent = value.as_tuple().exponent
    if not isinstance(exponent, int) or not -_MOST_DIGITS <= exponent <= _MOST_DIGITS:
        return ""
    return format(value, "f")


def whole_shillings(cents: int) -> int:
    """Return an amount as a push carries it; ValueError for parts of a shilling or nothing."""
    if cents <= 0 or cents % 100:
        raise ValueError(f"a push asks for whole shillings, not for {cents} cents")
    return cents // 100
