"""Sales while a catalogue is imported: by the same process, and by another."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from pos_desktop.cli.bench import goods
from pos_desktop.cli.bench.figure import Figure, of_times
from pos_desktop.shop import Shop
from pos_desktop.shop_locks import till_open
from tests.benchmarks import scene
from tests.benchmarks.seller import Seller, Times, no_times

ROWS = 300_000
KNOWN = 20_000
IDLE_SECONDS = 8.0
LOCK_MS = 3.0 + 5.0
"""One chunk of the bulk writer, and five milliseconds."""


def run() -> Iterator[Figure]:
    """Yield how long sales wait for the lock, and how long they take, idle and beside imports."""
    with scene.folder() as folder:
        shop = scene.full_shop(folder / "shop", KNOWN)
        seller = Seller(shop)
        with till_open(shop.directory, shop.till):
            limit = time.perf_counter() + IDLE_SECONDS
            idle = _sold(seller, lambda: time.perf_counter() > limit)
            here = _beside_thread(shop, seller, goods.write_csv(folder / "a.csv", ROWS, 1_000_000))
            there = _beside_process(
                shop, seller, goods.write_csv(folder / "b.csv", ROWS, 2_000_000)
            )
        shop.close()
    yield of_times("sale, nothing else running", idle["sale"])
    yield of_times("lock, nothing else running", idle["lock"])
    for where, times in (("this process", here), ("another process", there)):
        yield of_times(
            f"lock, beside an import in {where}",
            times["lock"],
            below=LOCK_MS,
            reference=("oversleeping meanwhile", times["late"]),
        )
        yield of_times(
            f"sale, beside an import in {where}", times["sale"], reference=("idle", idle["sale"])
        )


def _sold(seller: Seller, over: Callable[[], Any]) -> Times:
    seller.times = no_times()
    return seller.sell_until(over)


def _beside_thread(shop: Shop, seller: Seller, source: Path) -> Times:
    done = threading.Event()

    def work() -> None:
        try:
            shop.importing.products(source, actor=None)
        finally:
            shop.database.close()
            done.set()

    thread = threading.Thread(target=work)
    thread.start()
    times = _sold(seller, done.is_set)
    thread.join()
    return times


def _beside_process(shop: Shop, seller: Seller, source: Path) -> Times:
    command = [sys.executable, "-m", "pos_desktop.cli.main", "--data", str(shop.directory)]
    with subprocess.Popen(
        [*command, "import", "products", str(source)], stdout=subprocess.DEVNULL
    ) as process:
        times = _sold(seller, lambda: process.poll() is not None)
    assert process.returncode == 0
    return times
