"""The shop's file: whole, damaged, newer, older, in use; it is never written to."""

from __future__ import annotations

import hashlib
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from filelock import FileLock

from pos_desktop.lock_names import UPGRADE, WINDOW
from pos_desktop.services.doctor import file_looks
from pos_desktop.services.doctor.finding import State
from pos_desktop.shop import Shop, open_shop
from pos_desktop.shop_folder import ShopFileGone
from pos_desktop.shop_locks import made_alone, one_import, till_open
from pos_desktop.shops.damage import check_no_damage
from pos_desktop.shops.keys_anew import bring_keys_back
from pos_desktop.shops.recovery import Way, recovery_of
from pos_desktop.shops.salvaged_shop import salvage_shop
from pos_desktop.storage import row_seals
from pos_desktop.storage.errors import FileUnusable
from pos_desktop.storage.migrations import LATEST
from tests.pos_desktop.services.doctor.looked import looked, seen, states
from tests.released.released_shops import recovery_key, unpack

FILE = "shop.sqlite"


def _edit(directory: Path, sql: str) -> None:
    with closing(sqlite3.connect(directory / FILE)) as edit:
        row_seals.register(edit)
        edit.execute(sql)
        edit.commit()


def test_a_shop_in_order_is_told_and_not_touched(shop_directory: Path) -> None:
    (shop_directory / "logs").mkdir(exist_ok=True)
    file = shop_directory / FILE
    before = hashlib.sha256(file.read_bytes()).digest(), file.stat().st_mtime_ns
    names = {path.name for path in shop_directory.iterdir()}
    found = looked(shop_directory, "database")
    assert {*states(found).values()} == {State.OK}
    assert (hashlib.sha256(file.read_bytes()).digest(), file.stat().st_mtime_ns) == before
    new = {path.name for path in shop_directory.iterdir()} - names
    assert new <= {f"{FILE}-wal", f"{FILE}-shm"}  # an empty log, as every reader makes it


def test_no_shop_is_one_broken_line(tmp_path: Path) -> None:
    found = [one for one in looked(tmp_path / "none") if one.check in ("database", "pages")]
    assert [(one.check, one.state) for one in found] == [("database", State.BROKEN)]
    assert "--data" in found[0].advice
    assert not (tmp_path / "none").exists()


@pytest.mark.spoils_books
@pytest.mark.parametrize("content", [b"", b"no database at all " * 500])
def test_a_file_that_is_none_is_told(shop_directory: Path, content: bytes) -> None:
    (shop_directory / FILE).write_bytes(content)
    found = looked(shop_directory)
    assert states(found)["database"] is State.BROKEN
    assert "unread" in states(found)
    assert "printer" not in states(found)


@pytest.mark.spoils_books
@pytest.mark.parametrize("byte", [b"\x00", b"\xa5"])
def test_of_a_damaged_page_is_said_what_the_till_then_does(
    shop_directory: Path, byte: bytes
) -> None:
    with closing(sqlite3.connect(shop_directory / FILE)) as look:
        (size,) = look.execute("PRAGMA page_size").fetchone()
        sql = "SELECT rootpage FROM sqlite_master WHERE name = 'tender'"
        (page,) = look.execute(sql).fetchone()
    with (shop_directory / FILE).open("r+b") as file:
        file.seek(size * (page - 1))
        file.write(byte * size)
    check_no_damage(shop_directory)  # which nobody has met yet
    found = {one.check: one for one in looked(shop_directory, "database")}
    assert found["pages"].state is State.BROKEN
    assert found["database"].state is State.OK
    assert "start the till anew" in found["pages"].advice
    assert "posctl salvage" in found["pages"].advice
    with pytest.raises(FileUnusable) as met:  # as at the next start
        check_no_damage(shop_directory)
    assert recovery_of(shop_directory, met.value).ways == (Way.SALVAGE, Way.RESTORE)
    assert salvage_shop(shop_directory)[0].rows
    assert seen(shop_directory, "database", "pages").state is State.OK


@pytest.mark.spoils_books
def test_a_file_that_is_gone_is_sought_or_comes_out_of_a_backup(shop_directory: Path) -> None:
    (shop_directory / FILE).unlink()
    found = seen(shop_directory, "database", "database")
    assert "put it back" in found.advice
    assert "from a backup" in found.advice
    with pytest.raises(ShopFileGone) as met, closing(open_shop(shop_directory)):
        pass
    assert recovery_of(shop_directory, met.value).ways == (Way.RESTORE,)


@pytest.mark.spoils_books
def test_keys_that_are_gone_come_out_of_the_recovery_key(tmp_path: Path) -> None:
    place = unpack(LATEST, tmp_path / "shop")
    (place / "secrets").unlink()
    assert "posctl keys" in seen(place, "rights", "keys").advice
    bring_keys_back(place, recovery_key(place))
    assert seen(place, "rights", "keys").state is State.OK


@pytest.mark.spoils_books
def test_a_newer_file_is_told_and_stays(shop_directory: Path) -> None:
    _edit(shop_directory, "INSERT INTO migration VALUES (999, 'of tomorrow', 1, 0)")
    found = {one.check: one for one in looked(shop_directory, "database")}
    assert found["database"].state is State.BROKEN
    assert "install that version" in found["database"].advice
    assert found["pages"].state is State.OK


@pytest.mark.spoils_books
def test_an_older_file_is_no_fault_and_is_not_brought_up_to_date(shop_directory: Path) -> None:
    _edit(shop_directory, f"DELETE FROM migration WHERE number = {LATEST}")
    found = seen(shop_directory, "database", "database")
    assert found.state is State.NOTE
    assert "a copy of it as it is now is put into before-upgrade" in found.advice
    with closing(sqlite3.connect(shop_directory / FILE)) as look:
        assert look.execute("SELECT max(number) FROM migration").fetchone() == (LATEST - 1,)


@pytest.mark.spoils_books
def test_a_missing_head_and_an_edited_end_are_found(shop: Shop) -> None:
    shop.close()
    (shop.directory / "journal.head").rename(shop.directory / "elsewhere")
    assert seen(shop.directory, "database", "head").state is State.BROKEN
    (shop.directory / "elsewhere").rename(shop.directory / "journal.head")
    assert seen(shop.directory, "database", "head").state is State.OK
    _edit(shop.directory, "DROP TRIGGER journal_no_delete")
    _edit(shop.directory, "DELETE FROM journal WHERE seq = (SELECT max(seq) FROM journal)")
    assert "posctl verify" in seen(shop.directory, "database", "head").advice


def test_who_has_it_open_is_told(shop: Shop) -> None:
    assert seen(shop.directory, "database", "open").detail == "nobody"
    with till_open(shop.directory, shop.till), one_import(shop.directory):
        assert seen(shop.directory, "database", "open").detail == "a till, an import"
    locks = shop.directory / "locks"
    with made_alone(shop.directory), FileLock(locks / UPGRADE), FileLock(locks / WINDOW):
        found = seen(shop.directory, "database", "open").detail
    assert found == "the window, an upgrade, who makes a shop or brings one back"
    assert seen(shop.directory, "database", "open").detail == "nobody"


def test_a_file_that_takes_too_long_is_left(
    shop_directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(file_looks, "PAGES_SECONDS", -1.0)
    monkeypatch.setattr("pos_desktop.storage.file_look._LOOK_EVERY", 1)
    assert seen(shop_directory, "database", "pages").state is State.NOTE
