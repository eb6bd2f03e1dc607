"""A demo shop takes M-Pesa without anybody's doing: the window brings its own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from pos_desktop import demo_mpesa
from tests.pos_desktop.ui.conftest import FLOUR, Cashier
from tests.pos_desktop.ui.test_tenders_page import tenders

K = Qt.Key


@pytest.fixture
def cashier(
    open_window: Callable[[Path], Cashier], shop_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> Cashier:
    monkeypatch.setattr(demo_mpesa, "_ANSWERS_AFTER", 0.2)
    cashier = open_window(shop_folder)
    cashier.sign_in()
    setup = cashier.program.shop.mpesa.setup
    cashier.until(lambda: "127.0.0.1" in setup.account.base_url)
    return cashier


def ask(cashier: Cashier, phone: str) -> None:
    cashier.hands.scan(FLOUR)
    cashier.hands.press(K.Key_F9)
    cashier.until(lambda: cashier.page() is cashier.sell.money.mpesa.page)
    cashier.hands.type(f"{phone}\r")


def test_a_phone_pays(cashier: Cashier) -> None:
    ask(cashier, "0712345678")
    cashier.until(lambda: cashier.page() is cashier.sell.change)
    assert [one[:2] for one in tenders(cashier)] == [("mpesa", 190_00)]


@pytest.mark.parametrize(
    ("phone", "words"), [("0700000001", "has cancelled"), ("0700000002", "PIN was wrong")]
)
def test_some_phones_do_not(cashier: Cashier, phone: str, words: str) -> None:
    ask(cashier, phone)
    cashier.until(lambda: words in cashier.sell.money.mpesa.watch._said.text())
