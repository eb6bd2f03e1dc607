"""Our own reference of a payment by M-Pesa: short enough for a prompt, and of one till alone.

The till's code, a U, and a number in Crockford's base 32, which has no U; then two signs that
follow from all that: `T1U7QFR`. So a payment that names a reference tells which till asked for it,
also among codes that begin alike; and a customer's name, such as JUMA, is not taken for one.
"""

from __future__ import annotations

import re

_DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_MARK = "U"
_MOST = 12
"""How many signs M-Pesa takes."""
_CHECKED = 1_021
"""The largest prime that two signs can tell apart."""
_REFERENCE = re.compile(f"(([A-Z0-9]+){_MARK}[{_DIGITS}]+)([{_DIGITS}]{{2}})")


def make_reference(till_code: str, number: int) -> str:
    """Return the reference of a till's payment; ValueError where M-Pesa would not take it."""
    named = f"{till_code.upper()}{_MARK}{_in_digits(number)}"
    reference = named + _check_of(named)
    if len(reference) > _MOST or not _REFERENCE.fullmatch(reference):
        raise ValueError(f"{reference} is no reference that M-Pesa takes")
    return reference


def till_of(reference: str) -> str | None:
    """Return the code of the till that made a reference; None where no till of ours did."""
    found = _REFERENCE.fullmatch(reference.strip().upper())
    return found[2] if found and found[3] == _check_of(found[1]) else None


def is_another_sales(reference: str, own: str) -> bool:
    """Tell whether a reference is one of ours and not a sale's own: it was paid for another."""
    return till_of(reference) is not None and reference.strip().upper() != own.upper()


def _check_of(named: str) -> str:
    total = 0
    for sign in named:
        total = (total * 37 + ord(sign)) % _CHECKED
    return _in_digits(total).rjust(2, _DIGITS[0])


def _in_digits(number: int) -> str:
    tail = ""
    while number:
        number, digit = divmod(number, len(_DIGITS))
        tail = _DIGITS[digit] + tail
    return tail
