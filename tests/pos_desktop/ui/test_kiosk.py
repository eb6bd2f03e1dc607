"""A kiosk has no frame, and only a manager closes it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from pos_desktop import settings
from pos_desktop.app import Program
from pos_desktop.shop import open_shop
from pos_desktop.shop_folder import DATABASE_FILE
from pos_desktop.shops.kiosk_mark import was_kiosk
from pos_desktop.storage.database import ShopDatabase
from pos_desktop.storage.errors import DiskFull
from pos_desktop.ui.shell.kiosk import Kiosk
from tests.pos_desktop.conftest import CASHIER, MANAGER
from tests.pos_desktop.ui.conftest import Cashier


@pytest.fixture
def kiosk(dressed: QApplication, qtbot: QtBot, shop_directory: Path) -> Iterator[Cashier]:
    """The till as a kiosk, nobody signed in."""
    program = Program(shop_directory, sound=False, kiosk=True)
    program.window.resize(1024, 600)
    program.window.show()
    program.start()
    cashier = Cashier(program, qtbot)
    yield cashier
    program.window.goes_on_in = shop_directory
    cashier.leave()


def test_it_lies_over_everything_and_has_no_frame(kiosk: Cashier) -> None:
    flags = kiosk.window.windowFlags()
    assert flags & Qt.WindowType.FramelessWindowHint
    assert flags & Qt.WindowType.WindowStaysOnTopHint
    kiosk.window.showMinimized()
    kiosk.until(lambda: not kiosk.window.isMinimized())


def test_its_recovery_knows_it_by_the_setting(
    open_window: Callable[[Path], Cashier], shop_folder: Path
) -> None:
    with closing(open_shop(shop_folder)) as shop:
        shop.configuration.set(settings.KIOSK, True, shop.books, actor=None)
    till = open_window(shop_folder)
    till.until(lambda: was_kiosk(shop_folder))
    till.sign_in_only("manager", "1234")


def test_only_a_manager_closes_it(kiosk: Cashier) -> None:
    window, till = kiosk.window, kiosk.program.shop.till
    window.close()
    assert window.isVisible()
    assert window.leaving.notice is not None
    assert "closed by a manager" in window.leaving.notice.text
    window.sign_in.submitted.emit(*CASHIER)
    kiosk.until(lambda: window.screen_shown is not window.sign_in)
    kiosk.until(lambda: window.leaving.notice is None)
    window.close()
    assert window.isVisible()
    till.sign_in(*MANAGER)
    window.close()
    kiosk.until(window.isHidden)


def asks_for_a_manager(kiosk: Cashier) -> None:
    """Let a cashier close the window, and wait until a manager is asked to approve it."""
    kiosk.sign_in(*CASHIER)
    kiosk.window.close()
    kiosk.until(lambda: kiosk.page() is kiosk.sell.approval)
    assert kiosk.window.isVisible()


def test_a_manager_lets_it_close_at_a_cashiers_till(kiosk: Cashier, shop_directory: Path) -> None:
    asks_for_a_manager(kiosk)
    assert "End the program" in kiosk.sell.approval.who.hint
    kiosk.approve(MANAGER[1])
    kiosk.until(kiosk.window.isHidden)
    with closing(sqlite3.connect(shop_directory / DATABASE_FILE)) as books:
        ((actor, approver, detail),) = books.execute(
            "SELECT actor_id, approver_id, detail FROM journal WHERE kind = 'kiosk left'"
        )
    assert approver not in (None, actor)
    assert "The shop closes" in detail


def test_a_cashiers_own_pin_does_not_close_it(kiosk: Cashier) -> None:
    asks_for_a_manager(kiosk)
    kiosk.approve(CASHIER[1])
    kiosk.drained()
    assert kiosk.window.isVisible()
    assert kiosk.page() is kiosk.sell.approval


def test_what_a_manager_let_close_stays_once_the_cashier_has_gone(kiosk: Cashier) -> None:
    kiosk.sign_in(*CASHIER)
    (held,) = kiosk.window.findChildren(Kiosk)
    held._approved_for = kiosk.program.shop.till.person.id
    assert held.may_close()
    kiosk.window.counter.lock()
    kiosk.until(lambda: kiosk.window.screen_shown is kiosk.window.sign_in)
    kiosk.sign_in(*CASHIER)
    assert not held.may_close()


def test_the_computer_may_shut_down(kiosk: Cashier) -> None:
    (held,) = kiosk.window.findChildren(Kiosk)
    assert not held.may_close()
    held._session_will_end()
    assert held.may_close()


def test_a_shutdown_that_was_cancelled_leaves_it_closed(kiosk: Cashier) -> None:
    (held,) = kiosk.window.findChildren(Kiosk)
    held._session_ends.setInterval(30)
    held._session_will_end()
    assert held.may_close()
    kiosk.until(lambda: not held._session_ends.isActive())
    assert not held.may_close()
    held._session_will_end()
    assert held.may_close()


@pytest.fixture
def full(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Lets the disk of the shop be full from now on."""

    def refused(_database: ShopDatabase) -> None:
        raise DiskFull

    return lambda: monkeypatch.setattr(ShopDatabase, "write", refused)


def test_on_a_full_disk_the_till_locks_and_a_manager_ends_it(
    kiosk: Cashier, full: Callable[[], None]
) -> None:
    window, till = kiosk.window, kiosk.program.shop.till
    kiosk.sign_in(*CASHIER)
    full()
    window.auto_lock.run_out()
    kiosk.until(lambda: window.screen_shown is window.sign_in)
    assert till.state.person is None
    kiosk.sign_in(*MANAGER)
    kiosk.drained()
    window.close()
    kiosk.until(window.isHidden)


def test_on_a_full_disk_a_manager_lets_it_close_at_a_cashiers_till(
    kiosk: Cashier, full: Callable[[], None]
) -> None:
    asks_for_a_manager(kiosk)
    full()
    kiosk.approve(MANAGER[1])
    kiosk.until(kiosk.window.isHidden)
