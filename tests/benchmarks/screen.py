"""From the last key of a scan to its painted line, idle and beside imports; and none is lost."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pos_desktop.app import Program
from pos_desktop.cli.bench import goods
from pos_desktop.cli.bench.figure import Figure, at_share, of_times
from tests.benchmarks import scene
from tests.benchmarks.scanning import Scanner, dress, open_counter, scans_that_went_wrong

PRODUCTS = 100_000
EVERY_MS = 50
IDLE_SCANS, SCANS = 400, 1000
CART = 50
MOST_MS, AIM_MS, TIMES_IDLE = 33.0, 16.0, 1.5
FILES = 12
ROWS = 100_000


def run() -> Iterator[Figure]:
    """Yield the figures of the idle window, then beside an import in either place.

    Only another process has a limit: decision 0009.
    """
    dress()
    with scene.folder() as folder:
        directory = folder / "shop"
        scene.full_shop(directory, PRODUCTS).close()
        program = Program(directory, sound=False)
        open_counter(program)
        yield from _phases(program, folder)
        program.window.close()


def _phases(program: Program, folder: Path) -> Iterator[Figure]:
    typed: list[str] = []
    idle = _scan(program, typed, IDLE_SCANS)
    yield of_times("scan to painted line, idle", idle.painted, below=MOST_MS)
    places = (("another process", _importing_there), ("a thread of this process", _here))
    for where, importing in places:
        with importing(program, folder):
            beside = _scan(program, typed, SCANS)
        reference = ("idle", idle.painted)
        most = min(MOST_MS, TIMES_IDLE * 1e3 * at_share(idle.painted, 0.99))
        yield of_times(
            f"the same beside an import in {where}",
            beside.painted,
            below=most if importing is _importing_there else None,
            reference=reference,
        )
    yield scans_that_went_wrong(program, typed)


def _scan(program: Program, typed: list[str], count: int) -> Scanner:
    codes = [
        goods.barcode(place * 7919 % PRODUCTS) for place in range(len(typed), len(typed) + count)
    ]
    scanner = Scanner(program, codes, every_ms=EVERY_MS, pay_after=CART)
    scanner.run()
    typed += codes
    return scanner


@contextmanager
def _importing_there(program: Program, folder: Path) -> Iterator[None]:
    """Import one file after another by the command, until the window has scanned enough."""
    over = threading.Event()
    command = [sys.executable, "-m", "pos_desktop.cli.main", "--data", str(program.shop.directory)]

    def work() -> None:
        for number in range(1, FILES):
            if over.is_set():
                return
            source = folder / f"there{number}.csv"
            with subprocess.Popen(
                [*command, "import", "products", str(source)], stdout=subprocess.DEVNULL
            ) as process:
                while process.poll() is None and not over.wait(0.1):
                    pass
                process.terminate()

    for number in range(1, FILES):
        goods.write_csv(folder / f"there{number}.csv", ROWS, number * 1_000_000)
    thread = threading.Thread(target=work)
    thread.start()
    yield
    over.set()
    thread.join()


class _EnoughError(Exception):
    """The window has scanned enough."""


@contextmanager
def _here(program: Program, folder: Path) -> Iterator[None]:
    """Import one file after another in a thread of the window's process."""
    over = threading.Event()

    def progress(_result: object) -> None:
        if over.is_set():
            raise _EnoughError

    def work() -> None:
        shop = program.shop
        try:
            for number in range(1, FILES):
                shop.importing.products(folder / f"here{number}.csv", progress=progress, actor=None)
        except _EnoughError:
            return
        finally:
            shop.database.close()

    for number in range(1, FILES):
        goods.write_csv(folder / f"here{number}.csv", ROWS, (FILES + number) * 1_000_000)
    thread = threading.Thread(target=work)
    thread.start()
    yield
    over.set()
    thread.join()
