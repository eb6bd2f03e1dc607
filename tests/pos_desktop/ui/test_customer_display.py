"""The customer display in the window: what is scanned, due, given back; and pulled out."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pos_hardware.testing.display_simulator import DisplaySimulator
from PySide6.QtCore import Qt

from pos_desktop import settings
from pos_desktop.shop import open_shop
from tests.pos_desktop.ui.conftest import FLOUR, MILK, SALT, Cashier


@pytest.fixture
def pole(tmp_path: Path) -> Iterator[DisplaySimulator]:
    """A display as customers look at it."""
    with DisplaySimulator(tmp_path / "display", "epson") as seen:
        yield seen


@pytest.fixture
def served(
    pole: DisplaySimulator, open_window: Callable[[Path], Cashier], shop_folder: Path
) -> Cashier:
    """A cashier who has not signed in, with a display on the counter."""
    shop = open_shop(shop_folder)
    shop.configuration.set(settings.DISPLAY_ADDRESS, pole.address, shop.books, actor=None)
    shop.configuration.set(settings.DISPLAY_GREETING, "Karibu", shop.books, actor=None)
    shop.close()
    return open_window(shop_folder)


def _reads(cashier: Cashier, pole: DisplaySimulator, *lines: str) -> None:
    """Wait, with the window going on, until a customer reads these two lines."""

    def read() -> None:
        assert tuple(map(str.strip, pole.grid.lines)) == lines

    cashier.qtbot.waitUntil(read, timeout=5000)


def _display_runs() -> bool:
    return any(thread.name == "customer display" for thread in threading.enumerate())


def test_a_customer_reads_along_from_the_closed_till_to_the_change(
    served: Cashier, pole: DisplaySimulator, caplog: pytest.LogCaptureFixture
) -> None:
    _reads(served, pole, "Till closed", "")
    served.sign_in()
    _reads(served, pole, "Karibu", "")
    served.hands.scan(FLOUR)
    _reads(served, pole, "Jogoo maize   190.00", "Total         190.00")
    served.hands.type("3*")
    served.hands.scan(MILK)
    _reads(served, pole, "Brookside     195.00", "Total         385.00")
    served.hands.press(Qt.Key.Key_Up)
    _reads(served, pole, "Jogoo maize   190.00", "Total         385.00")
    served.hands.type("\r")
    _reads(served, pole, "4 items", "To pay        385.00")
    served.hands.type("100\r")
    _reads(served, pole, "Paid          100.00", "Still to pay  285.00")
    served.hands.type("\r500\r")
    _reads(served, pole, "Paid          600.00", "Change        215.00")
    assert served.program.customer.seconds_left > 0
    served.program.customer.greet()
    _reads(served, pole, "Karibu", "")
    served.leave()
    assert "in time" not in caplog.text
    assert not _display_runs()
    pole.wait_for_lines("", "")


def test_the_next_customer_is_shown_at_once_and_a_lock_closes_the_till(
    served: Cashier, pole: DisplaySimulator
) -> None:
    served.sign_in()
    served.hands.scan(FLOUR)
    served.hands.press(Qt.Key.Key_F8)
    _reads(served, pole, "Paid          190.00", "Thank you")
    served.hands.scan(SALT)
    _reads(served, pole, "Table salt 500 30.00", "Total          30.00")
    served.hands.press(Qt.Key.Key_Delete)
    _reads(served, pole, "Karibu", "")
    served.hands.press(Qt.Key.Key_F12)
    _reads(served, pole, "Till closed", "")


def test_the_display_follows_the_language(served: Cashier, pole: DisplaySimulator) -> None:
    served.sign_in()
    served.hands.scan(FLOUR)
    _reads(served, pole, "Jogoo maize   190.00", "Total         190.00")
    served.window.speak("sw")
    _reads(served, pole, "Jogoo maize   190.00", "Jumla         190.00")


def test_a_display_that_is_pulled_out_disturbs_nobody_and_comes_back(
    served: Cashier, pole: DisplaySimulator
) -> None:
    served.sign_in()
    _reads(served, pole, "Karibu", "")
    pill = served.window.top_bar.devices
    assert pill.isHidden()
    pole.unplug()
    for _time in range(20):
        served.hands.scan(MILK)
    assert served.lines() == [("Brookside milk 500 ml", 20, 1_300_00)]
    served.until(lambda: not pill.isHidden())
    assert pill.text == "Display missing"
    assert pole.address in pill.toolTip()
    assert served.notice() == ""
    pole.plug_in()
    _reads(served, pole, "Brookside   1,300.00", "Total       1,300.00")
    served.until(pill.isHidden)


@pytest.mark.spoils_books
def test_a_wrong_address_of_the_display_is_said(
    open_window: Callable[[Path], Cashier], shop_folder: Path
) -> None:
    shop = open_shop(shop_folder)
    shop.configuration.put(settings.DISPLAY_ADDRESS, "the one on the pole")
    shop.close()
    cashier = open_window(shop_folder)
    cashier.sign_in()
    assert "display.address" in cashier.notice()
    cashier.hands.scan(FLOUR)
    assert len(cashier.lines()) == 1


def test_many_changes_in_one_go_are_told_once(cashier: Cashier) -> None:
    told: list[object] = []
    cashier.lay_out()
    cashier.program.customer.seen.connect(told.append)
    for _time in range(50):
        cashier.window.counter.changed.emit()
    cashier.until(lambda: told)
    cashier.lay_out()
    assert len(told) == 1
