"""The measurements that run on a shop's own machine, in a throw-away shop full of goods."""

from __future__ import annotations

import csv
import gc
from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice
from pathlib import Path

from pos_desktop.cli.bench import goods
from pos_desktop.cli.bench.background import Background
from pos_desktop.cli.bench.figure import Figure, of_times
from pos_desktop.domain.clock import Clock, SystemClock
from pos_desktop.domain.tender import Payment
from pos_desktop.domain.text import _
from pos_desktop.services.sales.selling import Checkout
from pos_desktop.shop import Shop, open_shop
from pos_desktop.shops.new_shop import NewShop, make_shop
from pos_desktop.storage import bare
from pos_desktop.storage.database import ShopDatabase

PIN = "1234"
_STRIDE = 7919
"""A prime: the places that are looked up lie scattered over the catalogue."""
_SALES, _LINES = 1000, 5
_MOST_SECONDS = 10.0
"""Of selling: a disk that takes longer for fewer sales has shown what it is."""
_BLOCK = 5000
_SALE_MS = 5.0
"""Beside the disk: neither the file's commit nor the journal's head beside it waits for it."""
_FEW, _FEW_TIMES = 200, 30


class Bench:
    """Measures in a shop that is made for it inside a folder."""

    def __init__(self, folder: Path, products: int, clock: Clock | None = None) -> None:
        self._folder = folder
        self._products = products
        self._clock = clock or SystemClock()

    def run(self) -> Iterator[Figure]:
        """Make the shop by the import that is measured, then yield one figure after another."""
        directory = self._folder / "shop"
        new = NewShop(name="Bench", manager_name="Bench", manager_pin=PIN)
        make_shop(directory, new)
        shop = open_shop(directory, clock=self._clock)
        try:
            yield self._import(shop)
            yield from self._small_imports(shop)
            yield self._barcodes(shop)
            yield from self._searches(shop)
            yield from self._sales(shop)
            first = self._products * 10 + (_FEW_TIMES + 1) * 1000
            yield from Background(shop, self._folder, self._clock, first).run()
        finally:
            shop.close()

    def _timed(self, act: Callable[[], object]) -> float:
        began = self._clock.monotonic()
        act()
        return self._clock.monotonic() - began

    def _import(self, shop: Shop) -> Figure:
        source = goods.write_csv(self._folder / "goods.csv", self._products)
        reference = self._timed(lambda: self._insert_all(source))
        seconds = self._timed(lambda: shop.importing.products(source, actor=None))
        return of_times(
            _("import {count} rows").format(count=self._products),
            [seconds],
            reference=(_("rows into one bare table"), [reference]),
        )

    def _insert_all(self, source: Path) -> None:
        """Put the file into one table without any rule: the least that this machine needs."""
        database = ShopDatabase(self._folder / "reference.sqlite", self._clock)
        with source.open(newline="", encoding="utf-8") as file, database.write():
            bare.make_table(database, goods.HEADER)
            rows = csv.reader(file)
            next(rows)
            while block := list(islice(rows, _BLOCK)):
                bare.put_rows(database, block, len(goods.HEADER))
        database.close()

    def _small_imports(self, shop: Shop) -> Iterator[Figure]:
        seconds = []
        for number in range(1, _FEW_TIMES + 1):
            first = self._products * 10 + number * 1000
            source = goods.write_csv(self._folder / "few.csv", _FEW, first)
            seconds.append(self._timed(partial(shop.importing.products, source, actor=None)))
        what = _("import {count} rows, in a process that runs").format(count=_FEW)
        yield of_times(what, seconds, below=200)

    def _barcodes(self, shop: Shop) -> Figure:
        codes = [goods.barcode(place) for place in self._places(5000)]
        return of_times(
            _("look up a barcode"),
            [self._timed(partial(shop.catalogue.item, code)) for code in codes],
            below=1,
            reference=(
                _("bare SQL"),
                [self._timed(partial(bare.names_of_barcode, shop.reader, code)) for code in codes],
            ),
        )

    def _searches(self, shop: Shop) -> Iterator[Figure]:
        shop.catalogue.refresh_vocabulary()
        names = [goods.name(place) for place in self._places(500)]
        typed = {
            _("search a letter"): [name[:1] for name in names],
            _("search three letters"): [name[:3] for name in names],
            _("search two words"): [" ".join(name.split()[:2]) for name in names],
            _("search with a letter wrong"): [_mistyped(name.split()[0]) for name in names],
        }
        for what, texts in typed.items():
            yield of_times(
                what,
                [self._timed(partial(shop.catalogue.search, text)) for text in texts],
                below=20,
                reference=(
                    _("bare index"),
                    [self._timed(partial(bare.rows_of_words, shop.reader, text)) for text in texts],
                ),
            )

    def _sales(self, shop: Shop) -> Iterator[Figure]:
        shop.till.sign_in("manager", PIN)
        shop.till.state.shift = shop.closing.open_shift(shop.till.person, 0)
        database = shop.database
        bare.make_commit_table(database)
        sales, commits, unsynced = [], [], []
        gc.collect()
        gc.freeze()  # as the window does when it opens
        for number in range(_SALES):
            checkout = self._checkout(shop, number)
            sales.append(self._timed(partial(shop.selling.complete, checkout)))
            commits.append(self._timed(partial(bare.commit_a_sale, database)))
            if sum(sales) > _MOST_SECONDS:
                break
        reference = (_("bare commit, same disk"), commits)
        yield of_times(_("record a sale of five lines"), sales, reference=reference, median=True)
        bare.wait_for_no_disk(database, shop.head)
        for number in range(_SALES):
            checkout = self._checkout(shop, number)
            unsynced.append(self._timed(partial(shop.selling.complete, checkout)))
        gc.unfreeze()
        yield of_times(_("the same without a wait for the disk"), unsynced, below=_SALE_MS)

    def _checkout(self, shop: Shop, number: int) -> Checkout:
        basket = shop.till.state.basket
        for line in range(_LINES):
            place = (number * _LINES + line) * _STRIDE % self._products
            basket = basket.add(shop.catalogue.item(goods.barcode(place)), 1000)
        due = shop.selling.price(basket, shop.till.shift.business_day).totals.gross_cents
        payment = Payment(due_cents=due, rules=shop.configuration.rounding).cash(None)
        return Checkout(
            basket=basket, payment=payment, person=shop.till.person, shift=shop.till.shift
        )

    def _places(self, count: int) -> list[int]:
        return [place * _STRIDE % self._products for place in range(1, count + 1)]


def _mistyped(word: str) -> str:
    """Return a word with its third letter wrong."""
    return f"{word[:2]}x{word[3:]}"
