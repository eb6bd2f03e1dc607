"""A shop's keys are made anew from its recovery key, where they are gone or damaged."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import closing, suppress
from pathlib import Path

from pos_desktop.disk import sync_folder
from pos_desktop.domain.clock import Clock, SystemClock
from pos_desktop.domain.errors import Refused
from pos_desktop.security.recovery import JOURNAL_KEY, WrongKey, derive_keys
from pos_desktop.security.secrets import (
    CARRIED,
    FileSecrets,
    Secrets,
    SecretsMissing,
    secrets_of,
)
from pos_desktop.shop_door import through_the_door
from pos_desktop.shop_folder import (
    DATABASE_FILE,
    KEYRING_MARK,
    SECRETS_FILE,
    file_mode,
    make_file,
)
from pos_desktop.shop_locks import made_alone
from pos_desktop.shops.alone import told_of_aside
from pos_desktop.shops.put_aside import folder_aside
from pos_desktop.storage import journal
from pos_desktop.storage.database import ShopDatabase
from pos_desktop.storage.file_look import check_shop_file
from pos_desktop.storage.migrations import is_of_this_version
from pos_desktop.storage.node import current


class KeysAreThere(Refused):
    """The shop's keys are all there: nothing was changed."""


def bring_keys_back(directory: Path, recovery_key: str, clock: Clock | None = None) -> Path | None:
    """Make the shop's keys anew from its recovery key; return where a damaged file of keys lies.

    The key must fit the journal. Passwords that no recovery key brings back (mail, M-Pesa) stay
    where they can be read, and are typed anew otherwise. Raises Refused for a typing error,
    WrongKey, KeysAreThere, SecretsForbidden and SecretsLocked for keys that are not gone, and
    what is wrong with the file.
    """
    clock = clock or SystemClock()
    check_shop_file(directory)
    with closing(ShopDatabase(directory / DATABASE_FILE, clock)) as database:
        with through_the_door(directory):
            is_of_this_version(database)
        shop_id = current(database).shop_id
        keys = derive_keys(recovery_key, shop_id)
        if not journal.is_sealed_by(database, keys[JOURNAL_KEY]):
            raise WrongKey
    with told_of_aside(directory), made_alone(directory):
        secrets = secrets_of(directory, shop_id)
        if _read(secrets, keys) == keys:
            raise KeysAreThere
        if (directory / KEYRING_MARK).exists() and not (directory / SECRETS_FILE).exists():
            secrets.put(keys)
            return None
        return _put_keys(directory, _read(secrets, CARRIED) | keys, clock)


def _read(secrets: Secrets, names: Iterable[str]) -> dict[str, bytes]:
    """Return those of the secrets that are there."""
    found = {}
    for name in names:
        with suppress(SecretsMissing):
            found[name] = secrets.get(name)
    return found


def _put_keys(directory: Path, keys: dict[str, bytes], clock: Clock) -> Path | None:
    """Write a file of keys in the place of one that is put aside."""
    path, aside = directory / SECRETS_FILE, None
    part = directory / f".{SECRETS_FILE}.new"
    part.unlink(missing_ok=True)
    make_file(part, file_mode(directory))
    FileSecrets(part).put(keys)
    if path.exists():
        aside = folder_aside(directory, clock)
        path.replace(aside / SECRETS_FILE)
    part.replace(path)
    sync_folder(directory)
    return aside
