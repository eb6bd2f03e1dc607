"""Where a shop's secrets lie: a file in its directory, or the keyring of the one login.

A shop that several logins and a headless worker share keeps them in the file `secrets`, its group's
as the other files; a shop of one login may keep them in that person's keyring. Never in the
database.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from filelock import FileLock

from pos_desktop.disk import write_whole
from pos_desktop.domain.errors import Unavailable
from pos_desktop.domain.text import _
from pos_desktop.shop_folder import DATABASE_FILE, KEYRING_MARK, SECRETS_FILE, is_shared

_SERVICE = "pos-desktop"
_HEX = re.compile("(?:[0-9a-f]{2}){4,}")
"""A secret as its file has it."""
_LOCK_SECONDS = 5.0
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


class SecretsUnread(Unavailable):
    """The shop's keys cannot be read now; leave them as they are."""


class SecretsForbidden(SecretsUnread):
    """This login may not use the shop's keys; sign in to the computer with one that may."""


class SecretsLocked(SecretsUnread):
    """The keyring does not give the shop's keys: unlock it, then open the shop again."""


class SecretsMissing(SecretsUnread):
    """The shop's keys are gone or damaged; the recovery key makes them anew at the till's start."""


class Secrets(Protocol):
    """Named secrets of one shop."""

    def get(self, name: str) -> bytes:
        """Return a secret; raise SecretsMissing where it is not there, SecretsUnread otherwise."""
        ...

    def put(self, secrets: dict[str, bytes]) -> None:
        """Add or replace secrets; raise Unavailable where they cannot be kept."""
        ...


class FileSecrets:
    """Secrets in a file that only the shop's own people can read."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def get(self, name: str) -> bytes:
        """Return a secret; raise SecretsMissing where it is not there, SecretsUnread otherwise."""
        with self._told():
            return bytes.fromhex(self._read()[name])

    def check_whole(self) -> None:
        """Raise SecretsMissing where the file is damaged or gone, SecretsUnread otherwise."""
        with self._told():
            self._read()

    def every(self) -> list[bytes]:
        """Return what can be read of all secrets, also in a damaged file: not to be used as keys.

        Raises OSError.
        """
        text = self._path.read_text(encoding="utf-8", errors="replace")
        return [bytes.fromhex(one) for one in _HEX.findall(text)]

    def put(self, secrets: dict[str, bytes]) -> None:
        """Add or replace secrets, on disk when this returns; a kill leaves all or none of them.

        Raises SecretsMissing where the file is damaged, SecretsForbidden where this login may not
        change it, and Unavailable.
        """
        with self._alone():
            is_new = not self._path.exists() or not self._path.stat().st_size
            with self._told():
                known = {} if is_new else self._read()
            known |= {name: secret.hex() for name, secret in secrets.items()}
            known[_SUM] = _sum_of(known)
            write_whole(self._path, json.dumps(known).encode())

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Tell keys that may not be read from those that cannot."""
        try:
            yield
        except PermissionError as error:
            raise SecretsForbidden(_not_ours(self._path)) from error
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise SecretsMissing(_damaged(self._path)) from error

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Let no other program add secrets meanwhile, which would be lost by ours."""
        lock = FileLock(f"{self._path}.lock", mode=0o660, timeout=_LOCK_SECONDS)
        try:
            with lock:
                yield
        except PermissionError as error:
            raise SecretsForbidden(_not_ours_to_change(self._path)) from error
        except OSError as error:  # that a lock was not had in time is one too
            raise Unavailable(_not_kept(self._path, error)) from error

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


def _not_ours_to_change(path: Path) -> str:
    if sys.platform != "win32" and is_shared(path.parent):
        return _(
            "This login may read the shop's keys in {file}, but not add to them: as {owner}, who "
            "owns the file, or as root: chmod 660 {file}; then try again."
        ).format(file=path.absolute(), owner=_owner(path))
    return _(
        "This login may not change the shop's keys in {file}, which belong to {owner}: sign in to "
        "the computer as {owner}, or ask your technician for the right to that file."
    ).format(file=path.absolute(), owner=_owner(path))


def _not_kept(path: Path, error: OSError) -> str:
    return _("The keys could not be kept in {file} ({why}). Mend that, then try again.").format(
        file=path.absolute(), why=error.strerror or type(error).__name__
    )


def _owner(path: Path) -> str:
    try:
        return path.owner()
    except (OSError, KeyError, NotImplementedError):
        return _("another login")


def secrets_of(directory: Path, shop_id: str) -> Secrets:
    """Return the secrets of a shop: in its directory, else in the keyring of this login."""
    path = directory / SECRETS_FILE
    return FileSecrets(path) if path.exists() else KeyringSecrets(shop_id, directory)


class KeyringSecrets:
    """Secrets in the keyring of the person who runs the till."""

    def __init__(self, shop_id: str, directory: Path) -> None:
        """Take the shop and its directory, where `KEYRING_MARK` says that its keys are here."""
        self._shop_id = shop_id
        self._directory = directory

    def get(self, name: str) -> bytes:
        """Return a secret; raise SecretsMissing where the keyring has none.

        Raises SecretsLocked where it does not say, SecretsForbidden where the shop is that of
        another login, whose keyring nobody else reads.
        """
        import keyring
        from keyring.errors import KeyringError, NoKeyringError

        try:
            found = keyring.get_password(_SERVICE, f"{self._shop_id}/{name}")
        except NoKeyringError as error:
            if (self._directory / KEYRING_MARK).exists():
                raise SecretsLocked(_locked()) from error
            found = None
        except KeyringError as error:
            raise SecretsLocked(_locked()) from error
        if found is None:
            self._check_whose()
            raise SecretsMissing(_not_in_keyring())
        return bytes.fromhex(found)

    def put(self, secrets: dict[str, bytes]) -> None:
        """Add or replace secrets; raise SecretsLocked where the keyring refuses."""
        import keyring
        from keyring.errors import KeyringError

        try:
            for name, secret in secrets.items():
                keyring.set_password(_SERVICE, f"{self._shop_id}/{name}", secret.hex())
        except KeyringError as error:
            raise SecretsLocked(_locked()) from error

    def _check_whose(self) -> None:
        """Raise SecretsForbidden where the shop's login is another one, with a keyring of its own.

        In a shared shop the keys were in a file.
        """
        file = self._directory / DATABASE_FILE
        if sys.platform == "win32" or not file.exists() or is_shared(self._directory):
            return
        if file.stat().st_uid != os.geteuid():
            raise SecretsForbidden(_in_another_keyring(file))


def _locked() -> str:
    return _(
        "The keyring of this login, in which the shop's keys are, is locked or does not answer: "
        "sign in to the desktop with its password or unlock it, then open the shop again."
    )


def _in_another_keyring(file: Path) -> str:
    return _(
        "The shop's keys are not in its folder, and may be in the keyring of {owner}, who has made "
        "the shop: sign in to the computer as {owner}, and open it there."
    ).format(owner=_owner(file))


def _not_in_keyring() -> str:
    return _(
        "The shop's keys are neither in its file “secrets” nor in the keyring of this login: put "
        "that file back, or open the till with the login that made the shop. Else start the till, "
        "or use posctl keys: the recovery key on paper makes them anew."
    )
