"""Secrets come back as they were, readable by their owner alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend

from pos_desktop.new_shop import make_shop
from pos_desktop.security.secrets import FileSecrets, KeyringSecrets, SecretsMissing
from pos_desktop.shop import open_shop
from tests.pos_desktop.conftest import NEW_SHOP, bad_books


class DictKeyring(KeyringBackend):
    """A keyring that lasts as long as the test."""

    priority = 1.0

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.kept[service, username]


@pytest.fixture
def dict_keyring() -> Iterator[DictKeyring]:
    before = keyring.get_keyring()
    ours = DictKeyring()
    keyring.set_keyring(ours)
    yield ours
    keyring.set_keyring(before)


def test_a_file_keeps_secrets_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "secrets"
    secrets = FileSecrets(path)
    secrets.put({"journal": b"\x00\xff", "backup": b"long " * 40})
    secrets.put({"backup": b"short"})
    assert secrets.get("journal") == b"\x00\xff"
    assert secrets.get("backup") == b"short"
    assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("content", ["", "{", "[]", '{"journal": "zz"}', "{}"])
def test_a_damaged_file_has_its_sentence(tmp_path: Path, content: str) -> None:
    path = tmp_path / "secrets"
    path.write_text(content)
    with pytest.raises(SecretsMissing):
        FileSecrets(path).get("journal")


def test_a_missing_file_has_its_sentence(tmp_path: Path) -> None:
    with pytest.raises(SecretsMissing):
        FileSecrets(tmp_path / "none").get("journal")


def test_the_keyring_keeps_the_secrets_of_each_shop_apart(dict_keyring: DictKeyring) -> None:
    KeyringSecrets("a").put({"journal": b"1"})
    KeyringSecrets("b").put({"journal": b"2"})
    assert KeyringSecrets("a").get("journal") == b"1"
    with pytest.raises(SecretsMissing):
        KeyringSecrets("a").get("backup")
    assert len(dict_keyring.kept) == 2


def test_a_file_of_another_login_is_named_with_its_owner(tmp_path: Path) -> None:
    path = tmp_path / "secrets"
    path.write_text("{}", encoding="utf-8")

    class Barred(type(path)):  # type: ignore[misc]
        def read_text(self, encoding: str | None = None) -> str:
            raise PermissionError(13, "Permission denied", str(self))

    with pytest.raises(SecretsMissing) as told:
        FileSecrets(Barred(path)).get("journal")
    assert str(path) in str(told.value)
    assert path.owner() in str(told.value)


def test_no_sentence_promises_what_no_command_does(tmp_path: Path) -> None:
    (tmp_path / "secrets").write_text("{}", encoding="utf-8")
    with pytest.raises(SecretsMissing) as told:
        FileSecrets(tmp_path / "secrets").get("journal")
    assert "bring them back" not in str(told.value)
    assert "posctl keys" in str(told.value)


def test_a_shop_whose_keys_are_in_the_keyring_leaves_none_in_a_file(
    dict_keyring: DictKeyring, tmp_path: Path
) -> None:
    make_shop(tmp_path / "shop", replace(NEW_SHOP, keyring=True))
    assert not (tmp_path / "shop" / "secrets").exists()
    shop = open_shop(tmp_path / "shop")
    kept = set(dict_keyring.kept.values())
    assert shop.key.hex() in kept
    assert bad_books(shop) == set()
    shop.close()
    for path in (tmp_path / "shop").rglob("*"):
        assert not path.is_file() or not any(key.encode() in path.read_bytes() for key in kept)
    dict_keyring.kept.clear()
    with pytest.raises(SecretsMissing):
        open_shop(tmp_path / "shop")
