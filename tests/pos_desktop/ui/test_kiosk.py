"""A kiosk has no frame, and only a manager closes it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from pos_desktop.app import Program
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


def test_only_a_manager_closes_it(kiosk: Cashier) -> None:
    window, till = kiosk.window, kiosk.program.shop.till
    window.close()
    assert window.isVisible()
    assert window.leaving.notice is not None
    assert "closed by a manager" in window.leaving.notice.text
    till.sign_in(*CASHIER)
    window.close()
    assert window.isVisible()
    till.sign_in(*MANAGER)
    window.close()
    kiosk.until(window.isHidden)


def test_the_computer_may_shut_down(kiosk: Cashier) -> None:
    (held,) = kiosk.window.findChildren(Kiosk)
    assert not held.may_close()
    held._session_will_end()
    assert held.may_close()
