"""Whole shops for the tests of services, commands and screens."""

from __future__ import annotations

import os
import shutil
import stat
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.errors import KeyringError

from pos_desktop.domain import staff
from pos_desktop.domain.ids import Id
from pos_desktop.services.people.sign_in import Person
from pos_desktop.shop import Shop, open_shop
from pos_desktop.shop_folder import shop_exists
from pos_desktop.shops.new_shop import NewShop, make_shop
from pos_desktop.shops.new_shop import demo_shop as make_demo_shop
from pos_desktop.storage.audit import run_checks

MANAGER = ("manager", "1234")
CASHIER = ("cashier", "1111")
NEW_SHOP = NewShop(
    name="Duka", manager_name="Njeri", manager_pin=MANAGER[1], kra_pin="P051234567X", demo=False
)


class DictKeyring(KeyringBackend):
    """A keyring that lasts as long as the test."""

    priority = 1.0

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[tuple[str, str], str] = {}
        self.fault: type[KeyringError] | None = None
        """What it says instead of an answer."""

    def get_password(self, service: str, username: str) -> str | None:
        if self.fault is not None:
            raise self.fault
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.kept[service, username]


@pytest.fixture
def dict_keyring() -> Iterator[DictKeyring]:
    """The keyring of this login, for as long as a test."""
    before = keyring.get_keyring()
    ours = DictKeyring()
    keyring.set_keyring(ours)
    yield ours
    keyring.set_keyring(before)


@pytest.fixture
def syncs(monkeypatch: pytest.MonkeyPatch) -> dict[int, bytes]:
    """What was in the files that Python has brought to the disk, by inode, when it last did."""
    if sys.platform == "win32":
        pytest.skip("a file is not read by its handle there")
    found: dict[int, bytes] = {}
    sync = os.fsync

    def noted(handle: int) -> None:
        sync(handle)
        about = os.fstat(handle)
        if stat.S_ISREG(about.st_mode):
            found[about.st_ino] = Path(f"/dev/fd/{handle}").read_bytes()

    monkeypatch.setattr(os, "fsync", noted)
    return found


@pytest.fixture
def kept_books(request: pytest.FixtureRequest) -> Iterator[Callable[[Path], None]]:
    """Takes the directory of a shop whose books must be in order when the test is over.

    Fixtures that make a shop ask for this, so that it is closed by then. A test that leaves books
    which are not in order is marked `spoils_books`.
    """
    directories: list[Path] = []
    yield directories.append
    if not request.node.get_closest_marker("spoils_books"):
        for directory in directories:
            if shop_exists(directory):
                assert_in_order(directory)


@pytest.fixture(scope="session")
def made_shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A shop that each test gets a copy of: to hash its PINs takes longer than most tests."""
    directory = tmp_path_factory.mktemp("made") / "shop"
    make_shop(directory, NEW_SHOP)
    shop = open_shop(directory)
    shop.staffing.add(
        login=CASHIER[0], name="Wanjiku", role=staff.CASHIER, pin=CASHIER[1], actor=None
    )
    shop.close()
    return directory


@pytest.fixture(scope="session")
def sold_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demo shop that has sold for six weeks of 2026; whoever writes into it copies it first."""
    from tests.pos_desktop.services.sold_shop import sold_shop

    folder = tmp_path_factory.mktemp("sold") / "shop"
    sold_shop(folder).close()
    return folder


@pytest.fixture
def shop_directory(tmp_path: Path, made_shop: Path, kept_books: Callable[[Path], None]) -> Path:
    """A directory with a shop in it: manager, cashier, no goods; verified at the end."""
    directory = tmp_path / "shop"
    kept_books(directory)
    shutil.copytree(made_shop, directory)
    return directory


@pytest.fixture
def shop(shop_directory: Path) -> Iterator[Shop]:
    """That shop, open."""
    shop = open_shop(shop_directory)
    yield shop
    shop.close()


@pytest.fixture
def selling_shop(shop: Shop) -> Shop:
    """The shop with a few goods, the cashier signed in and a shift open."""
    add_product(shop, "SUGAR", "Sugar 1 kg", 165_00, barcode="6161100000014")
    add_product(shop, "MILK", "Milk 500 ml", 65_00, tax_band="A")
    add_product(shop, "TOM", "Tomatoes, loose", 120_37, by_weight=1, unit="kg")
    shop.till.sign_in(*CASHIER)
    shop.till.state.shift = shop.closing.open_shift(shop.till.person, 2_000_00)
    return shop


@pytest.fixture
def demo_shop(tmp_path: Path, kept_books: Callable[[Path], None]) -> Iterator[Shop]:
    """The demo shop, open, the cashier signed in; its books are verified at the end."""
    make_shop(tmp_path / "demo", make_demo_shop())
    kept_books(tmp_path / "demo")
    shop = open_shop(tmp_path / "demo")
    shop.till.sign_in(*CASHIER)
    yield shop
    shop.close()


def add_product(
    shop: Shop, code: str, name: str, price_cents: int, *, barcode: str = "", **values: object
) -> Id:
    """Put a product into the catalogue as it would stand after an import."""
    database = shop.database
    product_id = shop.books.new_id()
    stamp = {"origin": shop.books.node.till_id, "ver": 1, "changed_at": 0}
    row = {
        "row": 1 + int(database.value("SELECT count(*) FROM product")),
        "id": product_id,
        "code": code,
        "name": name,
        "price_cents": price_cents,
        "tax_band": "B",
        **stamp,
        **values,
    }
    with database.write():
        database.insert("product", [row])
        if barcode:
            database.insert("barcode", [{"code": barcode, "product_id": product_id, **stamp}])
        database.execute_sql(
            "INSERT INTO product_search (rowid, name, code) VALUES (?, ?, ?)",
            (row["row"], name, code),
        )
    return product_id


def person(shop: Shop, sign_in: tuple[str, str]) -> Person:
    """Return somebody of the staff without asking for the PIN, which takes a tenth of a second."""
    (found,) = [one for one in shop.sign_in.people() if one.login == sign_in[0]]
    return found


def product_id(shop: Shop, code: str) -> Id:
    """Return the id of the product of a code or barcode, sold or not."""
    found = shop.catalogue.find(code)
    assert found is not None, code
    return found.item.product_id


def assert_in_order(directory: Path) -> None:
    """Assert that verify finds nothing in the books of a shop that nobody has open."""
    with closing(open_shop(directory)) as shop:
        checks = run_checks(shop.database, shop.key, shop.head)
    assert not [check for check in checks if not check.ok]


def bad_books(shop: Shop) -> set[str]:
    """Return the checks that fail; none in a shop whose books are in order."""
    return {check.check for check in run_checks(shop.database, shop.key, shop.head) if not check.ok}
