"""Backups that are near are found, with what is known of them without a key."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from pos_desktop.shop import open_shop
from pos_desktop.shops.near_backups import backups_near


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
