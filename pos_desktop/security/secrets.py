"""Where a shop's secrets lie: a file in its directory, or the keyring of the one login.

A shop that several logins and a headless worker share keeps them in the file `secrets`, readable
by its group; a shop of one login may keep them in that person's keyring. Never in the database.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from pathlib import Path
from typing import Protocol

from pos_desktop.domain.errors import Unavailable
from pos_desktop.domain.text import _
from pos_desktop.shop_folder import SECRETS_FILE

_SERVICE = "pos-desktop"
_HEX = re.compile("(?:[0-9a-f]{2}){4,}")
"""A secret as its file has it."""
_SUM = "sum"
"""What stands beside the secrets in their file: a digest of them all."""
CARRIED = (
    "smtp password",
    "mpesa consumer key",
    "mpesa consumer secret",
    "mpesa passkey",
    "mpesa initiator",
    "mpesa credential",
    "mpesa relay path",
    "mpesa relay key",
)
"""Secrets that no recovery key brings back: a backup carries them where they are there."""


class SecretsMissing(Unavailable):
    """The shop's keys cannot be read; the recovery key makes them anew when the till is started."""


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
        except PermissionError as error:
            raise SecretsMissing(_not_ours(self._path)) from error
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise SecretsMissing(_damaged(self._path)) from error

    def every(self) -> list[bytes]:
        """Return what can be read of all secrets, also in a damaged file: not to be used as keys.

        Raises OSError.
        """
        text = self._path.read_text(encoding="utf-8", errors="replace")
        return [bytes.fromhex(one) for one in _HEX.findall(text)]

    def put(self, secrets: dict[str, bytes]) -> None:
        """Add or replace secrets, on disk when this returns."""
        is_new = not self._path.exists() or not self._path.stat().st_size
        known = {} if is_new else self._read()
        known |= {name: secret.hex() for name, secret in secrets.items()}
        known[_SUM] = _sum_of(known)
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
        if content.get(_SUM, _sum_of(content)) != _sum_of(content):
            raise ValueError("a secret is not as it was kept")
        return content


def _sum_of(secrets: dict[str, str]) -> str:
    """Return what tells a key with a spoilt byte, which would seal what no other opens."""
    text = json.dumps({name: secrets[name] for name in sorted(secrets) if name != _SUM})
    return hashlib.sha256(text.encode()).hexdigest()


def _damaged(path: Path) -> str:
    return _(
        "The shop's keys in {file} cannot be read: put a copy of that file back if there is one. "
        "Else start the till, or use posctl keys: the recovery key on paper makes them anew."
    ).format(file=path.absolute())


def _not_ours(path: Path) -> str:
    return _(
        "This login may not read the shop's keys in {file}, which belong to {owner}: sign in to "
        "the computer as {owner}, or ask your technician for the right to that file."
    ).format(file=path.absolute(), owner=_owner(path))


def _owner(path: Path) -> str:
    try:
        return path.owner()
    except (OSError, KeyError, NotImplementedError):
        return _("another login")


def secrets_of(directory: Path, shop_id: str) -> Secrets:
    """Return the secrets of a shop: in its directory, else in the keyring of this login."""
    path = directory / SECRETS_FILE
    return FileSecrets(path) if path.exists() else KeyringSecrets(shop_id)


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
            raise SecretsMissing(_not_in_keyring()) from error
        if found is None:
            raise SecretsMissing(_not_in_keyring())
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


def _not_in_keyring() -> str:
    return _(
        "The shop's keys are neither in its file “secrets” nor in the keyring of this login: put "
        "that file back, or open the till with the login that made the shop. Else start the till, "
        "or use posctl keys: the recovery key on paper makes them anew."
    )
