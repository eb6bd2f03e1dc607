"""Who has paid, as far as Daraja says: a number, a masked one, a digest of one, or nothing."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

PHONE = re.compile(r"254[17][0-9]{8}")
"""A Kenyan mobile number in the one form that Daraja takes."""

_DIGEST = re.compile(r"[0-9a-f]{64}")
_MASKED = re.compile(r"([0-9]{3,10})\*+([0-9]{2,6})")


def check_phone(phone: str) -> str:
    """Return the number; ValueError where it has not the one form."""
    if not PHONE.fullmatch(phone):
        raise ValueError("a phone is 254, 7 or 1, and eight digits")
    return phone


def digest_of(phone: str) -> str:
    """Return the SHA-256 of a number in hex, by which confirmations name their payer."""
    return hashlib.sha256(phone.encode("ascii")).hexdigest()


def masked(phone: str) -> str:
    """Return a number for logs: its first four and last three digits."""
    return f"{phone[:4]}*****{phone[-3:]}"


@dataclass(frozen=True, slots=True)
class Payer:
    """What is known of a payer's number; one of the fields at most is filled."""

    phone: str | None = None
    """254 and nine digits."""
    digest: str | None = None
    """The SHA-256 of that, in hex."""
    mask: str | None = None
    """That with its middle digits left out, as `2547*126`."""

    def is_surely(self, phone: str) -> bool:
        """Tell whether this is a number for certain; a masked one never is."""
        if self.phone is not None:
            return self.phone == phone
        return self.digest is not None and self.digest == digest_of(phone)

    def may_be(self, phone: str) -> bool:
        """Tell whether nothing that is known speaks against a number."""
        if self.mask is not None:
            head, _, tail = self.mask.partition("*")
            return phone.startswith(head) and phone.endswith(tail)
        return (self.phone is None and self.digest is None) or self.is_surely(phone)


UNKNOWN_PAYER = Payer()


def read_payer(value: object) -> Payer:
    """Return what a MSISDN says: plain, masked with blanks or without, a digest, or nothing."""
    if isinstance(value, bool) or not isinstance(value, int | str):
        return UNKNOWN_PAYER
    text = re.sub(r"[ +]", "", str(value)).lower()
    if PHONE.fullmatch(text):
        return Payer(phone=text)
    if _DIGEST.fullmatch(text):
        return Payer(digest=text)
    found = _MASKED.fullmatch(text)
    return Payer(mask=f"{found[1]}*{found[2]}") if found else UNKNOWN_PAYER
