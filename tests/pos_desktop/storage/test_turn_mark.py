"""A till that waits is let in before the next chunk of another program's bulk writer."""

from __future__ import annotations

import errno
import os
import stat
import sys
import threading
from pathlib import Path

import pytest

from pos_desktop.domain.clock import ManualClock, SystemClock
from pos_desktop.storage.database import ShopDatabase
from pos_desktop.storage.errors import FileBusy
from pos_desktop.storage.turn_mark import FRESH_SECONDS, SUFFIX, TurnMark
from tests.pos_desktop.storage.conftest import NOON, ShopFile


def test_another_program_sees_the_mark_until_it_is_withdrawn_or_old(tmp_path: Path) -> None:
    (tmp_path / "shop.sqlite").touch()
    till, bulk = (TurnMark(tmp_path / "shop.sqlite") for _program in range(2))
    assert not bulk.is_asked(100.0)
    assert not bulk.is_asked(0.0)
    till.ask(100.0)
    assert bulk.is_asked(100.0)
    assert bulk.is_asked(100.0 + FRESH_SECONDS * 0.9)
    assert not bulk.is_asked(100.0 + FRESH_SECONDS)
    assert not bulk.is_asked(99.0), "a mark of another clock's future binds nobody"
    till.withdraw()
    assert not bulk.is_asked(100.0)


def test_a_mark_that_was_given_back_is_opened_again(tmp_path: Path) -> None:
    (tmp_path / "shop.sqlite").touch()
    till, bulk = (TurnMark(tmp_path / "shop.sqlite") for _program in range(2))
    till.ask(100.0)
    bulk.release()
    till.release()
    assert bulk.is_asked(100.0)
    till.withdraw()
    assert not bulk.is_asked(100.0)


@pytest.mark.skipif(sys.platform == "win32", reason="rights are other things there")
def test_the_mark_may_be_used_by_whoever_may_use_the_file(tmp_path: Path) -> None:
    database = tmp_path / "shop.sqlite"
    database.touch(0o660)
    database.chmod(0o660)
    TurnMark(database).ask(1.0)
    assert stat.S_IMODE((tmp_path / f"shop.sqlite{SUFFIX}").stat().st_mode) == 0o660


def test_a_disk_without_room_for_a_mark_costs_nothing_else(tmp_path: Path) -> None:
    mark = TurnMark(tmp_path / "nowhere" / "shop.sqlite")
    mark.ask(1.0)
    assert not mark.is_asked(1.0)


@pytest.mark.skipif(sys.platform == "win32", reason="no file has a hole there unless it asks")
@pytest.mark.parametrize("is_there", [False, True])
def test_a_mark_has_its_room_before_a_till_writes_into_it(tmp_path: Path, is_there: bool) -> None:
    """Else a full disk kills the till in the moment in which it first waits."""
    path = tmp_path / f"shop.sqlite{SUFFIX}"
    (tmp_path / "shop.sqlite").touch()
    if is_there:
        path.touch()
        os.truncate(path, 8)
    assert not TurnMark(tmp_path / "shop.sqlite").is_asked(1.0)
    assert path.stat().st_blocks > 0


def test_on_a_full_disk_there_is_no_mark_and_selling_goes_on(
    shop_file: ShopFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_handle: int, _content: bytes) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    mark = TurnMark(shop_file.path)
    monkeypatch.setattr("pos_desktop.storage.turn_mark.os.write", full)
    mark.ask(1.0)
    assert not mark.is_asked(1.0)
    mark.withdraw()


def test_a_bulk_writer_begins_no_chunk_while_a_till_waits(shop_file: ShopFile) -> None:
    clock = ManualClock(NOON)
    clock.sleep(1)
    bulk = ShopDatabase(shop_file.path, clock)
    TurnMark(shop_file.path).ask(clock.monotonic())
    with bulk.write_bulk():
        assert clock.monotonic() >= 1 + FRESH_SECONDS
    bulk.close()


def test_a_till_that_is_told_busy_asks_and_a_bulk_writer_does_not(shop_file: ShopFile) -> None:
    clock = ManualClock(NOON)
    other, mark = ShopDatabase(shop_file.path, clock), TurnMark(shop_file.path)
    with shop_file.database.write(), pytest.raises(FileBusy), other.write_bulk():
        pytest.fail("two writers at once")
    assert not mark.is_asked(clock.monotonic())
    with shop_file.database.write(), pytest.raises(FileBusy), other.write():
        pytest.fail("two writers at once")
    assert mark.is_asked(clock.monotonic())
    other.close()


def test_a_till_that_got_its_turn_asks_no_more(shop_file: ShopFile) -> None:
    clock = SystemClock()
    till, mark = ShopDatabase(shop_file.path, clock), TurnMark(shop_file.path)
    done = threading.Event()

    def sell() -> None:
        with till.write():
            done.set()
        till.close()

    thread = threading.Thread(target=sell)
    with shop_file.database.write():
        thread.start()
        while not mark.is_asked(clock.monotonic()):
            assert not done.wait(0.0001), "the till did not wait"
    thread.join(10)
    assert done.is_set()
    assert not mark.is_asked(clock.monotonic())
