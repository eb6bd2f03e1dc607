"""E-mail addresses, in the one form that a mail can go to."""

from __future__ import annotations

import re

from pos_desktop.domain.errors import Refused
from pos_desktop.domain.text import _

_EMAIL = re.compile(r"[^@\s,;<>\"\\]{1,64}@[^@\s,;<>\"\\]{1,190}\.[^@\s.,;<>\"\\]{2,63}")


def check_email(text: str) -> str:
    """Return an e-mail address; raise Refused where it is none that a mail can go to."""
    address = text.strip()
    if not _EMAIL.fullmatch(address) or not address.isprintable() or not address.isascii():
        raise Refused(_("Type an e-mail address such as amina@example.com."))
    return address
