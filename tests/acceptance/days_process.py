"""Plays a shop's days as fast as it can in a process of its own, and tells its second books.

    days_process.py DIRECTORY SEED SALES

After each act it prints what the second books hold, a JSON object a line: a moment. It goes on
beyond so many sales until its input ends, and ends within a shift that has sold.
"""

from __future__ import annotations

import json
import random
import sys
import threading
from pathlib import Path

from pos_desktop import settings
from pos_desktop.shop import open_shop
from tests.acceptance.shop_days import Days

SHIFT_ACTS = 30
"""At most so many acts between two counts of the drawer."""


class Telling:
    """Days that are told, act by act."""

    def __init__(self, days: Days) -> None:
        self._days = days
        self.zs = 0
        self.in_shift = False

    def open_shift(self) -> None:
        """Open a shift, and tell it."""
        self._days.open_shift()
        self.in_shift = True
        self._tell()

    def one(self) -> None:
        """Do one thing, and tell it."""
        self._days.one()
        self._tell()

    def close_shift(self) -> None:
        """Close the shift without a word of what should be there, and tell it."""
        self._days.type("shift close 1000.00 whatever")
        self.in_shift = False
        self._tell()

    def close_day(self) -> None:
        """Close the day, and tell it."""
        self._days.type("z")
        self.in_shift = False
        self.zs += 1
        self._tell()
        self._days.next_day()

    def _tell(self) -> None:
        days, sums = self._days, self._days.all
        moment = {
            "sales": sums.sales,
            "refunds": sums.refunds,
            "gross_cents": sums.gross,
            "vat_cents": sums.vat,
            "rounding_cents": sums.rounding,
            "discount_cents": sums.discount,
            "payments_on_account_cents": sums.on_account,
            "tenders": {kind: cents for kind, cents in sums.tenders.items() if cents},
            "bands": {band: cents for band, cents in sums.bands.items() if cents},
            "stock": {code: count for code, count in days.stock.items() if count},
            "drawer_cents": days.floats + days.shift.in_drawer if self.in_shift else None,
            "zs": self.zs,
        }
        print(json.dumps(moment), flush=True)


def main(directory: Path, seed: int, sales: int) -> None:
    """Sell until there are so many sales and the input has ended; close the shop."""
    shop = open_shop(directory)
    shop.configuration.set(settings.PRINTER_ADDRESS, "", shop.books, actor=None)
    days = Days(shop, random.Random(seed))
    told = Telling(days)
    enough = threading.Event()

    def listen() -> None:
        sys.stdin.read()
        enough.set()

    threading.Thread(target=listen, daemon=True).start()

    def is_over() -> bool:
        return enough.is_set() and days.all.sales >= sales and told.zs > 0

    while True:
        for _shift in range(days.chance.randint(1, 2)):
            told.open_shift()
            for _act in range(days.chance.randint(3, SHIFT_ACTS)):
                told.one()
                if is_over() and days.shift.sales:
                    shop.close()
                    return
            if days.chance.random() < 0.2:
                break
            told.close_shift()
        told.close_day()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
