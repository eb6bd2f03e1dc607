"""What the developer's benchmarks share: throw-away shops full of goods."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pos_desktop.cli.bench import goods
from pos_desktop.domain import staff
from pos_desktop.shop import Shop, open_shop
from pos_desktop.shops.new_shop import NewShop, make_shop

LOGIN, PIN = "cashier", "1111"


@contextmanager
def folder() -> Iterator[Path]:
    """Make a folder that is thrown away afterwards."""
    path = Path(tempfile.mkdtemp(prefix="pos-bench-"))
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


def full_shop(directory: Path, products: int) -> Shop:
    """Make a shop with so many products, a cashier and an open shift."""
    make_shop(directory, NewShop(name="Bench", manager_name="Bench", manager_pin="1234"))
    shop = open_shop(directory)
    shop.staffing.add(login=LOGIN, name="Cashier", role=staff.CASHIER, pin=PIN, actor=None)
    if products:
        shop.importing.products(goods.write_csv(directory / "goods.csv", products), actor=None)
    shop.till.sign_in(LOGIN, PIN)
    shop.till.state.shift = shop.closing.open_shift(shop.till.person, 0)
    return shop
