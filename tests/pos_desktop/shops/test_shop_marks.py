"""What the files of a shop, and those that were put aside, still say of it."""

from __future__ import annotations

from pathlib import Path

from pos_desktop.domain.clock import SystemClock
from pos_desktop.shop_folder import DATABASE_FILE
from pos_desktop.shops.near_backups import ShopMarks, marks_here
from pos_desktop.shops.new_shop import NewShop, make_shop
from pos_desktop.shops.put_aside import put_aside
from pos_desktop.storage.database import ShopDatabase
from pos_desktop.storage.node import current
from tests.pos_desktop.shops.spoiling import blank, root_of


def test_a_damaged_file_and_one_aside_say_which_shop_it_was(closed: Path) -> None:
    database = ShopDatabase(closed / DATABASE_FILE, SystemClock())
    shop_id = current(database).shop_id
    database.close()
    blank(closed, root_of(closed, "sale"))
    marks = marks_here(closed)
    shop, code = frozenset({shop_id}), frozenset({"T1"})
    assert marks == ShopMarks(shop, frozenset(), code)
    put_aside(closed, SystemClock())
    (closed / DATABASE_FILE).unlink()
    assert marks_here(closed) == ShopMarks(shop, shop, code)


def test_the_shop_that_is_here_counts_before_one_that_was_put_aside(
    closed: Path, tmp_path: Path
) -> None:
    put_aside(closed, SystemClock())
    there = marks_here(closed).shop_ids
    (closed / DATABASE_FILE).unlink()
    other = tmp_path / "other"
    shop = NewShop(name="Duka", manager_name="Njeri", manager_pin="1234", till_code="T7")
    make_shop(other, shop)
    (other / DATABASE_FILE).rename(closed / DATABASE_FILE)
    marks = marks_here(closed)
    assert len(marks.shop_ids) == 1
    assert marks.shop_ids.isdisjoint(there)
    assert marks.ids_aside == there
    assert marks.till_codes == {"T1", "T7"}


def test_where_nothing_is_left_no_shop_is_named(tmp_path: Path) -> None:
    assert marks_here(tmp_path) == ShopMarks()
    (tmp_path / DATABASE_FILE).touch()
    assert marks_here(tmp_path) == ShopMarks()
