"""A shop that does not open is brought back, and what was there is put aside, not removed."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing, nullcontext
from dataclasses import replace
from pathlib import Path

import pytest
from keyring.errors import KeyringError, KeyringLocked, NoKeyringError

from pos_desktop.cli.main import main as posctl
from pos_desktop.domain.clock import SystemClock
from pos_desktop.domain.errors import PosError, Refused, Unavailable
from pos_desktop.security.recovery import make_recovery_key
from pos_desktop.security.secrets import (
    FileSecrets,
    SecretsForbidden,
    SecretsLocked,
    SecretsMissing,
)
from pos_desktop.shop import open_shop
from pos_desktop.shop_folder import (
    DAMAGE_MARK,
    DAMAGED_FOLDER,
    DATABASE_FILE,
    HEAD_FILE,
    SECRETS_FILE,
    ShopFileGone,
)
from pos_desktop.shops.new_shop import make_shop
from pos_desktop.shops.recovery import Way, backups_near, trouble_of
from pos_desktop.shops.salvaged_shop import (
    KeyOfAnother,
    KeysAreThere,
    NotDamaged,
    ShopOpenElsewhere,
    bring_keys_back,
    check_no_damage,
    is_whole,
    restore_over,
    salvage_shop,
)
from pos_desktop.storage.audit import run_checks
from pos_desktop.storage.errors import FileTooNew, FileUnusable
from pos_desktop.storage.migrations import LATEST
from pos_desktop.storage.salvage import salvage
from tests.pos_desktop.conftest import NEW_SHOP, DictKeyring
from tests.pos_desktop.services.play import play
from tests.released.released_shops import recovery_key, unpack

PAGE = 4096


@pytest.fixture
def closed(tmp_path: Path) -> Path:
    """A small shop that nobody has open."""
    return unpack(LATEST, tmp_path / "shop")


def root_of(directory: Path, name: str) -> int:
    with closing(sqlite3.connect(directory / DATABASE_FILE)) as connection:
        found = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (name,))
        return int(found.fetchone()[0])


def blank(directory: Path, page: int) -> None:
    """Leave nothing of a page."""
    with (directory / DATABASE_FILE).open("rb+") as file:
        file.seek((page - 1) * PAGE)
        file.write(bytes(PAGE))


def rows(file: Path, table: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(file)) as connection:
        return connection.execute(f"SELECT * FROM {table}").fetchall()


def test_all_is_saved_where_only_an_index_is_spoilt(closed: Path) -> None:
    kept = {name: rows(closed / DATABASE_FILE, name) for name in ("sale", "sale_line", "staff")}
    blank(closed, root_of(closed, "sale_day"))
    saved, aside = salvage_shop(closed)
    assert (saved.missing, saved.findings, saved.strange_pages) == ({}, (), 0)
    assert (saved.till_code, saved.is_whole) == (saved.old_till_code, True)
    for name, before in kept.items():
        assert rows(closed / DATABASE_FILE, name) == before
    with closing(open_shop(closed)) as shop:
        assert all(check.ok for check in run_checks(shop.database, shop.key, shop.head))
        play(shop, "login manager 1234", "/milk", "MILK", "pay cash")
    assert {one.name for one in aside.iterdir()} >= {DATABASE_FILE, HEAD_FILE, SECRETS_FILE}


def test_a_till_whose_sales_are_missing_becomes_another_one(closed: Path) -> None:
    blank(closed, root_of(closed, "sale"))
    saved, _aside = salvage_shop(closed)
    assert saved.missing["sale"].lost_pages == 1
    assert (saved.old_till_code, saved.till_code[:2]) == ("T1", "T1")
    assert saved.till_code != "T1"
    assert {"facts", "head"} <= {check.check for check in saved.findings}
    with closing(open_shop(closed)) as shop:
        play(shop, "login manager 1234", "MILK", "pay cash")
        numbers = shop.database.rows("SELECT till_code, receipt_number FROM sale")
        assert numbers == [{"till_code": saved.till_code, "receipt_number": 1}]


def test_the_schema_itself_may_be_gone(closed: Path) -> None:
    before = rows(closed / DATABASE_FILE, "sale_line")
    blank(closed, 1)
    with pytest.raises(FileUnusable):
        open_shop(closed)
    saved, _aside = salvage_shop(closed)
    assert sorted(rows(closed / DATABASE_FILE, "sale_line")) == sorted(before)
    assert saved.till_code != saved.old_till_code


def test_what_was_deleted_does_not_come_back(closed: Path) -> None:
    with closing(sqlite3.connect(closed / DATABASE_FILE)) as connection, connection:
        connection.execute("DROP TRIGGER sale_line_no_delete")
        connection.execute("DELETE FROM sale_line")
    blank(closed, root_of(closed, "sale_day"))
    salvage_shop(closed)
    assert rows(closed / DATABASE_FILE, "sale_line") == []


def test_a_whole_file_is_left_alone(closed: Path) -> None:
    before = (closed / DATABASE_FILE).read_bytes()
    with pytest.raises(NotDamaged):
        salvage_shop(closed)
    assert (closed / DATABASE_FILE).read_bytes() == before
    assert not (closed / DAMAGED_FOLDER).exists()


def test_nothing_is_saved_under_a_till_that_is_open(closed: Path) -> None:
    with closing(open_shop(closed)) as shop:
        shop.database.value("SELECT count(*) FROM sale")
        with pytest.raises(ShopOpenElsewhere):
            salvage_shop(closed)
    assert not (closed / DAMAGED_FOLDER).exists()


def test_a_failing_salvage_changes_nothing(closed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    blank(closed, root_of(closed, "sale"))
    before = {one.name: one.read_bytes() for one in closed.iterdir() if one.is_file()}

    def failing(damaged: Path, target: Path, clock: SystemClock) -> None:
        salvage(damaged, target, clock)
        raise Unavailable("the disk is gone")

    with monkeypatch.context() as patch:
        patch.setattr("pos_desktop.shops.salvaged_shop.salvage", failing)
        with pytest.raises(Unavailable, match="the disk is gone"):
            salvage_shop(closed)
    after = {one.name: one.read_bytes() for one in closed.iterdir() if one.is_file()}
    assert {name: after.get(name) for name in before} == before
    assert not (closed / DAMAGED_FOLDER).exists()
    assert not list(closed.glob(".bringing*"))


def test_the_log_is_not_lost_where_the_new_file_cannot_take_its_place(
    closed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(open_shop(closed)) as shop:
        play(shop, "login manager 1234", "MILK", "pay cash")
        cut = shutil.copytree(closed, tmp_path / "cut")
    wanted = len(rows(closed / DATABASE_FILE, "sale"))
    give_name = Path.replace

    def held(self: Path, target: Path) -> Path:
        if target == cut / DATABASE_FILE:
            raise PermissionError(13, "a scanner holds it")
        return give_name(self, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", held)
        with monkeypatch.context() as closing_nothing:
            # neither of them opens the file, which would take the log in:
            closing_nothing.setattr("pos_desktop.shops.salvaged_shop._is_whole", lambda *_: False)
            closing_nothing.setattr(
                "pos_desktop.shops.salvaged_shop._nobody_else", lambda *_: nullcontext()
            )
            with pytest.raises(Unavailable, match="a scanner holds it"):
                salvage_shop(cut)
        assert not (cut / f"{DATABASE_FILE}-wal").exists()
        for opens in (open_shop, salvage_shop):
            with pytest.raises(Unavailable, match="a scanner holds it"):
                opens(cut)
    with closing(open_shop(cut)) as shop:
        assert [one for one in run_checks(shop.database, shop.key, shop.head) if not one.ok] == []
    assert len(rows(cut / DATABASE_FILE, "sale")) == wanted


def test_a_shop_is_restored_over_a_damaged_one(closed: Path, tmp_path: Path) -> None:
    with closing(open_shop(closed)) as shop:
        backup = shop.backups.make(tmp_path / "monday", actor=None).path
    blank(closed, 1)
    damaged = (closed / DATABASE_FILE).read_bytes()
    restored, aside = restore_over(backup, closed, recovery_key(closed))
    assert restored.findings == ()
    assert (aside / DATABASE_FILE).read_bytes() == damaged
    with closing(open_shop(closed)) as shop:
        assert shop.books.node.till_code == restored.till_code != "T1"


def test_a_restore_that_fails_puts_everything_back(
    closed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(open_shop(closed)) as shop:
        backup = shop.backups.make(tmp_path / "monday", actor=None).path
    before = {one.name: one.read_bytes() for one in closed.iterdir() if one.is_file()}
    with pytest.raises(Refused):
        restore_over(backup, closed, make_recovery_key())

    def failing(*_given: object, **_named: object) -> None:
        raise Unavailable("the stick is gone")

    monkeypatch.setattr("pos_desktop.shops.salvaged_shop.restore_beside", failing)
    with pytest.raises(Unavailable, match="the stick is gone"):
        restore_over(backup, closed, recovery_key(closed))
    after = {one.name: one.read_bytes() for one in closed.iterdir() if one.is_file()}
    assert after == before
    assert not (closed / DAMAGED_FOLDER).exists()


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
    with pytest.raises(KeyOfAnother):
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
    trouble = trouble_of(closed, raised.value)
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
    trouble = trouble_of(place, raised.value)
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


def test_posctl_saves_and_makes_keys(closed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    key, data = recovery_key(closed), ["--data", str(closed)]
    (closed / SECRETS_FILE).unlink()
    assert posctl(["keys", "--recovery-key", key, *data]) == 0
    assert "has its keys again" in capsys.readouterr().out
    blank(closed, root_of(closed, "tender"))
    assert posctl(["salvage", "--json", *data]) == 0
    saved = json.loads(capsys.readouterr().out)
    assert saved["missing"] == {"tender": {"rows": 0, "pages": 1}}
    assert Path(saved["aside"]).parent == closed / DAMAGED_FOLDER
    assert not saved["ok"]
    assert posctl(["salvage", *data]) == 1
    assert "nothing to save it from" in capsys.readouterr().err


def test_damage_that_is_met_at_work_is_looked_at_at_the_next_start(closed: Path) -> None:
    check_no_damage(closed)
    blank(closed, root_of(closed, "tender"))
    with closing(open_shop(closed)) as shop, pytest.raises(FileUnusable):
        shop.database.rows("SELECT * FROM tender")
    assert (closed / DAMAGE_MARK).exists()
    with pytest.raises(FileUnusable):
        check_no_damage(closed)
    salvage_shop(closed)
    check_no_damage(closed)
    (closed / DAMAGE_MARK).touch()
    assert is_whole(closed, SystemClock())
    assert not (closed / DAMAGE_MARK).exists()


def _gone(directory: Path) -> None:
    (directory / DATABASE_FILE).unlink()


def _empty(directory: Path) -> None:
    (directory / DATABASE_FILE).write_bytes(b"")


def _letter(directory: Path) -> None:
    (directory / DATABASE_FILE).write_bytes(b"Dear customer, " * 1000)


def _other_program(directory: Path) -> None:
    (directory / DATABASE_FILE).unlink()
    with closing(sqlite3.connect(directory / DATABASE_FILE)) as other, other:
        other.execute("CREATE TABLE notes (text)")


def _cut(directory: Path) -> None:
    with (directory / DATABASE_FILE).open("rb+") as file:
        file.truncate(40 * PAGE + 7)


def _header(directory: Path) -> None:
    with (directory / DATABASE_FILE).open("rb+") as file:
        file.write(b"\xff" * 20)


def _page(directory: Path) -> None:
    blank(directory, root_of(directory, "node"))


def _no_keys(directory: Path) -> None:
    (directory / SECRETS_FILE).unlink()


def _newer(directory: Path) -> None:
    with closing(sqlite3.connect(directory / DATABASE_FILE)) as newer, newer:
        newer.execute("INSERT INTO migration VALUES (?, 'later', 0)", (LATEST + 1,))


R, S, KEYS = Way.RESTORE, Way.SALVAGE, Way.KEYS
TROUBLES: list[tuple[Callable[[Path], None], type[PosError], str, tuple[Way, ...]]] = [
    (_gone, ShopFileGone, "gone", (R,)),
    (_empty, FileUnusable, "empty", (R,)),
    (_letter, FileUnusable, "no shop's file", (R,)),
    (_other_program, FileUnusable, "no shop's file", (R,)),
    (_cut, FileUnusable, "damaged", (S, R)),
    (_header, FileUnusable, "damaged", (S, R)),
    (_page, FileUnusable, "damaged", (S, R)),
    (_no_keys, SecretsMissing, "keys are missing", (KEYS, R)),
    (_newer, FileTooNew, "does not open", ()),
]


@pytest.mark.parametrize(("spoil", "error", "title", "ways"), TROUBLES)
def test_each_trouble_has_its_words_and_its_ways_out(
    closed: Path,
    spoil: Callable[[Path], None],
    error: type[PosError],
    title: str,
    ways: tuple[Way, ...],
    capsys: pytest.CaptureFixture[str],
) -> None:
    spoil(closed)
    with pytest.raises(error) as raised:
        open_shop(closed)
    trouble = trouble_of(closed, raised.value)
    assert title in trouble.title
    assert trouble.ways == ways
    assert trouble.wrong
    assert trouble.safe
    for command in (["verify"], ["report", "x"], ["play", "-"], ["migrate"], ["queue", "monitor"]):
        code = posctl([*command, "--data", str(closed)])
        out, told = capsys.readouterr()
        if command != ["migrate"] or spoil not in (_no_keys, _page):
            assert (code, out, told.count("\n")) == (1, "", 1), command
            assert "fault of the program" not in told


def test_a_missing_or_spoilt_log_does_no_harm_to_what_the_file_holds(
    closed: Path, tmp_path: Path
) -> None:
    with closing(open_shop(closed)) as shop:
        play(shop, "login manager 1234", "MILK", "pay cash")
        cut = shutil.copytree(closed, tmp_path / "cut")
    (cut / f"{DATABASE_FILE}-wal").write_bytes(b"\x00\x01garbage" * 1000)
    with closing(open_shop(cut)) as shop:
        assert shop.changed_outside  # the head knows of a sale that is not there
        assert shop.database.value("SELECT count(*) FROM sale") == 5


def test_backups_are_found_on_a_stick_and_in_its_folders(closed: Path, tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    (stick / "duka").mkdir(parents=True)
    with closing(open_shop(closed)) as shop:
        made = shop.backups.make(stick / "duka" / "a.posbackup", actor=None)
    (stick / "b.posbackup").write_bytes(b"of something else")
    (stick / "notes.txt").touch()
    found = {one.path.name: one for one in backups_near(stick)}
    assert [*found] == ["b.posbackup", "a.posbackup"]
    assert (found["a.posbackup"].till_code, found["a.posbackup"].at) == ("T1", made.taken_at)
    assert found["b.posbackup"].till_code == ""
    assert backups_near(tmp_path / "none") == []
