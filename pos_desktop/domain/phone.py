"""Kenyan mobile numbers, in the one form that M-Pesa takes, and how much of one is shown."""

from __future__ import annotations

import re

from pos_desktop.domain.errors import Refused
from pos_desktop.domain.text import _

_MOBILE = re.compile(r"(?:\+?254|0)?([17][0-9]{8})")


def parse_phone(text: str) -> str:
    """Return a mobile number as 254 and nine digits, such as `254712345678`.

    Takes it as people write it, with 0, 254, +254 or none of them, with spaces and dashes.
    Raises Refused otherwise.
    """
    match = _MOBILE.fullmatch(re.sub(r"[ -]", "", text))
    if not match:
        raise Refused(_("Type a mobile number such as 0712345678."))
    return f"254{match[1]}"


def masked_phone(phone: str | None) -> str:
    """Return a number as papers and screens show it: `0712 *** 678`; nothing where there is none.

    Takes the one form of numbers, 254 and nine digits.
    """
    if not phone:
        return ""
    local = typed_phone(phone)
    return f"{local[:4]} *** {local[-3:]}"


def typed_phone(phone: str) -> str:
    """Return a number, 254 and nine digits, as people of the country type it: `0712345678`."""
    return "0" + phone.removeprefix("254")
