"""A low screen, with the title bar of a window on it: nothing is cut, nothing written over."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QLabel, QWidget

from pos_desktop.domain.text import LANGUAGES
from pos_desktop.services.counter.room_watch import RoomTrouble
from pos_desktop.ui.kit.labels import AmountLabel
from pos_desktop.ui.shell.warning_strip import Subject
from tests.pos_desktop.ui.conftest import Cashier
from tests.pos_desktop.ui.room import squeezed

K = Qt.Key
LOW = (1024, 580)
"""1024 by 600, less the title bar."""


def _written_over(page: QWidget) -> list[str]:
    """Return the texts of a page over which an amount is painted."""
    return [
        text.text()
        for amount in page.findChildren(AmountLabel)
        for text in page.findChildren(QLabel)
        if amount.isVisible() and text.isVisible() and text.parent() is amount.parent()
        if not QRect(text.geometry()).intersected(amount.geometry()).isEmpty()
    ]


def no_room(cashier: Cashier, language: str) -> list[str]:
    """Return what finds no room on the page beside the cart, in a low window."""
    cashier.window.speak(language)
    cashier.window.resize(*LOW)
    cashier.lay_out()
    page = cashier.sell.page
    wrapped = [
        one.text()
        for one in page.findChildren(QLabel)
        if one.isVisible() and one.wordWrap() and one.height() < one.heightForWidth(one.width())
    ]
    return [*squeezed(page), *_written_over(page), *wrapped]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_warning_leaves_the_screens_below_their_room(at_door: Cashier, language: str) -> None:
    window = at_door.window
    window.speak(language)
    window.warning.tell(Subject.CRASH, "It ended by itself.")
    window.warning.tell(Subject.ROOM, RoomTrouble(83, is_scarce=True).sentence())
    assert _all_of_it(at_door) == []
    at_door.sign_in_only()
    window.speak(language)
    assert _all_of_it(at_door) == []
    at_door.sign_in()
    window.warning.tell(Subject.ROOM, RoomTrouble(83, is_scarce=True).sentence())
    for page in (at_door.sell.tenders, at_door.sell.shift.now, at_door.sell.shift.count):
        if page is at_door.sell.shift.now:
            at_door.hands.press(K.Key_S, modifiers=Qt.KeyboardModifier.ControlModifier)
            at_door.until(lambda: at_door.page() is at_door.sell.shift.now)
        else:
            at_door.sell._open(page)
        assert no_room(at_door, language) == []


def _all_of_it(cashier: Cashier) -> list[str]:
    """Return what finds no room in a low window with its warning."""
    cashier.window.resize(*LOW)
    cashier.lay_out()
    assert cashier.window.warning.height() == 44
    return squeezed(cashier.window)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_day_with_refunds_is_read_to_its_last_figure(cashier: Cashier, language: str) -> None:
    cashier.hands.press(K.Key_S, modifiers=Qt.KeyboardModifier.ControlModifier)
    cashier.until(lambda: cashier.page() is cashier.sell.shift.now)
    cashier.hands.type("z")
    cashier.until(lambda: cashier.page() is cashier.sell.shift.day)
    cashier.hands.type("\r")
    closed = cashier.sell.shift.closed
    cashier.until(lambda: cashier.page() is closed)
    closed.facts.show_rows(("Sales", "16"), ("Refunds", "1"), ("VAT included", "535.53"))
    closed.backup.show()
    assert no_room(cashier, language) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_why_too_little_is_in_the_drawer_is_asked_with_whole_tiles(
    cashier: Cashier, language: str
) -> None:
    variance = cashier.sell.shift.variance
    variance.ask(-250_00)
    cashier.sell._open(variance)
    assert no_room(cashier, language) == []
