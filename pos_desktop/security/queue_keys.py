"""The keys of the queue, made from those that every shop has: nothing new is kept for them.

The seal key and the cipher's key are derived from the payload key, which the recovery key makes
anew on another machine, and the jobs of a backup with it. They are derived again at each opening:
two programs that open an old shop at once agree, and a login that may only read the secrets can
open it too.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import NamedTuple

from pos_desktop.security.payload_cipher import PayloadCipher
from pos_desktop.security.recovery import JOURNAL_KEY, PAYLOAD_KEY
from pos_desktop.security.secrets import Secrets, SecretsMissing

_SEAL = b"queue seal"
_CIPHER = b"queue cipher"
_STAND_IN = b"stand-in payload key"


class QueueKeys(NamedTuple):
    """What the queue's codec needs."""

    seal: bytes
    cipher: PayloadCipher


def queue_keys(secrets: Secrets) -> QueueKeys:
    """Return the queue's keys of a shop; raise SecretsMissing where it has no keys at all."""
    key = payload_key(secrets)
    return QueueKeys(derived(key, _SEAL), PayloadCipher(derived(key, _CIPHER)))


def payload_key(secrets: Secrets) -> bytes:
    """Return the key from which others are derived; raise SecretsMissing where there is none.

    Where it alone is not there, one derived from the journal's stands in for it.
    """
    try:
        return secrets.get(PAYLOAD_KEY)
    except SecretsMissing:
        return derived(secrets.get(JOURNAL_KEY), _STAND_IN)


def derived(key: bytes, purpose: bytes) -> bytes:
    """Return HKDF's expansion (RFC 5869, SHA-256) to 32 bytes of a key that is random already."""
    return hmac.digest(key, purpose + b"\x01", hashlib.sha256)
