"""Secrets of a relay's addresses, and the words that no such address may hold.

Daraja refuses an address that holds one of its words, even inside of another. So what is made here
uses no letter without which none of them can be spelt, and nothing that is easily misread.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable

RandomBytes = Callable[[int], bytes]

ALPHABET = "23456789bdfghjkmnprstvwxz"
"""Digits, and consonants without c, l and q: no vowel, and no word of `FORBIDDEN`."""
FORBIDDEN = ("mpesa", "safaricom", "exe", "exec", "cmd", "sql", "query")

TOKEN = re.compile(r"[0-9A-Za-z_-]{1,64}")
"""What names a push or a request in an address; the till makes it."""

_SECRET_LENGTH = 40


def new_secret(random_bytes: RandomBytes) -> str:
    """Return a secret that nobody can guess, fit for an address."""
    return _drawn(_SECRET_LENGTH, random_bytes)


def digest_of(secret: str) -> str:
    """Return what is kept of a secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def forbidden_in(address: str) -> list[str]:
    """Return the words of an address for which Daraja refuses it."""
    return [word for word in FORBIDDEN if word in address.lower()]


def _drawn(length: int, random_bytes: RandomBytes) -> str:
    base = len(ALPHABET)
    # eight bytes more than are needed: no letter is then likelier than another
    number = int.from_bytes(random_bytes(length + 8), "big")
    return "".join(ALPHABET[number // base**place % base] for place in range(length))
