"""PINs are kept as argon2id hashes (RFC 9106), never as themselves."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from argon2 import PasswordHasher

_MEMORY_KIB = 32 * 1024
_PASSES = 3
_LANES = 1


@cache
def _hasher() -> PasswordHasher:
    from argon2 import PasswordHasher

    return PasswordHasher(time_cost=_PASSES, memory_cost=_MEMORY_KIB, parallelism=_LANES)


def hash_pin(pin: str) -> str:
    """Return the argon2id hash of a PIN, with its salt and parameters in it."""
    return _hasher().hash(pin)


def pin_matches(pin_hash: str, pin: str) -> bool:
    """Tell whether a PIN is the one that was hashed; a damaged hash matches nothing."""
    from argon2.exceptions import InvalidHashError, VerificationError

    try:
        return _hasher().verify(pin_hash, pin)
    except (VerificationError, InvalidHashError):
        return False


def spend_time_as_if_checking(pin: str) -> None:
    """Cost as much as a real check, so that an unknown login cannot be told by its speed."""
    _hasher().hash(pin)
