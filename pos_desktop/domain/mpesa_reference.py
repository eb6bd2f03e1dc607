"""Our own reference of a payment by M-Pesa: short enough for a prompt, and of one till alone.

The till's code, a U, and a number in Crockford's base 32, which has no U: `T1U7Q2`. So a payment
that names a reference tells which till asked for it, also among codes that begin alike. What a
customer types of their own may look like one: RUTH, NJUGUNA, SUGAR.
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
    """Return the code of the till that made a reference; None where no till of ours did.

    Only a code with a digit is taken for that of a till: a payment is never put out of sight for
    the name of who has paid.
    """
    code = _code_in(reference)
    return code if code and any(sign.isdigit() for sign in code) else None


def is_of_till(reference: str, till_code: str) -> bool:
    """Tell whether this very till may have made a reference."""
    return _code_in(reference) == till_code.upper()


def is_of_another(reference: str, till_code: str) -> bool:
    """Tell whether another till than this has made a reference."""
    return till_of(reference) not in (None, till_code.upper())


def _code_in(reference: str) -> str | None:
    found = _REFERENCE.fullmatch(reference.strip().upper())
    return found[1] if found else None
