"""What is good in a damaged file is read past SQLite, and what is not is counted."""

from __future__ import annotations

import errno
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import BinaryIO

import pytest

from pos_desktop.domain.clock import SystemClock
from pos_desktop.shop_folder import DATABASE_FILE
from pos_desktop.storage import row_seals, sealed_rows
from pos_desktop.storage.database import ShopDatabase
from pos_desktop.storage.migrations import LATEST
from pos_desktop.storage.raw_pages import RawFile, Spoilt, copy_readable
from pos_desktop.storage.salvage import salvage
from tests.released.released_shops import unpack

PAGE = 4096
FRAME = 24 + PAGE


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """The file of a small shop."""
    return unpack(LATEST, tmp_path / "shop") / DATABASE_FILE


@pytest.fixture
def logged(file: Path, tmp_path: Path) -> Path:
    """A copy with a log beside it, in which two commits stand."""
    copy = tmp_path / "copy.sqlite"
    with closing(sqlite3.connect(file)) as connection:
        row_seals.register(connection)
        connection.execute("PRAGMA wal_autocheckpoint = 0")
        for name in ("first", "second"):
            with connection:
                connection.execute("UPDATE staff SET name = ?", (name,))
        for ending in ("", "-wal"):
            shutil.copy(f"{file}{ending}", f"{copy}{ending}")
    return copy


def spoil(log: Path, frame: int) -> None:
    with log.open("rb+") as opened:
        opened.seek(32 + frame * FRAME + 24 + 3_000)
        opened.write(b"spoilt")


def frames(log: Path) -> int:
    return (log.stat().st_size - 32) // FRAME


def test_a_whole_log_is_not_spoilt(logged: Path) -> None:
    with closing(RawFile(logged)) as raw:
        assert not raw.log_is_spoilt


@pytest.mark.parametrize("place", [0, -1])
def test_a_log_that_is_spoilt_anywhere_is_told(logged: Path, place: int) -> None:
    log = Path(f"{logged}-wal")
    spoil(log, place % frames(log))
    with closing(RawFile(logged)) as raw:
        assert raw.log_is_spoilt


def test_what_was_never_committed_is_no_loss(logged: Path) -> None:
    log = Path(f"{logged}-wal")
    with log.open("rb+") as opened:  # a frame like the first, without the mark of a commit
        opened.seek(32)
        head = bytearray(opened.read(24))
        head[4:8] = bytes(4)
        opened.seek(0, 2)
        opened.write(bytes(head) + bytes(PAGE))
    with closing(RawFile(logged)) as raw:
        assert not raw.log_is_spoilt


def test_a_row_that_its_table_does_not_take_is_counted(file: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(file)) as connection:
        rows = connection.execute("SELECT id FROM product ORDER BY row LIMIT 2")
        one, other = (row[0].encode() for row in rows)
    damaged = tmp_path / "damaged.sqlite"
    damaged.write_bytes(file.read_bytes().replace(other, one))
    done = salvage(damaged, tmp_path / "new.sqlite", SystemClock())
    assert done.tables["product"].spoilt == 1
    assert "product" in done.missing


def test_what_the_disk_does_not_give_costs_its_page_alone(file: Path, tmp_path: Path) -> None:
    bad = 7

    def read(opened: BinaryIO, length: int) -> bytes:
        if opened.tell() == bad * PAGE:
            raise OSError(errno.EIO, "Input/output error")
        return opened.read(length)

    target = tmp_path / "copy.sqlite"
    assert copy_readable(file, target, read) == PAGE
    whole, copied = file.read_bytes(), target.read_bytes()
    assert copied[bad * PAGE : (bad + 1) * PAGE] == bytes(PAGE)
    assert copied[: bad * PAGE] + copied[(bad + 1) * PAGE :] == (
        whole[: bad * PAGE] + whole[(bad + 1) * PAGE :]
    )


def test_a_page_that_the_disk_does_not_give_is_spoilt(file: Path) -> None:
    with closing(RawFile(file)) as raw:
        raw._file.close()
        raw._file = _Bad()  # type: ignore[assignment]
        with pytest.raises(Spoilt):
            raw.page(3)


class _Bad:
    def seek(self, _place: int) -> None:
        raise OSError(errno.EIO, "Input/output error")

    def close(self) -> None:
        pass


def _with(file: Path, target: Path, *changes: tuple[bytes, bytes]) -> Path:
    content = file.read_bytes()
    for old, new in changes:
        assert content.count(old)
        assert len(old) == len(new)
        content = content.replace(old, new)
    target.write_bytes(content)
    return target


def test_a_row_with_a_spoilt_value_is_saved_and_told(file: Path, tmp_path: Path) -> None:
    damaged = _with(file, tmp_path / "damaged.sqlite", (b"Milk 500 ml", b"Milk 900 ml"))
    done = salvage(damaged, tmp_path / "new.sqlite", SystemClock())
    assert done.doubtful["product"] == 1
    with closing(ShopDatabase(tmp_path / "new.sqlite", SystemClock())) as saved:
        assert saved.value("SELECT name FROM product WHERE code = 'MILK'") == "Milk 900 ml"
        found = list(sealed_rows.broken(saved))
    assert any(" of product " in one for one in found)


def test_no_row_of_a_sound_file_is_doubtful(file: Path, tmp_path: Path) -> None:
    assert salvage(file, tmp_path / "new.sqlite", SystemClock()).doubtful == {}


def test_of_two_rows_with_one_key_the_one_that_bears_its_seal_is_saved(
    file: Path, tmp_path: Path
) -> None:
    with closing(sqlite3.connect(file)) as connection:
        sql = "SELECT id FROM product ORDER BY row LIMIT 2"
        first, second = (row[0] for row in connection.execute(sql))
    spoilt = (first.encode(), second.encode())  # the first, which is read first, as the second
    damaged = _with(file, tmp_path / "damaged.sqlite", spoilt)
    salvage(damaged, tmp_path / "new.sqlite", SystemClock())
    with closing(ShopDatabase(tmp_path / "new.sqlite", SystemClock())) as saved:
        rows = saved.rows("SELECT code FROM product WHERE id = ?", (second,))
        broken = [one for one in sealed_rows.broken(saved) if " of product " in one]
    assert [row["code"] for row in rows] == ["SUGAR"]
    assert broken == []
