"""The file is durable, its writers take turns, and its faults have words."""

from __future__ import annotations

import os
import re
import sqlite3
import threading
from pathlib import Path

import pytest

from pos_desktop.domain.clock import ManualClock, SystemClock
from pos_desktop.storage import errors
from pos_desktop.storage.books import FACT_TABLES
from pos_desktop.storage.database import (
    BUSY_SECONDS,
    TILL_CHECKPOINT_PAGES,
    ReadOnlyDatabase,
    ShopDatabase,
)
from pos_desktop.storage.errors import (
    DiskFull,
    DiskReadOnly,
    FileBusy,
    FileForbidden,
    FileTooNew,
    FileUnusable,
    forbidden_words,
    translated,
)
from pos_desktop.storage.migrations import LATEST, migrate, version
from tests.pos_desktop.storage.conftest import NOON, ShopFile


def test_every_connection_is_durable_and_minds_links(shop_file: ShopFile) -> None:
    database = shop_file.database
    assert database.value("PRAGMA journal_mode") == "wal"
    assert database.value("PRAGMA synchronous") == 2
    assert database.value("PRAGMA foreign_keys") == 1


def test_migrating_twice_does_nothing(shop_file: ShopFile) -> None:
    assert version(shop_file.database) == LATEST
    assert migrate(shop_file.database, SystemClock()) == 0


def test_a_newer_file_is_refused_and_stays_as_it_is(shop_file: ShopFile) -> None:
    shop_file.database.insert(
        "migration", [{"number": LATEST + 1, "name": "later", "applied_at": 0}]
    )
    before = shop_file.database.rows("SELECT * FROM migration")
    with pytest.raises(FileTooNew):
        migrate(shop_file.database, SystemClock())
    assert shop_file.database.rows("SELECT * FROM migration") == before


def test_another_programs_database_is_not_taken_for_a_shop(tmp_path: Path) -> None:
    path = tmp_path / "other.sqlite"
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE notes (text)")
    other.close()
    database = ShopDatabase(path, SystemClock())
    with pytest.raises(FileUnusable):
        migrate(database, SystemClock())
    database.close()


def test_a_file_that_is_no_database_has_its_sentence(tmp_path: Path) -> None:
    path = tmp_path / "letter.sqlite"
    path.write_bytes(b"Dear customer, " * 100)
    database = ShopDatabase(path, SystemClock())
    with pytest.raises(FileUnusable):
        migrate(database, SystemClock())
    database.close()


def test_the_screen_reads_but_cannot_write(shop_file: ShopFile) -> None:
    reader = ReadOnlyDatabase(shop_file.path, SystemClock())
    assert reader.value("SELECT count(*) FROM node") == 1
    with pytest.raises(FileForbidden), translated():
        reader.execute_sql("DELETE FROM setting")
    reader.close()


def test_waiting_for_another_writer_ends_with_a_sentence(shop_file: ShopFile) -> None:
    clock = ManualClock(NOON)
    second = ShopDatabase(shop_file.path, clock)
    with shop_file.database.write(), pytest.raises(FileBusy), second.write():
        pytest.fail("two writers at once")
    assert clock.monotonic() >= BUSY_SECONDS
    second.close()


def test_a_write_waits_for_a_writer_of_another_connection(shop_file: ShopFile) -> None:
    second = ShopDatabase(shop_file.path, SystemClock())
    entered, leave, order = threading.Event(), threading.Event(), []

    def first_writer() -> None:
        with shop_file.database.write():
            entered.set()
            leave.wait(10)
            order.append("first")
        shop_file.database.close()

    thread = threading.Thread(target=first_writer)
    thread.start()
    assert entered.wait(10)
    threading.Timer(0.05, leave.set).start()
    with second.write():
        order.append("second")
    thread.join(10)
    assert order == ["first", "second"]
    second.close()


def test_a_full_disk_is_told_and_nothing_is_half_written(shop_file: ShopFile) -> None:
    database = shop_file.database
    pages = database.value("PRAGMA page_count")
    database.value(f"PRAGMA max_page_count = {pages + 2}")
    with pytest.raises(DiskFull), database.write():
        database.insert("setting", [_large_setting(number) for number in range(10)])
    assert database.value("SELECT count(*) FROM setting") == 0


def _large_setting(number: int) -> dict[str, object]:
    return {
        "scope": "shop",
        "key": f"k{number}",
        "value": "x" * 4000,
        "ver": 1,
        "changed_at": 0,
    }


@pytest.mark.parametrize("table", ["node", "journal", *FACT_TABLES])
def test_facts_can_neither_be_changed_nor_removed(shop_file: ShopFile, table: str) -> None:
    triggers = {
        row["name"]
        for row in shop_file.database.rows("SELECT name FROM sqlite_master WHERE type = 'trigger'")
    }
    assert {f"{table}_no_update", f"{table}_no_delete"} <= triggers


def test_a_written_fact_refuses_a_change(shop_file: ShopFile) -> None:
    for statement in ("UPDATE node SET till_code = 'T9'", "DELETE FROM node"):
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            shop_file.database.execute_sql(statement)


@pytest.mark.parametrize(
    ("barred", "right", "words"),
    [
        ("shop.sqlite", os.R_OK, "may not read {folder}/shop.sqlite"),
        ("shop.sqlite", os.W_OK, "may not write {folder}/shop.sqlite"),
        ("", os.W_OK, "may not write in the folder {folder}"),
        ("nothing", os.W_OK, "will not open {folder}/shop.sqlite"),
    ],
)
def test_what_may_not_be_read_or_written_is_named(
    tmp_path: Path, barred: str, right: int, words: str
) -> None:
    def access(path: Path, wanted: int) -> bool:
        return not (path == tmp_path / barred and wanted == right)

    sentence = forbidden_words(tmp_path / "shop.sqlite", access)
    assert words.format(folder=tmp_path) in sentence


def test_a_forbidden_file_is_named(tmp_path: Path) -> None:
    database = ShopDatabase(tmp_path / "no folder" / "shop.sqlite", SystemClock())
    with pytest.raises(FileForbidden, match=re.escape(str(tmp_path / "no folder"))):
        database.value("SELECT 1")


def test_a_bulk_writer_leaves_the_connection_as_durable_as_it_was(shop_file: ShopFile) -> None:
    database = shop_file.database
    with pytest.raises(KeyError), database.relaxed():
        assert database.value("PRAGMA synchronous") == 1
        raise KeyError
    assert database.value("PRAGMA synchronous") == 2
    assert database.value("PRAGMA wal_autocheckpoint") == TILL_CHECKPOINT_PAGES


def test_a_file_on_a_disk_that_takes_no_writes_is_no_matter_of_rights(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(errors, "is_read_only", lambda _path: True)
    database = ShopDatabase(tmp_path / "no folder" / "shop.sqlite", SystemClock())
    with pytest.raises(DiskReadOnly, match="Restart the computer"):
        database.value("SELECT 1")
