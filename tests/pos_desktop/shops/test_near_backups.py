"""Backups that are near are found, with what is known of them without a key."""

from __future__ import annotations

import io
import os
import sys
import threading
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pos_desktop.security.sealed_file import Description, Sealing
from pos_desktop.services.backup.backup_folder import BackupFolder
from pos_desktop.shop import open_shop
from pos_desktop.shops.near_backups import (
    NearBackup,
    backups_near,
    in_order,
    newest_of,
    newest_of_others,
)


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
    assert found["a.posbackup"].shop_id == shop.books.node.shop_id
    assert (found["b.posbackup"].till_code, found["b.posbackup"].shop_id) == ("", "")
    assert backups_near(tmp_path / "none") == []


def test_the_newest_backup_is_one_of_the_shop_and_no_damaged_file() -> None:
    at = datetime(2026, 11, 26, tzinfo=UTC)
    now = at + timedelta(4)
    old, new = (NearBackup(Path(), at + timedelta(n), "T1", "ours") for n in range(2))
    others = NearBackup(Path(), at + timedelta(2), "T1", "another")
    damaged = NearBackup(Path(), at + timedelta(3))
    near = [old, new, others, damaged]
    assert newest_of(near, {"ours"}, now) == new
    assert newest_of(near, (), now) == others
    assert newest_of(near, {"a third"}, now) is None
    assert newest_of([damaged], (), now) is None
    assert in_order(near, {"ours"}, now) == [new, old, damaged, others]


def test_the_newest_of_others_is_one_of_which_it_is_known_whose_it_is() -> None:
    at = datetime(2026, 11, 26, tzinfo=UTC)
    ours = NearBackup(Path(), at + timedelta(3), "T1", "ours")
    old, new = (NearBackup(Path(), at + timedelta(n), "T1", "another") for n in range(2))
    damaged = NearBackup(Path(), at + timedelta(2))
    near = [old, new, damaged, ours]
    assert newest_of_others(near, {"ours"}, at) == new
    assert newest_of_others([ours, damaged], {"ours"}, at) is None
    assert newest_of_others(near, (), at) is None


def test_one_of_a_clock_that_was_ahead_comes_behind_those_of_its_shop() -> None:
    now = datetime(2026, 11, 26, tzinfo=UTC)
    old, new, soon, ahead, far = (
        NearBackup(Path(), now + timedelta(hours=hours), "T1", "ours")
        for hours in (-48, -1, 23, 25, 40_000)
    )
    others = NearBackup(Path(), now, "T1", "another")
    near = [old, far, new, others, ahead, soon]
    assert in_order(near, {"ours"}, now) == [soon, new, old, far, ahead, others]
    assert newest_of([ahead, old], {"ours"}, now) == old
    assert newest_of([ahead], {"ours"}, now) == ahead


@pytest.mark.parametrize("taken_at", [10**16, -(10**18), 253402300799999, 10**30])
def test_one_of_no_moment_hides_no_other(tmp_path: Path, taken_at: int) -> None:
    described = Description(
        shop_id="00", till_code="T1", taken_at=taken_at, schema=1, size=1, program="x"
    )
    file = io.BytesIO()
    Sealing(file, b"k" * 32, described).finish()
    (tmp_path / "odd.posbackup").write_bytes(file.getvalue())
    (tmp_path / "other.posbackup").write_bytes(b"of something else")
    os.utime(tmp_path / "other.posbackup", (2**36, 2**36))
    assert {one.path.stem for one in backups_near(tmp_path)} == {"odd", "other"}


@pytest.mark.skipif(sys.platform == "win32", reason="no pipe lies in a folder there")
def test_a_pipe_keeps_nobody(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.posbackup")
    looks = (
        lambda: backups_near(tmp_path),
        lambda: BackupFolder(tmp_path, "00", ["T1"], b"k" * 32).listed(),
    )
    found: list[object] = []
    for look in looks:
        thread = threading.Thread(target=lambda look=look: found.append(look()), daemon=True)
        thread.start()
        thread.join(10)
    assert found == [[], []]
