"""Activations signed with a key of the tests, as the supplier's server signs them."""

from __future__ import annotations

import base64
import json
from datetime import datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from pos_desktop.security.activation_seal import CONTEXT

_KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC_KEY = _KEY.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()
RECEIPT = "SKA1B2C3D4"


def _text(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def signed(payload: bytes) -> str:
    """Return an activation that says this, signed with PUBLIC_KEY's other half."""
    return f"{_text(payload)}.{_text(_KEY.sign(CONTEXT + payload))}"


def payload(
    shop_id: str, begins: datetime, days: float = 30, *, serial: int = 1, **other: Any
) -> dict[str, Any]:
    """Return what the activation of a shop says."""
    return {
        "form": 1,
        "serial": serial,
        "shop": shop_id,
        "till": "7" * 32,
        "plan": {"name": "monthly", "price_cents": 150_000, "months": 1},
        "valid_from": begins.isoformat(),
        "valid_until": (begins + timedelta(days=days)).isoformat(),
        "receipt": RECEIPT,
        **other,
    }


def activation(shop_id: str, begins: datetime, days: float = 30, **other: Any) -> str:
    """Return a signed activation of a shop."""
    return signed(json.dumps(payload(shop_id, begins, days, **other)).encode())
