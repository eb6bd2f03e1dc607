"""What the files of a shop, and those that were put aside, still say of it."""

from __future__ import annotations

from pathlib import Path

from pos_desktop.domain.clock import SystemClock
from pos_desktop.shop_folder import DATABASE_FILE
from pos_desktop.shops.new_shop import NewShop, make_shop
from pos_desktop.shops.put_aside import put_aside, shops_here
from pos_desktop.storage.database import ShopDatabase
from pos_desktop.storage.node import current
from tests.pos_desktop.shops.spoiling import blank, root_of


def test_a_damaged_file_and_one_aside_say_which_shop_it_was(closed: Path) -> None:
    database = ShopDatabase(closed / DATABASE_FILE, SystemClock())
    shop_id = current(database).shop_id
    database.close()
    blank(closed, root_of(closed, "sale"))
    assert shops_here(closed) == {shop_id}
    put_aside(closed, SystemClock())
    (closed / DATABASE_FILE).unlink()
    assert shops_here(closed) == {shop_id}


def test_the_shop_that_is_here_counts_before_one_that_was_put_aside(
    closed: Path, tmp_path: Path
) -> None:
    put_aside(closed, SystemClock())
    there = shops_here(closed)
    (closed / DATABASE_FILE).unlink()
    other = tmp_path / "other"
    make_shop(other, NewShop(name="Duka", manager_name="Njeri", manager_pin="1234"))
    (other / DATABASE_FILE).rename(closed / DATABASE_FILE)
    here = shops_here(closed)
    assert len(here) == 1
    assert here.isdisjoint(there)


def test_where_nothing_is_left_no_shop_is_named(tmp_path: Path) -> None:
    assert shops_here(tmp_path) == set()
    (tmp_path / DATABASE_FILE).touch()
    assert shops_here(tmp_path) == set()
