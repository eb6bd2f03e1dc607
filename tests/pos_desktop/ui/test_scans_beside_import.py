"""While a catalogue is imported every scan counts, in the order of scanning."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from pos_desktop.cli.bench import goods
from pos_desktop.shop import open_shop
from tests.benchmarks.scanning import Scanner, open_codes, sold_codes
from tests.pos_desktop.ui.conftest import Cashier

SCANS, FULL_SCANS = 200, 1000
EVERY_MS, FULL_EVERY_MS = 10, 50
ROWS, FULL_ROWS = 10_000, 400_000
KNOWN = 1000
SECONDS = 120


@pytest.fixture
def known(shop_folder: Path, tmp_path: Path) -> Path:
    """The demo shop with a thousand goods more."""
    shop = open_shop(shop_folder)
    shop.importing.products(goods.write_csv(tmp_path / "known.csv", KNOWN), actor=None)
    shop.close()
    return shop_folder


@contextmanager
def _in_a_process(cashier: Cashier, source: Path) -> Iterator[None]:
    command = [sys.executable, "-m", "pos_desktop.cli.main", "import", "products", str(source)]
    shop = str(cashier.program.shop.directory)
    with subprocess.Popen([*command, "--data", shop], stdout=subprocess.DEVNULL) as process:
        yield
        assert process.wait(SECONDS) == 0


@contextmanager
def _in_a_thread(cashier: Cashier, source: Path) -> Iterator[None]:
    shop, imported = cashier.program.shop, list[int]()

    def work() -> None:
        imported.append(shop.importing.products(source, actor=None).imported)
        shop.database.close()

    thread = threading.Thread(target=work)
    thread.start()
    yield
    thread.join(SECONDS)
    assert imported


@pytest.mark.parametrize("importing", [_in_a_process, _in_a_thread])
def test_no_scan_is_lost(
    open_window: Callable[[Path], Cashier],
    known: Path,
    tmp_path: Path,
    torture: bool,
    importing: Callable[[Cashier, Path], object],
) -> None:
    scans, every = (FULL_SCANS, FULL_EVERY_MS) if torture else (SCANS, EVERY_MS)
    rows = FULL_ROWS if torture else ROWS
    source = goods.write_csv(tmp_path / "new.csv", rows, first=1_000_000)
    cashier = open_window(known)
    cashier.sign_in()
    typed = [goods.barcode(place * 7 % KNOWN) for place in range(scans)]
    with importing(cashier, source):  # type: ignore[attr-defined]
        scanner = Scanner(cashier.program, typed, every_ms=every, pay_after=50)
        scanner.run()
    cashier.drained()
    assert sold_codes(cashier.program) + open_codes(cashier.program) == typed
    assert scanner.painted
    found = cashier.program.shop.reader.value(
        "SELECT count(*) FROM product WHERE code >= 'C1000000'"
    )
    assert found >= rows
