"""A search, byte by byte, for what must not lie about: secrets and phones in every form."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import quote

_ALIGNMENTS = 3


def _base64(secret: str) -> Iterator[str]:
    """Yield what of a secret is the same wherever it lies in what was encoded."""
    for before in range(_ALIGNMENTS):
        whole = bytes(before) + secret.encode()
        first, end = -(-8 * before // 6), 8 * len(whole) // 6
        for signs in (None, b"-_"):
            yield base64.b64encode(whole, signs).decode()[first:end]


def _url_quoted(secret: str) -> Iterator[str]:
    for safe in ("", "/"):
        whole = quote(secret, safe=safe)
        yield whole
        yield whole.replace("%2F", "%2f").replace("%2B", "%2b").replace("%3D", "%3d")


def _in_json(secret: str) -> Iterator[str]:
    text = json.dumps(secret)[1:-1]
    yield text
    yield text.replace("/", "\\/")
    for escaped in ("=", "+=", "+/="):
        yield "".join(f"\\u{ord(one):04x}" if one in escaped else one for one in text)


def _hex(secret: str) -> Iterator[str]:
    yield secret.encode().hex()
    yield secret.encode().hex().upper()


FORMS: dict[str, Callable[[str], Iterable[str]]] = {
    "plain": lambda secret: (secret,),
    "unpadded": lambda secret: (secret.rstrip("="),),
    "hex": _hex,
    "base64": _base64,
    "url": _url_quoted,
    "json": _in_json,
}


def hidden(secret: str) -> frozenset[bytes]:
    """Return every form in which a secret may lie somewhere."""
    return frozenset(one.encode() for form in FORMS.values() for one in form(secret))


def phone_hidden(phone: str) -> frozenset[bytes]:
    """Return every form of a phone, given as 254 and nine digits: 07..., 2547..., +2547..."""
    local = phone.removeprefix("254")
    ways = (local, f"0{local}", phone, f"+{phone}")
    return frozenset(one for way in ways for one in hidden(way))


@dataclass
class Hidden:
    """What must not be found: secrets as they are, and phones as 254 and nine digits."""

    secrets: frozenset[str]
    phones: frozenset[str]

    @cached_property
    def _of_secrets(self) -> dict[str, frozenset[bytes]]:
        return {one: hidden(one) for one in self.secrets}

    @cached_property
    def _of_phones(self) -> dict[str, frozenset[bytes]]:
        return {one: phone_hidden(one) for one in self.phones}

    def in_bytes(self, data: bytes) -> set[str]:
        """Return the secrets and phones that stand there in any form."""
        return self.secrets_in(data) | self.phones_in(data)

    def secrets_in(self, data: bytes) -> set[str]:
        """Return the secrets that do."""
        return _found(self._of_secrets, data)

    def phones_in(self, data: bytes) -> set[str]:
        """Return the phones that do."""
        return _found(self._of_phones, data)


def _found(forms: dict[str, frozenset[bytes]], data: bytes) -> set[str]:
    return {secret for secret, every in forms.items() if any(one in data for one in every)}
