"""Damage that was met once is looked at at the next start."""

from __future__ import annotations

import shutil
from contextlib import closing
from pathlib import Path

import pytest

from pos_desktop.domain.clock import SystemClock
from pos_desktop.shop import open_shop
from pos_desktop.shop_folder import (
    DAMAGE_MARK,
    DATABASE_FILE,
)
from pos_desktop.shops.damage import check_no_damage, is_whole
from pos_desktop.shops.salvaged_shop import salvage_shop
from pos_desktop.storage.errors import FileUnusable
from tests.pos_desktop.services.play import play
from tests.pos_desktop.shops.spoiling import blank, root_of


def test_damage_that_is_met_at_work_is_looked_at_at_the_next_start(closed: Path) -> None:
    check_no_damage(closed)
    blank(closed, root_of(closed, "tender"))
    with closing(open_shop(closed)) as shop, pytest.raises(FileUnusable):
        shop.database.rows("SELECT * FROM tender")
    assert (closed / DAMAGE_MARK).exists()
    with pytest.raises(FileUnusable):
        check_no_damage(closed)
    salvage_shop(closed)
    check_no_damage(closed)
    (closed / DAMAGE_MARK).touch()
    assert is_whole(closed, SystemClock())
    assert not (closed / DAMAGE_MARK).exists()


def test_a_missing_or_spoilt_log_does_no_harm_to_what_the_file_holds(
    closed: Path, tmp_path: Path
) -> None:
    with closing(open_shop(closed)) as shop:
        play(shop, "login manager 1234", "MILK", "pay cash")
        cut = shutil.copytree(closed, tmp_path / "cut")
    (cut / f"{DATABASE_FILE}-wal").write_bytes(b"\x00\x01garbage" * 1000)
    with closing(open_shop(cut)) as shop:
        assert shop.changed_outside  # the head knows of a sale that is not there
        assert shop.database.value("SELECT count(*) FROM sale") == 5
