"""Room on the disks is told before it hurts."""

from __future__ import annotations

import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest

from pos_desktop import settings
from pos_desktop.services.counter.room_watch import RoomWatch
from pos_desktop.services.doctor.finding import State
from pos_desktop.storage.room import LOW_BYTES, SCARCE_BYTES
from tests.pos_desktop.services.doctor.looked import looked, seen, set_values


def _leave(monkeypatch: pytest.MonkeyPatch, free: int) -> None:
    usage = SimpleNamespace(total=100 << 30, used=0, free=free)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage)


@pytest.mark.parametrize(
    ("free", "state"),
    [
        (SCARCE_BYTES - 1, State.BROKEN),
        (LOW_BYTES - 1, State.NOTE),
        (LOW_BYTES, State.OK),
    ],
)
def test_the_doctor_says_little_room_where_the_window_does(
    shop_directory: Path, monkeypatch: pytest.MonkeyPatch, free: int, state: State
) -> None:
    _leave(monkeypatch, free)
    trouble = RoomWatch(shop_directory).look()
    said = State.OK if trouble is None else State.NOTE
    assert state is (State.BROKEN if trouble and trouble.is_scarce else said)
    found = seen(shop_directory, "disk", "disk")
    assert found.state is state
    assert bool(found.advice) is (state is not State.OK)
    assert str(shop_directory) in found.detail


def test_a_disk_without_room_for_the_next_backup_is_broken(
    shop_directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (shop_directory / "backups").mkdir()
    with (shop_directory / "shop.sqlite").open("ab") as file:
        file.truncate(1_000_000_000)
    for free, state in ((2_063_999_999, State.BROKEN), (2_064_000_000, State.OK)):
        _leave(monkeypatch, free)
        assert seen(shop_directory, "disk", "disk-backups").state is state


def test_each_folder_of_backups_has_a_line(shop_directory: Path, tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    (shop_directory / "backups").mkdir()
    set_values(shop_directory, {settings.BACKUP_COPY_FOLDER: str(stick)})
    found = [one for one in looked(shop_directory, "disk") if one.check == "disk-backups"]
    places = (shop_directory / "backups", stick)
    assert [one.detail.rpartition(" at ")[2] for one in found] == [*map(str, places)]


def test_of_a_folder_that_is_not_there_no_room_is_told(tmp_path: Path) -> None:
    found = seen(tmp_path / "none" / "deeper", "disk", "disk")
    assert (found.state, "free" in found.detail) == (State.NOTE, False)
