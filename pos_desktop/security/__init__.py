"""Keys, keyring, PIN hashes: the only room that knows argon2, keyring and cryptography."""

from __future__ import annotations
