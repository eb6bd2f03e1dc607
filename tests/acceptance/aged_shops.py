"""A shop after some days of work: whole, with its last sales in the log, and before.

Each of its tables holds something: see `busy_office`.
"""

from __future__ import annotations

import shutil
from contextlib import closing
from pathlib import Path

from pos_desktop.domain import staff
from pos_desktop.shop import open_shop
from pos_desktop.shops.new_shop import make_shop
from tests.acceptance import busy_office
from tests.pos_desktop.conftest import CASHIER, MANAGER, NEW_SHOP, add_product
from tests.pos_desktop.services.play import play


def aged_shop(place: Path) -> tuple[Path, Path, Path]:
    """Make them in a place; return the shop, as a power cut would leave it, and from before."""
    directory, older, cut = place / "shop", place / "older", place / "cut"
    make_shop(directory, NEW_SHOP)
    with closing(open_shop(directory)) as shop:
        shop.staffing.add(
            login=CASHIER[0], name="Wanjiku", role=staff.CASHIER, pin=CASHIER[1], actor=None
        )
        for number in range(60):
            add_product(shop, f"G{number:03}", f"Good {number}", 10_00 + number)
        add_product(shop, "MILK", "Milk", 65_00)
        add_product(shop, "SUGAR", "Sugar", 165_00)
        play(shop, "login " + " ".join(CASHIER), "shift open 1000")
        for number in range(0, 60, 3):
            play(shop, f"G{number:03}", f"2*G{number + 1:03}", "pay cash 500")
        play(shop, "2*MILK", "pay cash 200", "SUGAR", "10%", "pay card 148.50 A1")
        play(shop, "shift close 1080", "z")
        play(shop, "login " + " ".join(MANAGER))
        busy_office.work(shop)
        busy_office.fill(shop)
        play(shop, "login " + " ".join(CASHIER))
        play(shop, "shift open 500", "MILK", "SUGAR", "void", "pay cash")
        shop.database.value("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copytree(directory, older)
    with closing(open_shop(directory)) as shop:
        shop.till.sign_in(*CASHIER)
        play(shop, "SUGAR", "pay cash", "3*MILK", "pay cash 500", "cash in 20 change")
        shutil.copytree(directory, cut)
        shop.database.value("PRAGMA wal_checkpoint(TRUNCATE)")
    return directory, cut, older
