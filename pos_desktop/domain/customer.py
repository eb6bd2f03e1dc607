"""What is said of a customer, and how much of it is shown."""

from __future__ import annotations

import re

from pos_desktop.domain.errors import Refused
from pos_desktop.domain.text import _

_EMAIL = re.compile(r"[^@\s,;<>\"\\]{1,64}@[^@\s,;<>\"\\]{1,190}\.[^@\s.,;<>\"\\]{2,63}")


def masked_phone(phone: str | None) -> str:
    """Return a number as papers and screens show it: `0712 *** 678`; nothing where there is none.

    Takes the one form of numbers, 254 and nine digits.
    """
    if not phone:
        return ""
    local = "0" + phone.removeprefix("254")
    return f"{local[:4]} *** {local[-3:]}"


def check_email(text: str) -> str:
    """Return an e-mail address; raise Refused where it is none that a mail can go to."""
    address = text.strip()
    if not _EMAIL.fullmatch(address) or not address.isprintable() or not address.isascii():
        raise Refused(_("Type an e-mail address such as amina@example.com."))
    return address
