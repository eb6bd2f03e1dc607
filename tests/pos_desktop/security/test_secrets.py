"""Secrets come back as they were, readable by their owner alone."""

from __future__ import annotations

import errno
import itertools
import os
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from pos_desktop.domain.errors import Unavailable
from pos_desktop.security.secrets import (
    FileSecrets,
    KeyringSecrets,
    SecretsForbidden,
    SecretsMissing,
)
from pos_desktop.shop import open_shop
from pos_desktop.shop_folder import file_mode, make_file
from pos_desktop.shops.new_shop import make_shop
from tests.pos_desktop.conftest import NEW_SHOP, DictKeyring, bad_books


def test_a_file_keeps_secrets_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "secrets"
    secrets = FileSecrets(path)
    secrets.put({"journal": b"\x00\xff", "backup": b"long " * 40})
    secrets.put({"backup": b"short"})
    assert secrets.get("journal") == b"\x00\xff"
    assert secrets.get("backup") == b"short"
    assert path.stat().st_mode & 0o777 == 0o600


KILLED = """
import os, sys
from pathlib import Path
from pos_desktop.security.secrets import FileSecrets

path, left = Path(sys.argv[1]), int(sys.argv[2])
secrets = FileSecrets(path)
secrets.get("journal")

def killed(event, arguments):
    global left
    if event in ("open", "os.rename", "os.remove", "os.chmod", "os.truncate"):
        if any(str(one).startswith(str(path.parent)) for one in arguments):
            if left == 0:
                os._exit(9)
            left -= 1

fsync = os.fsync

def synced(number):
    killed("os.rename", [path])
    fsync(number)

os.fsync = synced
sys.addaudithook(killed)
secrets.put({"smtp password": b"after" * 100})
"""


def test_a_write_that_is_killed_leaves_the_keys_as_they_were_or_as_they_should_be(
    tmp_path: Path,
) -> None:
    path, found = tmp_path / "secrets", []
    for step in itertools.count():
        path.unlink(missing_ok=True)
        FileSecrets(path).put({"journal": b"key", "smtp password": b"before"})
        path.chmod(0o640)
        command = [sys.executable, "-c", KILLED, str(path), str(step)]
        code = subprocess.run(command, check=False).returncode
        assert FileSecrets(path).get("journal") == b"key"
        assert path.stat().st_mode & 0o777 == 0o640
        found.append(FileSecrets(path).get("smtp password") == b"after" * 100)
        if code == 0:
            break
        assert code == 9
    assert found == sorted(found)
    assert found.count(False) > 4
    assert {one.name for one in tmp_path.iterdir()} <= {"secrets", "secrets.lock"}


@pytest.mark.skipif(
    sys.platform == "win32" or os.geteuid() != 0, reason="only root gives files away"
)
def test_the_file_stays_whose_it_was(tmp_path: Path) -> None:
    path = tmp_path / "secrets"
    FileSecrets(path).put({"journal": b"key"})
    os.chown(path, 65534, 12345)
    path.chmod(0o640)
    FileSecrets(path).put({"backup": b"key"})
    found = path.stat()
    assert (found.st_uid, found.st_gid, found.st_mode & 0o777) == (65534, 12345, 0o640)


BY_ANOTHER = """
import os, sys
from pathlib import Path
from pos_desktop.security.secrets import FileSecrets, SecretsForbidden
secrets = FileSecrets(Path(sys.argv[1]))
os.umask(0o077)
os.setgroups([12345])
os.setgid(4711)
os.setuid(4711)
try:
    secrets.put({"smtp password": b"word"})
except SecretsForbidden as error:
    print(error)
"""


@pytest.mark.skipif(
    sys.platform == "win32" or os.geteuid() != 0, reason="only root gives files away"
)
def test_the_logins_of_a_shared_shop_add_to_the_keys() -> None:
    with tempfile.TemporaryDirectory(dir="/tmp") as name:
        Path(name).chmod(0o755)
        directory = Path(name) / "shop"
        directory.mkdir()
        os.chown(directory, 65534, 12345)
        directory.chmod(0o2770)
        make_file(directory / "secrets", file_mode(directory))
        os.chown(directory / "secrets", 65534, 12345)
        FileSecrets(directory / "secrets").put({"journal": b"key"})
        for lock in directory.glob("*.lock"):
            lock.unlink()
        command = [sys.executable, "-c", BY_ANOTHER, str(directory / "secrets")]
        added = subprocess.run(command, capture_output=True, text=True, check=False)
        assert (added.returncode, added.stdout) == (0, ""), added.stderr
        assert FileSecrets(directory / "secrets").get("smtp password") == b"word"
        found = (directory / "secrets").stat()
        assert (found.st_gid, found.st_mode & 0o777) == (12345, 0o660)
        os.chown(directory / "secrets", 65534, 12345)
        (directory / "secrets").chmod(0o640)
        refused = subprocess.run(command, capture_output=True, text=True, check=False)
        assert f"chmod 660 {directory / 'secrets'}" in refused.stdout
        assert "may read" in refused.stdout


def test_a_full_disk_leaves_the_keys_as_they_were(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "secrets"
    FileSecrets(path).put({"journal": b"key"})
    before = path.read_bytes()

    def full(_number: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(Unavailable, match="No space left on device"):
        FileSecrets(path).put({"backup": b"another"})
    assert path.read_bytes() == before
    assert not list(tmp_path.glob("*.part"))


def test_what_two_programs_keep_at_once_is_all_there(tmp_path: Path) -> None:
    path, names = tmp_path / "secrets", [f"key {number}" for number in range(40)]
    FileSecrets(path).put({"journal": b"key"})
    with ThreadPoolExecutor(4) as several:
        list(several.map(lambda name: FileSecrets(path).put({name: b"x"}), names))
    assert [FileSecrets(path).get(name) for name in names] == [b"x"] * 40


@pytest.mark.parametrize("content", ["", "{", "[]", '{"journal": "zz"}', "{}"])
def test_a_damaged_file_has_its_sentence(tmp_path: Path, content: str) -> None:
    path = tmp_path / "secrets"
    path.write_text(content)
    with pytest.raises(SecretsMissing):
        FileSecrets(path).get("journal")


def test_a_missing_file_has_its_sentence(tmp_path: Path) -> None:
    with pytest.raises(SecretsMissing):
        FileSecrets(tmp_path / "none").get("journal")


def test_the_keyring_keeps_the_secrets_of_each_shop_apart(
    dict_keyring: DictKeyring, tmp_path: Path
) -> None:
    KeyringSecrets("a", tmp_path).put({"journal": b"1"})
    KeyringSecrets("b", tmp_path).put({"journal": b"2"})
    assert KeyringSecrets("a", tmp_path).get("journal") == b"1"
    with pytest.raises(SecretsMissing):
        KeyringSecrets("a", tmp_path).get("backup")
    assert len(dict_keyring.kept) == 2


def test_a_file_of_another_login_is_named_with_its_owner(tmp_path: Path) -> None:
    path = tmp_path / "secrets"
    path.write_text("{}", encoding="utf-8")

    class Barred(type(path)):  # type: ignore[misc]
        def read_text(self, encoding: str | None = None) -> str:
            raise PermissionError(13, "Permission denied", str(self))

    with pytest.raises(SecretsForbidden) as told:
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
