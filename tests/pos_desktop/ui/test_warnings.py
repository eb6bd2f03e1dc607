"""What is wrong with clock or books is said once, on whatever screen, and blocks nothing."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from pos_desktop.domain.clock import SystemClock
from pos_desktop.shop import open_shop
from pos_desktop.shops.new_shop import NewShop, make_shop
from pos_desktop.ui.kit.pill import Tone
from pos_desktop.ui.shell.warning_strip import Subject
from tests.pos_desktop.conftest import add_product
from tests.pos_desktop.ui.conftest import FLOUR, Cashier

SUGAR = "6161100000014"


class LateClock(SystemClock):
    """A clock that is a year ahead."""

    def now(self) -> datetime:
        return super().now() + timedelta(days=365)


@pytest.fixture
def real_folder(tmp_path: Path) -> Path:
    """A real shop, made by a computer whose clock was a year ahead."""
    new = NewShop(name="Duka", manager_name="Njeri", manager_pin="1234")
    make_shop(tmp_path / "real", new, LateClock())
    with closing(open_shop(tmp_path / "real")) as shop:
        add_product(shop, "SUGAR", "Sugar 1 kg", 165_00, barcode=SUGAR)
    return tmp_path / "real"


def test_a_wrong_clock_is_said_and_selling_goes_on(
    open_window: Callable[[Path], Cashier], real_folder: Path
) -> None:
    cashier = open_window(real_folder)
    window = cashier.window
    cashier.until(lambda: window.warning.notice is not None)
    assert window.warning.isVisible()
    assert window.warning.height() >= 44
    assert "computer's clock" in (window.warning.notice.text if window.warning.notice else "")
    assert window.top_bar.clock_doubt.isVisible()
    cashier.sign_in("manager", "1234")
    cashier.hands.scan(SUGAR)
    cashier.until(cashier.lines)
    cashier.hands.press(Qt.Key.Key_F8)
    cashier.until(cashier.sales)
    cashier.qtbot.mouseClick(window.warning, Qt.MouseButton.LeftButton)
    assert not window.warning.isVisible()
    assert window.top_bar.clock_doubt.isVisible()


@pytest.mark.spoils_books
def test_books_that_were_changed_are_said(
    open_window: Callable[[Path], Cashier], shop_folder: Path
) -> None:
    (shop_folder / "journal.head").unlink()
    cashier = open_window(shop_folder)
    notice = cashier.window.warning.notice
    assert notice is not None
    assert "posctl verify says where" in notice.text
    cashier.sign_in()


def test_a_till_in_order_warns_of_nothing(cashier: Cashier) -> None:
    assert cashier.window.warning.notice is None
    assert not cashier.window.top_bar.clock_doubt.isVisible()


def pill(cashier: Cashier) -> tuple[str, Tone]:
    """Return how the disk stands in the top bar."""
    shown = cashier.window.top_bar.room
    return shown.text, shown.tone


def test_little_room_is_said_where_it_begins_and_at_each_sign_in(cashier: Cashier) -> None:
    window, watch = cashier.window, cashier.program.shop.room_watch
    free = [90_000_000]
    watch._free = lambda _place: free[0]
    window.room_line.look()
    cashier.until(window.top_bar.room.isVisible)
    assert window.warning.notice is not None
    assert "nearly full: 90 MB" in window.warning.notice.text
    cashier.qtbot.mouseClick(window.warning, Qt.MouseButton.LeftButton)
    window.room_line.look()
    cashier.until(lambda: not window.room_line._is_asking)
    assert not window.warning.isVisible()
    cashier.sign_in("manager", "1234")
    cashier.until(window.warning.isVisible)
    assert "nearly full" in window.warning.notice.text
    assert pill(cashier) == ("Disk nearly full", Tone.DANGER)
    free[0] = 400_000_000
    window.room_line.look()
    cashier.until(lambda: pill(cashier) == ("Little disk room", Tone.WARNING))
    assert "400 MB left" in window.top_bar.room.toolTip()
    assert warned(cashier).count("The computer's disk") == 1
    assert "nearly full" not in warned(cashier)
    free[0] = 900_000_000
    window.room_line.look()
    cashier.until(lambda: not window.top_bar.room.isVisible())
    assert not window.warning.isVisible()


def warned(cashier: Cashier) -> str:
    """Return what the strip over all screens says."""
    shown = cashier.window.warning.notice
    return shown.text if shown else ""


def test_each_subject_has_one_sentence_and_a_key_takes_it_away(cashier: Cashier) -> None:
    strip, control = cashier.window.warning, Qt.KeyboardModifier.ControlModifier
    strip.tell(Subject.ROOM, "415 MB are left.")
    strip.tell(Subject.CRASH, "It ended by itself.")
    strip.tell(Subject.ROOM, "83 MB are left.")
    strip.tell(Subject.CLOCK, "The clock is wrong.")
    strip.tell(Subject.CLOCK, "")
    assert (warned(cashier), strip._more()) == ("83 MB are left.", "and 1 more")
    cashier.hands.press(Qt.Key.Key_X, modifiers=control)
    assert (warned(cashier), strip._more()) == ("It ended by itself.", "")
    strip.tell(Subject.ROOM, "")
    assert warned(cashier) == "It ended by itself."
    cashier.qtbot.mouseClick(strip, Qt.MouseButton.LeftButton)
    assert not strip.isVisible()


def test_a_disk_that_does_not_answer_holds_up_no_sale(cashier: Cashier) -> None:
    window, watch = cashier.window, cashier.program.shop.room_watch
    cashier.until(lambda: not window.room_line._is_asking)
    asked, answers = [], threading.Event()

    def hangs(place: Path) -> int:
        asked.append(place)
        answers.wait()
        return 90_000_000

    watch._free = hangs
    window.room_line.look()
    cashier.until(lambda: asked)
    window.room_line.look()
    cashier.hands.scan(FLOUR)
    cashier.until(cashier.lines)
    cashier.hands.press(Qt.Key.Key_F8)
    cashier.until(cashier.sales)
    assert len(asked) == 1
    answers.set()
    cashier.until(window.top_bar.room.isVisible)
