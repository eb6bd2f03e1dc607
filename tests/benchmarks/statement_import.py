"""A statement of the portal taken in: without a till, again, and beside a till that sells."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pos_desktop import settings
from pos_desktop.cli.bench.figure import Figure, of_times
from pos_desktop.shop import Shop
from pos_desktop.shop_locks import till_open
from tests.benchmarks import scene
from tests.benchmarks.seller import Seller
from tests.pos_desktop.services.mpesa.statement_rows import paid, statement

ROWS = 20_000
PRODUCTS = 500
LEAST_A_SECOND = 1_000
"""A hundred thousand rows, a year of a busy shop, within two minutes."""
WAIT_MS = 25.0
"""One chunk of the bulk writer, its commit, and what a busy machine oversleeps."""
_SHORT_CODE = "174379"


def run() -> Iterator[Figure]:
    """Yield rows a second, for how long the file is held beside a till, and how long sales wait."""
    with scene.folder() as folder:
        shop = scene.full_shop(folder / "shop", PRODUCTS)
        shop.configuration.set(settings.MPESA_KIND, "paybill", shop.books, actor=None)
        shop.configuration.set(settings.MPESA_SHORTCODE, _SHORT_CODE, shop.books, actor=None)
        first, other = (_written(folder / f"{letter}.csv", letter) for letter in "AB")
        yield _rate("rows a second, no till open", _seconds(shop, first))
        yield _rate("the same statement again", _seconds(shop, first))
        seller, holds = Seller(shop), _holds(shop)
        with till_open(shop.directory, shop.till):
            seconds = _beside(shop, seller, other)
        shop.close()
    yield _rate("rows a second, beside a till", seconds, least=None)
    yield of_times("the file is held, beside a till", holds)
    yield of_times(
        "a sale waits for the file",
        seller.times["lock"],
        below=WAIT_MS,
        reference=("oversleeping", seller.times["late"]),
    )
    yield of_times("sale meanwhile", seller.times["sale"])


def _written(path: Path, letter: str) -> Path:
    lines = (
        paid(f"T{letter}{number:08}", f"{100 + number % 900}.00", _at(number), f"R{number}")
        for number in range(ROWS)
    )
    return statement(path, *lines)


def _at(number: int) -> str:
    minutes, seconds = divmod(number, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{1 + hours // 24:02}-11-2026 {hours % 24:02}:{minutes:02}:{seconds:02}"


def _seconds(shop: Shop, source: Path) -> float:
    began = time.perf_counter()
    counts = shop.mpesa_statements.run(source, actor=None)
    assert counts.payments == ROWS
    return time.perf_counter() - began


def _holds(shop: Shop) -> list[float]:
    """Return a list that fills with the seconds for which the import holds the file at a time."""
    write_bulk, holds = shop.database.write_bulk, list[float]()

    @contextmanager
    def timed() -> Iterator[None]:
        with write_bulk():
            began = time.perf_counter()
            yield
        holds.append(time.perf_counter() - began)

    shop.database.write_bulk = timed  # type: ignore[method-assign, assignment]
    return holds


def _beside(shop: Shop, seller: Seller, source: Path) -> float:
    """Import in a thread of its own while this one sells; return the seconds.

    Harder for the till than the job, which has a process of its own.
    """
    done, taken = threading.Event(), list[float]()

    def work() -> None:
        try:
            taken.append(_seconds(shop, source))
        finally:
            shop.database.close()
            done.set()

    thread = threading.Thread(target=work)
    thread.start()
    seller.sell_until(done.is_set)
    thread.join()
    return taken[0]


def _rate(what: str, seconds: float, least: int | None = LEAST_A_SECOND) -> Figure:
    rate = ROWS / seconds
    limit = "" if least is None else f">= {least:,}"
    return Figure(what=what, p99=rate, limit=limit, ok=None if least is None else rate >= least)
