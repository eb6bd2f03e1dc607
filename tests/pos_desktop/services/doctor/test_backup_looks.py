"""Backups: none, a young one, an old one, a folder that is gone."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pos_desktop import settings
from pos_desktop.domain.clock import ManualClock
from pos_desktop.services.doctor.finding import State
from pos_desktop.shop import open_shop
from tests.pos_desktop.services.doctor.looked import looked, seen, set_values, states


@pytest.mark.parametrize(
    ("age", "state"),
    [
        (timedelta(hours=3), State.OK),
        (timedelta(days=3), State.NOTE),
        (timedelta(days=8), State.BROKEN),
    ],
)
def test_the_age_of_the_newest_counts(shop_directory: Path, age: timedelta, state: State) -> None:
    with closing(open_shop(shop_directory)) as shop:
        shop.backups.make(actor=None)
    clock = ManualClock(datetime.now(UTC) + age)
    assert seen(shop_directory, "backups", "backup", clock).state is state


def test_a_new_shop_without_one_is_not_told_off(shop_directory: Path) -> None:
    found = states(looked(shop_directory, "backups"))
    assert found == {"backup-folders": State.OK, "backup": State.NOTE}


def test_a_stick_that_is_out_is_broken(shop_directory: Path, tmp_path: Path) -> None:
    gone = tmp_path / "stick"
    set_values(shop_directory, {settings.BACKUP_COPY_FOLDER: str(gone)})
    found = [one for one in looked(shop_directory, "backups") if one.check == "backup-folders"]
    assert [one.state for one in found] == [State.OK, State.BROKEN]
    assert str(gone) in found[1].detail
    assert not gone.exists()
