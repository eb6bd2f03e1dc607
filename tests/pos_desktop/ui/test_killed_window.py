"""A window process is killed outright while it sells; nothing that it showed is lost."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from pos_desktop.domain.receipt_number import ReceiptNumber
from pos_desktop.shop import Shop, open_shop
from tests.pos_desktop.conftest import bad_books
from tests.pos_desktop.ui.conftest import Cashier

ROOT = Path(__file__).parents[3]
ENDLESS = 1_000_000
SECONDS = 60


def _run_until_killed(
    directory: Path, sales: int, enough: Callable[[list[str]], bool]
) -> list[str]:
    """Run a window on a shop, kill it when it has said enough, and return all that it said."""
    command = [sys.executable, "-m", "tests.pos_desktop.ui.selling_window"]
    said: list[str] = []
    with subprocess.Popen(
        [*command, str(directory), str(sales)],
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        killer = threading.Timer(SECONDS, process.kill)
        killer.start()
        for line in process.stdout:
            said.append(line.strip())
            if enough(said):
                process.kill()
        killer.cancel()
    assert enough(said)
    return said


def _shown(said: list[str]) -> list[ReceiptNumber]:
    return [ReceiptNumber.parse(line.split()[1]) for line in said if line.startswith("shown")]


def _check(shop: Shop, shown: list[ReceiptNumber]) -> None:
    assert bad_books(shop) == set()
    for receipt in shown:
        assert shop.selling.find(receipt).sale.receipt == receipt
    recorded = shop.database.value("SELECT count(*) FROM sale")
    assert len(shown) <= recorded <= len(shown) + 1


@pytest.mark.parametrize("after", [1, 4, 7])
def test_every_sale_whose_receipt_was_shown_is_there(shop_folder: Path, after: int) -> None:
    said = _run_until_killed(shop_folder, ENDLESS, lambda said: len(said) >= after)
    shop = open_shop(shop_folder)
    _check(shop, _shown(said))
    shop.till.resume()
    assert len(shop.till.state.basket.lines) <= 3
    shop.close()


@pytest.mark.spoils_books
def test_an_open_cart_without_a_price_is_on_hold_and_the_till_goes_on(
    shop_folder: Path, open_window: Callable[[Path], Cashier]
) -> None:
    _run_until_killed(shop_folder, 3, lambda said: said[-1] == "kept")
    shop = open_shop(shop_folder)
    shop.database.execute_sql("DELETE FROM tax_rate WHERE band = 'B'")
    shop.close()
    cashier = open_window(shop_folder)
    cashier.until(lambda: len(cashier.window.counter.held) == 1)
    assert "The sale is on hold. Tax band B has no rate" in cashier.notice()
    cashier.sign_in()
    assert cashier.lines() == []
    assert "The sale is on hold. Tax band B has no rate" in cashier.notice()
    assert cashier.sell.strip.isVisible()


def test_the_open_cart_and_what_was_paid_of_it_are_back(
    shop_folder: Path, open_window: Callable[[Path], Cashier]
) -> None:
    said = _run_until_killed(shop_folder, 3, lambda said: said[-1] == "kept")
    shop = open_shop(shop_folder)
    _check(shop, _shown(said))
    shop.close()
    cashier = open_window(shop_folder)
    cashier.sign_in()
    cashier.until(lambda: cashier.lines() == [("Jogoo maize flour 2 kg", 1, 190_00)])
    assert "is back" in cashier.notice()
    assert "100.00 taken; still to pay 90.00" in cashier.notice()
    assert cashier.total() == "90.00"
    cashier.hands.type("\r")
    assert cashier.page() is cashier.sell.pay
    assert cashier.sell.pay.field.text() == "90"
    cashier.hands.press(Qt.Key.Key_F8)
    cashier.until(lambda: cashier.page() is cashier.sell.change)
    assert [one.amount_cents for one in cashier.sales()[0].sale.tenders] == [100_00, 90_00]
