"""Correcting stock behind the counter, by scans and keys in the real window."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from pos_desktop.ui.kit.card import Card
from pos_desktop.ui.screens.stock.correct_page import CorrectPage
from tests.pos_desktop.ui.behind_counter import form_of, offered, open_page, said
from tests.pos_desktop.ui.conftest import FLOUR, MILK, Cashier

K = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def manager(at_door: Cashier) -> Cashier:
    at_door.sign_in_only("manager", "1234")
    return at_door


@pytest.fixture
def page(manager: Cashier) -> CorrectPage:
    return open_page(manager, CorrectPage, "correct")


def _stock(cashier: Cashier, code: str) -> int:
    card = cashier.program.shop.goods.products.with_code(code)
    assert card is not None
    return card.in_stock


def _changes(page: CorrectPage) -> list[int]:
    return [one.change // 1000 for one in page.gathered.values()]


def test_a_cashier_is_not_offered_corrections(cashier: Cashier) -> None:
    assert "correct" not in offered(cashier)


def test_what_is_broken_is_gone(manager: Cashier, page: CorrectPage) -> None:
    before = _stock(manager, FLOUR)
    manager.hands.type("3*")
    manager.hands.scan(FLOUR)
    manager.until(lambda: _changes(page) == [-3])
    manager.hands.press(K.Key_Return, modifiers=CTRL)
    manager.until(lambda: "corrected: broken" in said(page))
    assert _stock(manager, FLOUR) == before - 3000
    manager.hands.press(K.Key_F6)
    manager.until(lambda: page.before.lines.rows)
    assert (page.before.lines.rows[0].right) == "-3"
    assert isinstance(page.below, Card)
    assert [head.text() for head in page.below.findChildren(QLabel)] == ["Corrected before"]


def test_the_reason_says_which_way(manager: Cashier, page: CorrectPage) -> None:
    manager.hands.scan(MILK)
    manager.until(lambda: _changes(page) == [-1])
    while page.reason.key != "found":
        manager.hands.press(K.Key_F3)
    assert _changes(page) == [1]
    assert page.search_field is not None
    assert page.search_field.hasFocus()


def test_another_reason_wants_a_note_and_takes_signs(manager: Cashier, page: CorrectPage) -> None:
    before = _stock(manager, MILK), _stock(manager, FLOUR)
    while page.reason.key != "other":
        manager.hands.press(K.Key_F3)
    manager.hands.type(f"-2*{MILK}\r")
    manager.until(lambda: _changes(page) == [-2])
    manager.hands.type(f"4*{FLOUR}\r")
    manager.until(lambda: _changes(page) == [-2, 4])
    manager.hands.press(K.Key_Return, modifiers=CTRL)
    form_of(manager, page)
    manager.hands.press(K.Key_Return, modifiers=CTRL)
    manager.until(lambda: "Say in a few words" in said(page))
    manager.hands.type("counted wrongly\r")
    manager.until(lambda: "The stock of 2 products is corrected" in said(page))
    assert (_stock(manager, MILK), _stock(manager, FLOUR)) == (before[0] - 2000, before[1] + 4000)
