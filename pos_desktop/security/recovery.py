"""The recovery key: shown once, it alone re-creates the shop's other keys, those of backups too."""

from __future__ import annotations

import base64
import hashlib
import os
from collections.abc import Callable

from pos_desktop.domain.errors import Refused
from pos_desktop.domain.text import _

_SECRET_BYTES = 20
_CHECK_BYTES = 5
_GROUP = 5

JOURNAL_KEY = "journal"
BACKUP_KEY = "backup"
PAYLOAD_KEY = "payload"
DERIVED = (JOURNAL_KEY, BACKUP_KEY, PAYLOAD_KEY)
"""The keys that are derived from the recovery key and kept with the shop's secrets."""


class WrongKey(Refused):
    """This recovery key is not that of this shop; type the one that was printed for it."""


def make_recovery_key(random_bytes: Callable[[int], bytes] = os.urandom) -> str:
    """Return a new recovery key: 160 random bits and a check, as eight groups of five letters."""
    secret = random_bytes(_SECRET_BYTES)
    text = base64.b32encode(secret + _check(secret)).decode()
    return "-".join(text[i : i + _GROUP] for i in range(0, len(text), _GROUP))


def derive_keys(recovery_key: str, shop_id: str) -> dict[str, bytes]:
    """Return the shop's keys by name; raise Refused where the recovery key has a typing error."""
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    secret = _secret(recovery_key)
    return {
        name: HKDF(SHA256(), 32, salt=bytes.fromhex(shop_id), info=name.encode()).derive(secret)
        for name in DERIVED
    }


def check_spelling(recovery_key: str) -> str:
    """Return a recovery key that has no typing error; raise Refused for one that has."""
    _secret(recovery_key)
    return recovery_key


def _secret(recovery_key: str) -> bytes:
    text = "".join(recovery_key.split()).replace("-", "").upper()
    try:
        content = base64.b32decode(text)
    except ValueError:
        content = b""
    secret, check = content[:_SECRET_BYTES], content[_SECRET_BYTES:]
    if len(secret) != _SECRET_BYTES or check != _check(secret):
        raise Refused(_("This recovery key has a typing error; compare it with the printed one."))
    return secret


def _check(secret: bytes) -> bytes:
    return hashlib.sha256(b"recovery:" + secret).digest()[:_CHECK_BYTES]
