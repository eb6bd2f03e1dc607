"""Room on the disks is told before it hurts."""

from __future__ import annotations

import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest

from pos_desktop import settings
from pos_desktop.services.backup.backup_writing import ROOM_LEFT
from pos_desktop.services.doctor.disk_looks import SOON
from pos_desktop.services.doctor.finding import State
from tests.pos_desktop.services.doctor.looked import looked, seen, set_values, states


def _leave(monkeypatch: pytest.MonkeyPatch, free: int) -> None:
    usage = SimpleNamespace(total=100 << 30, used=0, free=free)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage)


@pytest.mark.parametrize(
    ("free", "state"),
    [
        (ROOM_LEFT - 1, State.BROKEN),
        (SOON - 1, State.NOTE),
        (SOON * 2, State.OK),
    ],
)
def test_a_full_disk_is_broken_and_one_that_fills_is_told(
    shop_directory: Path, monkeypatch: pytest.MonkeyPatch, free: int, state: State
) -> None:
    _leave(monkeypatch, free)
    found = seen(shop_directory, "disk", "disk")
    assert found.state is state
    assert bool(found.advice) is (state is not State.OK)
    assert str(shop_directory) in found.detail


def test_each_folder_of_backups_has_a_line(shop_directory: Path, tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    (shop_directory / "backups").mkdir()
    set_values(shop_directory, {settings.BACKUP_COPY_FOLDER: str(stick)})
    found = [one for one in looked(shop_directory, "disk") if one.check == "disk-backups"]
    places = (shop_directory / "backups", stick)
    assert [one.detail.rpartition(" at ")[2] for one in found] == [*map(str, places)]


def test_without_a_folder_the_disk_on_which_it_would_be_is_told(tmp_path: Path) -> None:
    assert "disk" in states(looked(tmp_path / "none" / "deeper", "disk"))
