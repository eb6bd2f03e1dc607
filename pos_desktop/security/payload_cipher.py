"""How the payloads of sensitive jobs are hidden in the shop's file: AES-256 in GCM."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE_BYTES = 12
_TAG_BYTES = 16


class PayloadCipher:
    """Encrypts and authenticates under one key; from any thread.

    Each text has a fresh nonce of 96 random bits before it: a shop would have to keep some billions
    of secrets under one key before two of them could be expected to share one. The library is
    loaded with the first secret, so that a till that has none starts without it.
    """

    def __init__(self, key: bytes, random_bytes: Callable[[int], bytes] = os.urandom) -> None:
        """Take a key of 32 bytes."""
        self._key = key
        self._random_bytes = random_bytes

    @cached_property
    def _engine(self) -> AESGCM:
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        return AESGCM(self._key)

    def encrypt(self, plain: bytes, bound: bytes) -> bytes:
        """Return the text, unreadable; it is only read beside the same `bound`."""
        nonce = self._random_bytes(NONCE_BYTES)
        return nonce + self._engine.encrypt(nonce, plain, bound)

    def decrypt(self, text: bytes, bound: bytes) -> bytes:
        """Return the plain text; raise ValueError where text, key or `bound` is another."""
        from cryptography.exceptions import InvalidTag

        if len(text) < NONCE_BYTES + _TAG_BYTES:
            raise ValueError("this is too short to be an encrypted payload")
        try:
            return self._engine.decrypt(text[:NONCE_BYTES], text[NONCE_BYTES:], bound)
        except InvalidTag as error:
            raise ValueError("this was changed, or encrypted with another key") from error
