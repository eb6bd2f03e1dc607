"""Our own reference of a payment by M-Pesa: short enough for a prompt, and of one till alone.

The till's code, a U, and a number in Crockford's base 32, which has no U: `T1U7Q2`. So a payment
that names a reference tells which till asked for it, also among codes that begin alike.
"""

from __future__ import annotations

import re

_DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_MARK = "U"
_MOST = 12
"""How many signs M-Pesa takes."""
_REFERENCE = re.compile(f"([A-Z0-9]+){_MARK}[{_DIGITS}]+")


def make_reference(till_code: str, number: int) -> str:
    """Return the reference of a till's payment; ValueError where M-Pesa would not take it."""
    tail = ""
    while number:
        number, digit = divmod(number, len(_DIGITS))
        tail = _DIGITS[digit] + tail
    reference = f"{till_code.upper()}{_MARK}{tail}"
    if len(reference) > _MOST or not _REFERENCE.fullmatch(reference):
        raise ValueError(f"{reference} is no reference that M-Pesa takes")
    return reference


def till_of(reference: str) -> str | None:
    """Return the code of the till that made a reference; None where no till of ours did."""
    found = _REFERENCE.fullmatch(reference.strip().upper())
    return found[1] if found else None
