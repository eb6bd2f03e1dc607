"""How addresses are hidden that were typed for one mail, and told apart that want no more."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass

from pos_desktop.security.payload_cipher import PayloadCipher
from pos_desktop.security.queue_keys import derived, payload_key
from pos_desktop.security.secrets import Secrets

_CIPHER = b"mail address"
_SEAL = b"mail refusal"
_BOUND = b"mail_recipient.address"


@dataclass(frozen=True, slots=True)
class MailKeys:
    """Hides addresses, and seals those that are kept for nothing but to be known again."""

    cipher: PayloadCipher
    seal_key: bytes

    def hide(self, address: str) -> bytes:
        """Return an address as it is kept in the shop's file."""
        return self.cipher.encrypt(address.encode(), _BOUND)

    def show(self, hidden: bytes) -> str:
        """Return a hidden address; raise ValueError where it was changed or hidden elsewhere."""
        return self.cipher.decrypt(hidden, _BOUND).decode()

    def seal(self, address: str) -> str:
        """Return by what an address is known again, whatever its letters' case."""
        return hmac.digest(self.seal_key, address.lower().encode(), hashlib.sha256).hex()


def mail_keys(secrets: Secrets) -> MailKeys:
    """Return the keys of a shop's mail; raise SecretsMissing where it has no keys at all."""
    key = payload_key(secrets)
    return MailKeys(PayloadCipher(derived(key, _CIPHER)), derived(key, _SEAL))
