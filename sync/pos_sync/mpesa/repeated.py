r"""What a server repeats of our own question is taken out of its words, however it is written.

Its words stand in logs and with jobs. A secret may come back as it was told, with the escapes of
an address (`%2F`, `%2f`) or of JSON (`\/`, `\u002F`), of which some servers use more than they
have to, and with or without the `=` at its end.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from pos_sync.mpesa.payer import masked

_HIDDEN = b"***"
_AFTER_COUNTRY = len("254")


def without_secrets(body: bytes, secrets: Iterable[str]) -> bytes:
    """Return a body in which none of these stands; the longest go first."""
    for secret in sorted(filter(None, secrets), key=len, reverse=True):
        body = _pattern(secret).sub(_HIDDEN, body)
    return body


def without_phone(body: bytes, phone: str) -> bytes:
    """Return a body in which a phone is masked, whatever stands before its nine digits."""
    return body.replace(phone[_AFTER_COUNTRY:].encode(), masked(phone)[_AFTER_COUNTRY:].encode())


def _pattern(secret: str) -> re.Pattern[bytes]:
    bare = secret.rstrip("=")
    end = f"(?:{_written('=')})*" if bare != secret and bare else ""
    return re.compile(("".join(map(_written, bare or secret)) + end).encode())


def _written(sign: str) -> str:
    """Return a pattern of all the ways in which a sign may be written."""
    if sign.isalnum():
        return re.escape(sign)
    number = f"{ord(sign):02x}"
    return rf"(?:\\?{re.escape(sign)}|(?i:%{number}|\\u00{number}))"
