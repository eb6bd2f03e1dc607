"""A shop is made once, opened from its directory, and keeps its secrets to itself."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from pos_desktop.domain.errors import Refused, Unavailable
from pos_desktop.security.recovery import JOURNAL_KEY, derive_keys
from pos_desktop.security.secrets import SecretsMissing
from pos_desktop.services.imports.first_goods import FirstProduct
from pos_desktop.shop import Shop, open_shop
from pos_desktop.shop_folder import NoShop, ShopFileGone, nothing_of_a_shop, shop_exists
from pos_desktop.shops.new_shop import check_can_make, demo_shop, make_shop
from pos_desktop.storage.errors import FileUnusable
from tests.pos_desktop.conftest import NEW_SHOP, bad_books
from tests.pos_desktop.services.play import play


def test_a_new_shop_is_in_order_and_its_files_are_its_owners_alone(shop_directory: Path) -> None:
    shop = open_shop(shop_directory)
    assert bad_books(shop) == set()
    shop.close()
    assert shop_directory.stat().st_mode & 0o777 == 0o700
    for name in ("shop.sqlite", "secrets", "journal.head"):
        assert (shop_directory / name).stat().st_mode & 0o777 == 0o600, name


def test_the_files_of_a_shared_directory_are_its_groups_too(tmp_path: Path) -> None:
    directory = tmp_path / "shared"
    directory.mkdir()
    directory.chmod(0o2770)
    make_shop(directory, NEW_SHOP)
    assert (directory / "shop.sqlite").stat().st_mode & 0o777 == 0o660
    assert (directory / "secrets").stat().st_mode & 0o777 == 0o660
    assert (directory / "journal.head").stat().st_mode & 0o777 == 0o660
    open_shop(directory).close()
    assert (directory / "locks").stat().st_mode & 0o7777 == 0o2770


def test_the_recovery_key_makes_the_journals_key_again(tmp_path: Path) -> None:
    recovery_key = make_shop(tmp_path / "shop", NEW_SHOP)
    shop = open_shop(tmp_path / "shop")
    assert derive_keys(recovery_key, shop.books.node.shop_id)[JOURNAL_KEY] == shop.key
    shop.close()
    kept = [path.read_bytes() for path in (tmp_path / "shop").iterdir() if path.is_file()]
    assert not [content for content in kept if recovery_key.encode() in content]


def test_a_shop_is_never_overwritten(shop_directory: Path) -> None:
    before = (shop_directory / "shop.sqlite").read_bytes()
    with pytest.raises(Refused, match="already"):
        make_shop(shop_directory, NEW_SHOP)
    assert (shop_directory / "shop.sqlite").read_bytes() == before


@pytest.mark.parametrize("wrong", [{"manager_pin": "12"}, {"till_code": "till one"}])
def test_a_shop_that_cannot_be_made_leaves_nothing(tmp_path: Path, wrong: dict[str, str]) -> None:
    with pytest.raises(Refused):
        make_shop(tmp_path / "shop", dataclasses.replace(NEW_SHOP, **wrong))  # type: ignore[arg-type]
    assert not shop_exists(tmp_path / "shop")


def test_an_empty_place_is_no_shop(tmp_path: Path) -> None:
    with pytest.raises(NoShop, match="posctl init"):
        open_shop(tmp_path)


@pytest.mark.spoils_books
def test_a_shop_without_its_secrets_says_so(shop_directory: Path) -> None:
    (shop_directory / "secrets").write_text("{}")
    with pytest.raises(SecretsMissing):
        open_shop(shop_directory)


def test_the_demo_shop_has_staff_goods_and_a_printer(tmp_path: Path) -> None:
    make_shop(tmp_path / "demo", demo_shop())
    shop = open_shop(tmp_path / "demo")
    assert {person.login for person in shop.sign_in.people()} == {"manager", "cashier"}
    assert shop.sign_in.sign_in("manager", "1234").name == "Njeri"
    assert shop.sign_in.sign_in("cashier", "1111").name == "Wanjiku"
    assert shop.database.value("SELECT count(*) FROM product") == 40
    assert shop.database.value("SELECT count(*) FROM barcode") > 30
    assert bad_books(shop) == set()
    shop.close()


def test_two_programs_may_open_one_shop(shop: Shop) -> None:
    other = open_shop(shop.directory)
    other.sign_in.sign_in("cashier", "1111")
    shop.sign_in.sign_in("manager", "1234")
    assert bad_books(shop) == set()
    other.close()


@pytest.mark.parametrize("name", ["secrets", "journal.head", "shop.sqlite-wal"])
def test_the_remains_of_another_shop_are_not_overwritten(tmp_path: Path, name: str) -> None:
    """Least of all a log, which would be brought into the new file."""
    (tmp_path / name).write_text("{}")
    with pytest.raises(Refused, match="of a shop"):
        make_shop(tmp_path, NEW_SHOP)
    assert [path.name for path in tmp_path.iterdir()] == [name]


@pytest.mark.spoils_books
def test_a_file_without_a_node_has_its_sentence(shop: Shop) -> None:
    shop.database.execute_sql("DROP TRIGGER node_no_delete")
    shop.database.execute_sql("DELETE FROM node")
    with pytest.raises(FileUnusable):
        open_shop(shop.directory)


@pytest.mark.spoils_books
def test_a_head_that_was_removed_is_told_for_ever(shop_directory: Path) -> None:
    (shop_directory / "journal.head").unlink()
    shop = open_shop(shop_directory)
    shop.sign_in.sign_in("manager", "1234")
    assert bad_books(shop) == {"head"}
    shop.close()


def test_the_last_receipt_is_kept_outside_the_file(selling_shop: Shop) -> None:
    play(selling_shop, "SUGAR", "pay cash", "x", "logout")
    kept = selling_shop.head.read()
    assert kept is not None
    assert kept.receipt == "T1-000001"


def test_an_empty_place_is_told_by_its_whole_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(NoShop) as told:
        open_shop(Path("nowhere"))
    assert str(tmp_path / "nowhere") in str(told.value)
    assert str(told.value).index("--data") < str(told.value).index("posctl init")


@pytest.mark.parametrize("left", ["secrets", "journal.head"])
def test_a_shop_whose_file_is_gone_is_not_made_anew(shop_directory: Path, left: str) -> None:
    for name in {"shop.sqlite", "secrets", "journal.head"} - {left}:
        (shop_directory / name).unlink()
    with pytest.raises(ShopFileGone, match=r"shop\.sqlite is missing in /"):
        open_shop(shop_directory)


def test_a_place_that_takes_no_shop_says_so_before_anything_is_asked(tmp_path: Path) -> None:
    check_can_make(tmp_path / "new" / "shop")
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(Unavailable, match="may not write there"):
        check_can_make(tmp_path / "file" / "shop")
    make_shop(tmp_path / "shop", NEW_SHOP)
    with pytest.raises(Refused, match="a shop in"):
        check_can_make(tmp_path / "shop")
    assert nothing_of_a_shop(tmp_path / "new")
    assert not nothing_of_a_shop(tmp_path / "shop")
    (tmp_path / "shop" / "shop.sqlite").unlink()
    assert not nothing_of_a_shop(tmp_path / "shop")


def test_a_new_shop_has_its_printer_and_goods_or_is_not_made(tmp_path: Path) -> None:
    product = FirstProduct("Milk, fresh", 65_00)
    printer = f"virtual://{(tmp_path / 'prints').as_posix()}"
    new = dataclasses.replace(NEW_SHOP, goods=product, printer=printer)
    make_shop(tmp_path / "shop", new)
    shop = open_shop(tmp_path / "shop")
    item = shop.catalogue.item("1")
    assert (item.name, item.price_cents) == ("Milk, fresh", 65_00)
    assert [one.address for one in shop.print_room.devices()] == [printer]
    assert bad_books(shop) == set()
    shop.close()
    with pytest.raises(Refused):
        make_shop(tmp_path / "other", dataclasses.replace(new, printer="nonsense"))
    assert nothing_of_a_shop(tmp_path / "other")
    assert list((tmp_path / "other").iterdir()) == []
