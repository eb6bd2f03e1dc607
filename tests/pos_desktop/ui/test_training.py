"""Training from the window: begun and ended in the menu, and seen at each moment."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from pos_desktop import settings
from pos_desktop.app import Program
from pos_desktop.shop_folder import TRAINING_FOLDER
from pos_desktop.ui.screens.office.menu_page import MenuPage
from pos_desktop.ui.screens.office.training_page import TrainingPage
from tests.pos_desktop.shops.spoiling import rot
from tests.pos_desktop.ui.conftest import FLOUR, Cashier

CTRL = Qt.KeyboardModifier.ControlModifier


def _open_training(cashier: Cashier) -> None:
    cashier.hands.press(Qt.Key.Key_B, modifiers=CTRL)
    menu = cashier.window.screen_shown
    assert isinstance(menu, MenuPage)
    place = [entry.name for entry in menu.shown].index("training")
    menu.page_tiles[place].click()
    cashier.until(lambda: isinstance(cashier.window.screen_shown, TrainingPage))


def test_training_begins_and_ends_at_the_till(cashier: Cashier, qtbot: QtBot) -> None:
    real = cashier.program.shop.directory
    _open_training(cashier)
    cashier.hands.type("\r")
    cashier.until(cashier.window.isHidden)
    assert cashier.window.goes_on_in == real / TRAINING_FOLDER
    cashier.program.stop()

    program = Program(real / TRAINING_FOLDER, sound=False)
    qtbot.addWidget(program.window)
    program.window.show()
    program.start()
    try:
        _sell_and_leave(Cashier(program, qtbot))
        assert program.window.goes_on_in == real
    finally:
        program.stop()


def test_with_an_open_sale_it_says_what_to_do_first(cashier: Cashier) -> None:
    cashier.hands.scan(FLOUR)
    cashier.until(lambda: cashier.total() == "190.00")
    _open_training(cashier)
    page = cashier.window.screen_shown
    assert isinstance(page, TrainingPage)
    assert "open sale" not in page._text.text()
    cashier.hands.type("\r")
    cashier.until(lambda: page.strip.notice and "hold it with F5" in page.strip.notice.text)
    assert cashier.window.isVisible()
    assert not (cashier.program.shop.directory / TRAINING_FOLDER).exists()


@pytest.mark.spoils_books
def test_what_is_spoilt_in_the_shop_is_said_where_training_begins(cashier: Cashier) -> None:
    cashier.drained()
    rot(cashier.program.shop.database, "UPDATE product SET price_cents = 1 WHERE row = 1")
    _open_training(cashier)
    page = cashier.window.screen_shown
    assert isinstance(page, TrainingPage)
    cashier.hands.type("\r")
    cashier.until(lambda: page.strip.notice and "the row 1 of product" in page.strip.notice.text)
    assert cashier.window.isVisible()
    assert not (cashier.program.shop.directory / TRAINING_FOLDER).exists()


def _sell_and_leave(trainee: Cashier) -> None:
    """Sell something in training, see that it is training, and go back."""
    window = trainee.window
    assert window.watermark is not None
    trainee.until(lambda: window.sign_in.who.person is not None)
    trainee.sign_in("cashier", "1111")
    assert window.watermark.isVisible()
    assert window.watermark.size() == window.size()
    trainee.hands.scan(FLOUR)
    trainee.hands.press(Qt.Key.Key_F8)
    trainee.until(lambda: trainee.page() is trainee.sell.change)
    trainee.until(lambda: str(trainee.sales()[0].sale.receipt) == "TRN-000001")
    assert trainee.program.shop.configuration.get(settings.SHOP_TRAINING)
    _open_training(trainee)
    trainee.hands.type("\r")
    trainee.until(window.isHidden)
