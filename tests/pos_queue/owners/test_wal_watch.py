"""Whether anything was committed, told by the write-ahead log alone."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from pos_queue.owners.wal_watch import WalWatch


@pytest.fixture
def database(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(tmp_path / "shop.sqlite")) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("CREATE TABLE job (id INTEGER)")
        connection.commit()
        yield connection


@pytest.fixture
def watch(tmp_path: Path, database: sqlite3.Connection) -> WalWatch:
    watch = WalWatch(tmp_path / "shop.sqlite-wal")
    assert [watch.changed() for _look in range(3)] == [True, True, False]
    return watch


def _commit(database: sqlite3.Connection) -> None:
    database.execute("INSERT INTO job VALUES (1)")
    database.commit()


def test_a_commit_is_told_twice(watch: WalWatch, database: sqlite3.Connection) -> None:
    _commit(database)
    assert [watch.changed() for _look in range(4)] == [True, True, False, False]


def test_reading_is_no_change(watch: WalWatch, database: sqlite3.Connection) -> None:
    database.execute("SELECT * FROM job").fetchall()
    assert not watch.changed()


def test_a_log_that_is_written_anew_is_a_change(
    watch: WalWatch, database: sqlite3.Connection, tmp_path: Path
) -> None:
    _commit(database)
    database.execute("PRAGMA wal_checkpoint(RESTART)")
    wal = tmp_path / "shop.sqlite-wal"
    size = wal.stat().st_size
    os.utime(wal, ns=(0, 0))
    assert [watch.changed() for _look in range(3)] == [True, True, False]
    _commit(database)
    assert wal.stat().st_size == size
    assert watch.changed()


def test_a_commit_that_leaves_the_same_time_is_found_at_the_second_look(tmp_path: Path) -> None:
    wal = tmp_path / "wal"
    wal.write_bytes(b"one")
    watch = WalWatch(wal)
    looks = [watch.changed()]
    before = wal.stat()
    wal.write_bytes(b"two")
    os.utime(wal, ns=(before.st_atime_ns, before.st_mtime_ns))
    looks += [watch.changed(), watch.changed()]
    assert looks == [True, True, False]


def test_no_file_is_no_change_and_one_that_appears_is(tmp_path: Path) -> None:
    wal = tmp_path / "wal"
    watch = WalWatch(wal)
    assert not watch.changed()
    wal.touch()
    assert watch.changed()
    wal.unlink()
    assert not watch.changed()
    assert not watch.changed()
    wal.touch()
    assert [watch.changed() for _look in range(3)] == [True, True, False]
