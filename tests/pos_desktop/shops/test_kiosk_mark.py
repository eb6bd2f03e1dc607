"""A mark tells the recovery that the till is a kiosk."""

from __future__ import annotations

from pathlib import Path

import pytest

from pos_desktop.shop_folder import KIOSK_MARK, nothing_of_a_shop
from pos_desktop.shops.kiosk_mark import follow_kiosk, was_kiosk


def test_the_mark_follows_the_setting_and_is_no_part_of_a_shop(tmp_path: Path) -> None:
    assert not was_kiosk(tmp_path)
    for _start in range(2):
        follow_kiosk(tmp_path, is_kiosk=True)
        assert was_kiosk(tmp_path)
    assert nothing_of_a_shop(tmp_path)
    for _start in range(2):
        follow_kiosk(tmp_path, is_kiosk=False)
        assert not was_kiosk(tmp_path)


def test_a_disk_that_takes_no_file_keeps_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_given: object) -> None:
        raise OSError

    monkeypatch.setattr("pos_desktop.shops.kiosk_mark.make_file", full)
    follow_kiosk(tmp_path, is_kiosk=True)
    assert not (tmp_path / KIOSK_MARK).exists()
