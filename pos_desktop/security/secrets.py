"""Where a shop's secrets lie: a file in its directory, or the keyring of the one login.

A shop that several logins and a headless worker share keeps them in the file `secrets`, readable
by its group; a shop of one login may keep them in that person's keyring. Never in the database.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Protocol

from pos_desktop.domain.errors import Unavailable

_SERVICE = "pos-desktop"


class SecretsMissing(Unavailable):
    """The shop's secrets cannot be read; bring them back with the recovery key."""


class Secrets(Protocol):
    """Named secrets of one shop."""

    def get(self, name: str) -> bytes:
        """Return a secret; raise SecretsMissing where it is not there."""
        ...

    def put(self, secrets: dict[str, bytes]) -> None:
        """Add or replace secrets."""
        ...


class FileSecrets:
    """Secrets in a file that only the shop's own people can read."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def get(self, name: str) -> bytes:
        """Return a secret; raise SecretsMissing where it is not there."""
        try:
            return bytes.fromhex(self._read()[name])
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise SecretsMissing from error

    def put(self, secrets: dict[str, bytes]) -> None:
        """Add or replace secrets, on disk when this returns."""
        is_new = not self._path.exists() or not self._path.stat().st_size
        known = {} if is_new else self._read()
        known |= {name: secret.hex() for name, secret in secrets.items()}
        handle = os.open(self._path, os.O_WRONLY | os.O_CREAT, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(known, file)
            file.truncate()
            file.flush()
            os.fsync(file.fileno())

    def _read(self) -> dict[str, str]:
        content = json.loads(self._path.read_text(encoding="utf-8"))
        if not isinstance(content, dict):
            raise ValueError("not a file of secrets")
        return content


class KeyringSecrets:
    """Secrets in the keyring of the person who runs the till."""

    def __init__(self, shop_id: str) -> None:
        self._shop_id = shop_id

    def get(self, name: str) -> bytes:
        """Return a secret; raise SecretsMissing where the keyring has none or is locked."""
        import keyring
        from keyring.errors import KeyringError

        try:
            found = keyring.get_password(_SERVICE, f"{self._shop_id}/{name}")
        except KeyringError as error:
            raise SecretsMissing from error
        if found is None:
            raise SecretsMissing
        return bytes.fromhex(found)

    def put(self, secrets: dict[str, bytes]) -> None:
        """Add or replace secrets; raise SecretsMissing where the keyring refuses."""
        import keyring
        from keyring.errors import KeyringError

        try:
            for name, secret in secrets.items():
                keyring.set_password(_SERVICE, f"{self._shop_id}/{name}", secret.hex())
        except KeyringError as error:
            raise SecretsMissing from error
