"""Whatever moment a shop is killed at that is brought back: it is the old one, or the new one."""

from __future__ import annotations

import itertools
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from pos_desktop.shop import open_shop
from pos_desktop.shop_folder import (
    DAMAGED_FOLDER,
    DATABASE_FILE,
    ShopFileGone,
    nothing_of_a_shop,
)
from pos_desktop.shops.restored_over import restore_over
from tests.pos_desktop.conftest import bad_books
from tests.pos_desktop.services.play import play
from tests.pos_desktop.shops.spoiling import blank, root_of, rows
from tests.released.released_shops import recovery_key

PROCESS = Path(__file__).with_name("bringing_back_process.py")
SALES = 5


@pytest.fixture
def backup(closed: Path, tmp_path: Path) -> Path:
    """A backup of it, after which one more was sold."""
    with closing(open_shop(closed)) as shop:
        made = shop.backups.make(tmp_path / "monday", actor=None).path
        play(shop, "login manager 1234", "MILK", "pay cash")
    return made


def killed_ones(template: Path, *arguments: str) -> Iterator[Path]:
    """Yield the shop as each kill leaves it, and in the end as it is without one."""
    for step in itertools.count():
        place = template.with_name(f"killed-{step}")
        shutil.copytree(template, place)
        command = [sys.executable, str(PROCESS), str(place), str(step), *arguments]
        code = subprocess.run(command, check=False).returncode
        assert code in (0, 9)
        yield place
        if code == 0:
            return


def assert_nothing_is_left(place: Path) -> None:
    """No part of a shop that came about, and no second name of what the till goes on with."""
    assert not [*place.glob(".bringing-back*")]
    assert not [one for one in (place / DAMAGED_FOLDER).rglob("*") if one.is_file()]
    assert (place / DATABASE_FILE).stat().st_nlink == 1


def each(template: Path, look: Callable[[Path], str], *arguments: str) -> None:
    """Look at each, and assert that there is an old one, then a new one, and nothing between."""
    found = []
    for place in killed_ones(template, *arguments):
        assert not nothing_of_a_shop(place)
        found.append(look(place))
    turn = found.index("new")
    assert turn > 3
    assert len(found) - turn > 3
    assert found == ["old"] * turn + ["new"] * (len(found) - turn)


def test_a_shop_that_is_restored_over(closed: Path, backup: Path) -> None:
    key = recovery_key(closed)

    def look(place: Path) -> str:
        with closing(open_shop(place)) as shop:
            is_old = shop.books.node.till_code == "T1"
            assert shop.database.value("SELECT count(*) FROM sale") == SALES + is_old
            assert bad_books(shop) == set()
        if is_old:
            assert_nothing_is_left(place)
            return "old"
        (aside,) = (place / DAMAGED_FOLDER).iterdir()
        assert len(rows(aside / DATABASE_FILE, "sale")) == SALES + 1
        return "new"

    each(closed, look, str(backup), key)


def test_a_shop_of_which_only_the_file_is_gone(closed: Path, backup: Path) -> None:
    key = recovery_key(closed)
    (closed / DATABASE_FILE).unlink()

    def look(place: Path) -> str:
        try:
            with closing(open_shop(place)) as shop:
                assert bad_books(shop) == set()
                assert shop.books.node.till_code != "T1"
        except ShopFileGone:
            restore_over(backup, place, key)
            open_shop(place).close()
            assert not [*place.glob(".bringing-back*")]
            assert len([*(place / DAMAGED_FOLDER).glob("*/secrets")]) == 1
            return "old"
        return "new"

    each(closed, look, str(backup), key)


def test_a_damaged_shop_of_which_is_saved(closed: Path) -> None:
    blank(closed, root_of(closed, "sale_day"))
    damaged = (closed / DATABASE_FILE).read_bytes()

    def look(place: Path) -> str:
        with closing(open_shop(place)) as shop:
            assert shop.database.value("SELECT count(*) FROM sale NOT INDEXED") == SALES
        if (place / DATABASE_FILE).read_bytes()[: len(damaged)] == damaged:
            assert_nothing_is_left(place)
            return "old"
        (aside,) = (place / DAMAGED_FOLDER).iterdir()
        assert (aside / DATABASE_FILE).read_bytes() == damaged
        return "new"

    each(closed, look, "salvage")
