"""The customer's own screen: on which it stands, what it shows, and that it disturbs nobody."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFont

from pos_desktop import settings
from pos_desktop.services.people.customers import Particulars
from pos_desktop.shop import open_shop
from pos_desktop.ui.kit.fitted_text import FittedText
from pos_desktop.ui.screens.customer.customer_lines import how_many
from pos_desktop.ui.screens.customer.customer_window import CustomerWindow
from tests.pos_desktop.ui.conftest import FLOUR, MILK, RICE, Cashier
from tests.pos_desktop.ui.pseudo import painted
from tests.pos_desktop.ui.room import squeezed_in_any

ROOT = Path(__file__).parents[3]
LIMIT = 60


def _want(folder: Path, screen: str) -> None:
    shop = open_shop(folder)
    shop.configuration.set(settings.DISPLAY_SECOND_SCREEN, screen, shop.books, actor=None)
    shop.close()


def _on_two_screens(folder: Path) -> dict[str, Any]:
    _want(folder, "auto")
    screens = [
        {"name": name, "x": x, "y": 0, "width": width, "height": height, "logicalDpi": 96,
         "logicalBaseDpi": 96, "dpr": 1}
        for name, x, width, height in (("till", 0, 1366, 768), ("customer", 1366, 1024, 600))
    ]  # fmt: skip
    file = folder.parent / "screens.json"
    file.write_text(json.dumps({"screens": screens}))
    done = subprocess.run(
        [sys.executable, "-m", "tests.pos_desktop.ui.two_screens", str(folder)],
        env={**os.environ, "QT_QPA_PLATFORM": f"offscreen:configfile={file}"},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=LIMIT,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def test_it_stands_on_the_other_screen_and_leaves_the_keys_alone(shop_folder: Path) -> None:
    assert _on_two_screens(shop_folder) == {
        "shown": True,
        "screen": "customer",
        "place": [1366, 0, 1024, 600],
        "till_is_active": True,
        "has_focus": False,
        "hidden_without_screen": True,
        "back": True,
        "HDMI-9": False,
        "customer": True,
        "till": False,
        "off": False,
        "auto": True,
        "greets": "Karibu tena",
        "closed": True,
    }


def test_with_one_screen_there_is_none(
    open_window: Callable[[Path], Cashier], shop_folder: Path
) -> None:
    _want(shop_folder, "auto")
    cashier = open_window(shop_folder)
    cashier.sign_in()
    assert cashier.program.second_screen.window is None


@pytest.fixture
def seen(cashier: Cashier) -> CustomerWindow:
    """What the customer sees, here on the screen of the till."""
    made = cashier.program._customer_window()
    made.resize(1024, 600)
    made.show()
    return made


def _words(window: CustomerWindow) -> set[str]:
    return {part.text for part in window.findChildren(FittedText) if part.isVisible()} - {""}


def _says(cashier: Cashier, seen: CustomerWindow, head: str) -> None:
    cashier.until(lambda: seen.is_showing_sale and seen.head.text == head)


def test_a_sale_from_greeting_to_change(cashier: Cashier, seen: CustomerWindow) -> None:
    cashier.until(lambda: seen.large.text == "Karibu")
    cashier.hands.scan(FLOUR)
    cashier.hands.type("2*")
    cashier.hands.scan(MILK)
    cashier.until(lambda: seen.amount.text == "320.00")
    assert seen.is_showing_sale
    assert seen.head.text == "TOTAL · KES"
    assert seen.detail.text == "3 items"
    assert [line.item.name for line in seen.lines.shown()] == [
        "Jogoo maize flour 2 kg",
        "Brookside milk 500 ml",
    ]
    cashier.hands.type("\r")
    _says(cashier, seen, "TO PAY · KES")
    cashier.hands.type("100\r")
    _says(cashier, seen, "STILL TO PAY · KES")
    assert seen.amount.text == "220.00"
    assert seen.detail.text == "100.00 of 320.00 is paid"
    cashier.hands.type("\r500\r")
    cashier.until(lambda: seen.said.text == "YOUR CHANGE")
    assert seen.large.text == "280.00"
    cashier.program.customer.greet()
    assert seen.large.text == "Karibu"
    cashier.hands.press(Qt.Key.Key_F12)
    cashier.until(lambda: seen.large.text == "Till closed")


def test_no_name_of_a_customer_is_ever_seen(cashier: Cashier, seen: CustomerWindow) -> None:
    shop = cashier.program.shop
    customer = shop.customers.add(Particulars(name="Wanjiku Kamau", phone="0712345678"), actor=None)
    words: set[str] = set()
    cashier.program.customer.seen.connect(lambda _view: words.update(_words(seen)))
    shop.till.set_customer(customer)
    cashier.hands.scan(RICE)
    cashier.until(lambda: seen.amount.text == "240.00")
    assert cashier.window.counter.buyer.startswith("Wanjiku")
    cashier.hands.press(Qt.Key.Key_F8)
    cashier.until(lambda: seen.large.text == "Thank you")
    assert words
    assert not [word for word in words if "Wanjiku" in word or "712" in word]


def test_the_last_change_is_among_the_lines_that_find_room(
    cashier: Cashier, seen: CustomerWindow
) -> None:
    codes = [
        row["code"] for row in cashier.program.shop.reader.rows("SELECT code FROM product LIMIT 20")
    ]
    for code in codes:
        cashier.sell.scanned(code)
    cashier.until(lambda: len(cashier.lines()) == len(codes))
    cashier.lay_out()
    shown = seen.lines.shown()
    assert 4 <= len(shown) < len(codes)
    assert shown[-1].item.code == codes[-1]
    for _time in codes[1:]:
        cashier.hands.press(Qt.Key.Key_Up)
    cashier.until(lambda: seen.lines.shown()[0].item.code == codes[0])


def test_what_is_taken_off_a_line_is_told(cashier: Cashier, seen: CustomerWindow) -> None:
    cashier.hands.type("4*")
    cashier.hands.scan(MILK)
    cashier.hands.type("10%\r")
    cashier.until(lambda: seen.amount.text == "234.00")
    assert how_many(seen.lines.shown()[0]) == "4 × 65.00 − 26.00"


def test_it_follows_the_language_and_closes_with_the_till(
    cashier: Cashier, seen: CustomerWindow
) -> None:
    cashier.hands.scan(FLOUR)
    cashier.until(lambda: seen.is_showing_sale)
    cashier.window.speak("sw")
    assert seen.head.text == "JUMLA · KES"
    assert seen.watermark is None


def test_nothing_is_cut_in_any_size_and_language(cashier: Cashier, seen: CustomerWindow) -> None:
    cashier.until(lambda: seen.large.text == "Karibu")
    assert not squeezed_in_any(cashier, seen)
    for code in (FLOUR, MILK):
        cashier.hands.scan(code)
    cashier.until(lambda: seen.amount.text == "255.00")
    assert not squeezed_in_any(cashier, seen)
    cashier.hands.type("\r100\r")
    cashier.until(lambda: seen.amount.text == "155.00")
    assert not squeezed_in_any(cashier, seen)
    cashier.hands.type("\r500\r")
    cashier.until(lambda: seen.large.text == "345.00")
    assert not squeezed_in_any(cashier, seen)
    cashier.program.customer.greet()
    cashier.hands.press(Qt.Key.Key_F12)
    cashier.until(lambda: seen.large.text == "Till closed")
    assert not squeezed_in_any(cashier, seen)


@pytest.mark.spoils_books
def test_a_till_that_trains_says_so_here_too(
    open_window: Callable[[Path], Cashier], shop_folder: Path
) -> None:
    shop = open_shop(shop_folder)
    shop.configuration.put(settings.SHOP_TRAINING, True)
    shop.close()
    made = open_window(shop_folder).program._customer_window()
    assert made.watermark is not None
    assert made.watermark.accessibleName() == "TRAINING"


@pytest.mark.usefixtures("dressed")
def test_a_text_that_only_just_fits_is_not_cut() -> None:
    part = FittedText(QFont.Weight.Medium)
    part.show_text("bidhaa 63 · unaokoa 4,091,735.15")
    heard: list[str] = []
    with painted(heard):
        for width in range(640, 840):
            part.resize(width, 70)
            part.grab()
    assert set(heard) == {part.text}
