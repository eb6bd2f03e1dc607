"""Whether an activation comes from the supplier of the program: signed with Ed25519.

An activation is one line of text, so that it fits into a message, a file or a QR code:

    base64url(payload) . base64url(signature of CONTEXT + payload)

Only the supplier has the key that signs; the program knows the other half of it.
"""

from __future__ import annotations

import base64
import re

from pos_desktop.domain.activation_json import BadActivation

SUPPLIER_KEY = "4705d0ba04f0be0f2fa387c07d4e51d06f995f69a893da837718e8bce05dd99a"
"""The public half of the supplier's key, in hexadecimal digits: see docs/activation.md."""
CONTEXT = b"pos-desktop activation\n"
"""Stands before what is signed, so that a signature made for anything else is none for this."""
LONGEST_TEXT = 8_000
_TEXT = re.compile(r"([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]{86})")


class ForgedActivation(BadActivation):
    """The supplier of the program has not made this activation, or it was changed; ask again."""


def payload_of(text: str, public_key: str = "") -> bytes:
    """Return what an activation says, once it is certain that the supplier has said it.

    `public_key` is in place of SUPPLIER_KEY. Raises ForgedActivation, BadActivation.
    """
    match = _TEXT.fullmatch("".join(text.split())) if len(text) <= LONGEST_TEXT else None
    if match is None:
        raise BadActivation
    payload, signature = _decoded(match[1]), _decoded(match[2])
    _check(bytes.fromhex(public_key or SUPPLIER_KEY), payload, signature)
    return payload


def _decoded(text: str) -> bytes:
    try:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except ValueError as error:
        raise BadActivation from error


def _check(public_key: bytes, payload: bytes, signature: bytes) -> None:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, CONTEXT + payload)
    except (InvalidSignature, ValueError) as error:
        raise ForgedActivation from error
