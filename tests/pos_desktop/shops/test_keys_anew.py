"""Keys that are gone or damaged come back from the recovery key, and others are left alone."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from keyring.errors import KeyringError, KeyringLocked, NoKeyringError

from pos_desktop.domain.errors import Refused
from pos_desktop.security.recovery import WrongKey, make_recovery_key
from pos_desktop.security.secrets import (
    FileSecrets,
    SecretsForbidden,
    SecretsLocked,
    SecretsMissing,
)
from pos_desktop.shop import open_shop
from pos_desktop.shop_folder import (
    DAMAGED_FOLDER,
    DATABASE_FILE,
    SECRETS_FILE,
)
from pos_desktop.shops.keys_anew import KeysAreThere, bring_keys_back
from pos_desktop.shops.new_shop import make_shop
from pos_desktop.shops.recovery import recovery_of
from tests.pos_desktop.conftest import NEW_SHOP, DictKeyring
from tests.released.released_shops import recovery_key


def test_a_key_with_a_spoilt_byte_seals_no_backup(closed: Path) -> None:
    path = closed / SECRETS_FILE
    FileSecrets(path).put({})
    kept = json.loads(path.read_text())
    kept["backup"] = "00" + kept["backup"][2:]
    path.write_text(json.dumps(kept))
    with pytest.raises(SecretsMissing):
        open_shop(closed)


@pytest.mark.parametrize("content", [None, b"", b"{}", b'{"journal": "zz"}'])
def test_keys_come_back_from_the_recovery_key(closed: Path, content: bytes | None) -> None:
    path = closed / SECRETS_FILE
    whole = json.loads(path.read_text())
    if content is None:
        path.unlink()
    else:
        path.write_bytes(content)
    with pytest.raises(SecretsMissing):
        open_shop(closed)
    with pytest.raises(Refused, match="typing error"):
        bring_keys_back(closed, "ABCDE")
    with pytest.raises(WrongKey):
        bring_keys_back(closed, make_recovery_key())
    aside = bring_keys_back(closed, recovery_key(closed))
    assert {**json.loads(path.read_text()), **whole} == json.loads(path.read_text())
    assert path.stat().st_mode & 0o777 == 0o600
    assert (aside and (aside / SECRETS_FILE).read_bytes()) == content
    open_shop(closed).close()


def test_keys_that_are_there_are_left_alone(closed: Path) -> None:
    FileSecrets(closed / SECRETS_FILE).put({"smtp password": b"very secret"})
    before = (closed / SECRETS_FILE).read_bytes()
    with pytest.raises(KeysAreThere):
        bring_keys_back(closed, recovery_key(closed))
    assert (closed / SECRETS_FILE).read_bytes() == before


def test_passwords_that_can_be_read_stay_where_keys_come_back(closed: Path) -> None:
    FileSecrets(closed / SECRETS_FILE).put({"smtp password": b"very secret", "backup": b"another"})
    bring_keys_back(closed, recovery_key(closed))
    kept = FileSecrets(closed / SECRETS_FILE)
    assert kept.get("smtp password") == b"very secret"
    assert kept.get("backup") != b"another"


def test_keys_that_may_not_be_read_are_not_missing(
    closed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = (closed / SECRETS_FILE).read_bytes()
    read = Path.read_text

    def barred(self: Path, encoding: str | None = None) -> str:
        if self.name == SECRETS_FILE:
            raise PermissionError(13, "Permission denied", str(self))
        return read(self, encoding)

    monkeypatch.setattr(Path, "read_text", barred)
    with pytest.raises(SecretsForbidden) as raised:
        open_shop(closed)
    trouble = recovery_of(closed, raised.value)
    assert trouble.ways == ()
    assert "sign in to the computer as" in trouble.wrong
    with pytest.raises(SecretsForbidden):
        bring_keys_back(closed, recovery_key(closed))
    assert (closed / SECRETS_FILE).read_bytes() == before
    assert not (closed / DAMAGED_FOLDER).exists()


@pytest.mark.parametrize("fault", [KeyringLocked, NoKeyringError])
def test_a_locked_keyring_is_unlocked_and_nothing_else(
    tmp_path: Path, dict_keyring: DictKeyring, fault: type[KeyringError]
) -> None:
    place = tmp_path / "new"
    key = make_shop(place, replace(NEW_SHOP, keyring=True))
    dict_keyring.fault = fault
    with pytest.raises(SecretsLocked) as raised:
        open_shop(place)
    trouble = recovery_of(place, raised.value)
    assert (trouble.title, trouble.ways) == ("The keyring is locked", ())
    with pytest.raises(SecretsLocked):
        bring_keys_back(place, key)
    dict_keyring.fault = None
    open_shop(place).close()
    assert not (place / SECRETS_FILE).exists()


def test_keys_come_back_into_the_keyring_out_of_which_they_are_gone(
    tmp_path: Path, dict_keyring: DictKeyring
) -> None:
    place = tmp_path / "new"
    key = make_shop(place, replace(NEW_SHOP, keyring=True))
    kept = dict(dict_keyring.kept)
    dict_keyring.kept.clear()
    with pytest.raises(SecretsMissing):
        open_shop(place)
    assert bring_keys_back(place, key) is None
    assert dict_keyring.kept == kept
    assert not (place / SECRETS_FILE).exists()
    open_shop(place).close()


@pytest.mark.skipif(
    sys.platform == "win32" or os.geteuid() != 0, reason="only root gives files away"
)
def test_keys_may_be_in_the_keyring_of_who_owns_the_shop(
    tmp_path: Path, dict_keyring: DictKeyring
) -> None:
    place = tmp_path / "new"
    key = make_shop(place, replace(NEW_SHOP, keyring=True))
    dict_keyring.kept.clear()
    os.chown(place / DATABASE_FILE, 65534, -1)
    for opens in (lambda: open_shop(place), lambda: bring_keys_back(place, key)):
        with pytest.raises(SecretsForbidden, match="may be in the keyring of nobody"):
            opens()
