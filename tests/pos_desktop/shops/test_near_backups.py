"""Backups that are near are found, with what is known of them without a key."""

from __future__ import annotations

import errno
import io
import os
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO, Any

import pytest

from pos_desktop.domain.clock import ManualClock, SystemClock
from pos_desktop.security.sealed_file import Description, Sealing
from pos_desktop.services.backup.backup_folder import BackupFolder
from pos_desktop.shop import open_shop
from pos_desktop.shops.near_backups import (
    Likeness,
    NearBackup,
    NearFolders,
    ShopMarks,
    in_order,
    likeliest_of,
    likeness,
    newest_of,
)

AT = datetime(2026, 11, 26, tzinfo=UTC)


def backups_near(place: Path) -> list[NearBackup]:
    return NearFolders(SystemClock()).backups(place)


def _made(days: int, shop_id: str, till_code: str = "T1") -> NearBackup:
    return NearBackup(Path(f"{shop_id}-{days}"), AT + timedelta(days), till_code, shop_id)


def _damaged(days: int) -> NearBackup:
    return NearBackup(Path(f"damaged-{days}"), AT + timedelta(days))


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
    old, new, others, damaged = _made(0, "ours"), _made(1, "ours"), _made(2, "another"), _damaged(3)
    near = [old, new, others, damaged]
    ours, nothing = ShopMarks(frozenset({"ours"})), ShopMarks()
    assert newest_of(near, ours) == new
    assert newest_of(near, nothing) == others
    assert newest_of(near, ShopMarks(frozenset({"a third"}))) is None
    assert newest_of([damaged], nothing) is None
    assert in_order(near, ours) == [new, old, others, damaged]


def test_where_none_is_of_the_shop_for_sure_the_likeliest_is_told() -> None:
    marks = ShopMarks(frozenset({"ours"}), frozenset({"aside", "ours"}), frozenset({"T1", "T2"}))
    near = {
        Likeness.UNKNOWN: _damaged(9),
        Likeness.ANOTHER: _made(4, "another", "T9"),
        Likeness.TILL: _made(3, "another", "T2"),
        Likeness.ASIDE: _made(2, "aside", "T9"),
        Likeness.OWN: _made(1, "ours", "T9"),
    }
    assert {likeness(one, marks): one for one in near.values()} == near
    each = list[NearBackup]()
    for which, more in near.items():
        each.insert(0, more)
        told = more if Likeness.UNKNOWN < which < Likeness.OWN else None
        assert in_order(reversed(each), marks) == each
        assert likeliest_of(each, marks) == told
    assert likeliest_of([], marks) is None
    old, new = _made(5, "another", "T9"), _made(6, "another", "T9")
    assert likeliest_of([old, new], marks) == new


def test_one_that_was_made_after_now_is_told_as_that(closed: Path, tmp_path: Path) -> None:
    now = datetime.now(UTC)
    with closing(open_shop(closed)) as shop:
        shop.backups.make(tmp_path / "a.posbackup", actor=None)
    clock = ManualClock(now)
    folders = NearFolders(clock)
    for behind, is_ahead in ((0, False), (25, True), (23, False)):
        clock.set(now - timedelta(hours=behind))
        (made,) = folders.backups(tmp_path)
        assert made.is_ahead is is_ahead


def test_a_folder_that_cannot_be_read_hides_no_backup(
    closed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(open_shop(closed)) as shop:
        for name in ("bad", "good"):
            (tmp_path / "stick" / name).mkdir(parents=True)
            shop.backups.make(tmp_path / "stick" / name / f"{name}.posbackup", actor=None)
        shop.backups.make(tmp_path / "stick" / "above.posbackup", actor=None)
    glob = Path.glob

    def globs(path: Path, pattern: str) -> Iterator[Path]:
        if path.name == "bad":
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        return glob(path, pattern)

    monkeypatch.setattr(Path, "glob", globs)
    assert {one.path.stem for one in backups_near(tmp_path / "stick")} == {"above", "good"}


def test_a_file_that_is_the_same_is_read_once(
    closed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(open_shop(closed)) as shop:
        file = shop.backups.make(tmp_path / "a.posbackup", actor=None).path
    opened = list[Path]()
    real_open = Path.open

    def opens(path: Path, mode: str = "r") -> IO[Any]:
        opened.append(path)
        return real_open(path, mode)

    folders = NearFolders(SystemClock())
    whole = folders.backups(tmp_path)
    monkeypatch.setattr(Path, "open", opens)
    assert folders.backups(tmp_path) == whole
    assert opened == []
    changed = file.stat()
    file.write_bytes(bytes(changed.st_size))
    os.utime(file, ns=(changed.st_atime_ns, changed.st_mtime_ns + 2_000_000_000))
    (damaged,) = folders.backups(tmp_path)
    assert damaged.till_code == ""
    with file.open("ab") as more:
        more.write(b"x")
    os.utime(file, ns=(changed.st_atime_ns, changed.st_mtime_ns + 2_000_000_000))
    opened.clear()
    folders.backups(tmp_path)
    assert opened == [file]
    file.unlink()
    assert folders.backups(tmp_path) == []


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
