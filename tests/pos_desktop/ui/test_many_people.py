"""Switching fast where many people work: all are in sight, and it is a letter, the PIN, Enter."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QRect, Qt

from pos_desktop.domain.staff import CASHIER
from pos_desktop.services.people.staffing import suggest_login
from pos_desktop.shop import open_shop
from pos_desktop.ui.kit.tile import Tile
from tests.pos_desktop.ui.conftest import FLOUR, Cashier
from tests.pos_desktop.ui.finger import Finger
from tests.pos_desktop.ui.pseudo import painted

NAMES = ("Amina Otieno", "Brian", "Cherono", "Dorcas", "Esther", "Fatuma", "Grace", "Hassan",
         "Ibrahim Abdirahman Mohamud", "Juma")  # fmt: skip


@pytest.fixture
def busy(
    request: pytest.FixtureRequest, shop_folder: Path, open_window: Callable[[Path], Cashier]
) -> Cashier:
    """A till at which so many people work, twelve where none are asked for, in a small window."""
    people = getattr(request, "param", 12)
    with closing(open_shop(shop_folder)) as shop:
        for name in NAMES[: people - 2]:
            login = suggest_login(name, {one.login for one in shop.sign_in.people()})
            shop.staffing.add(login=login, name=name, role=CASHIER, pin="2468", actor=None)
    cashier = open_window(shop_folder)
    cashier.window.resize(1024, 600)
    cashier.lay_out()
    return cashier


@pytest.mark.parametrize("busy", [4, 8, 12], indirect=True)
def test_everybody_and_every_key_is_in_sight(busy: Cashier) -> None:
    window, who = busy.window, busy.window.sign_in.who
    assert len(who._tiles) == len(busy.program.shop.sign_in.people())
    for tile in window.sign_in.findChildren(Tile):
        area = QRect(tile.mapTo(window, QPoint()), tile.size())
        assert window.rect().contains(area), tile.text()
        assert window.childAt(area.center()) is tile, tile.text()
        assert min(area.width(), area.height()) >= 44
        assert not tile.is_cut, tile.text()
    widths = [tile.width() for tile in who._tiles]
    assert max(widths) - min(widths) <= 1


def test_a_long_name_stands_on_two_lines(busy: Cashier) -> None:
    who = busy.window.sign_in.who
    tile = next(one for one in who._tiles if one.text() == "Ibrahim Abdirahman Mohamud")
    heard: list[str] = []
    with painted(heard):
        tile.grab()
    assert heard == ["Ibrahim Abdirahman\nMohamud"]
    tile.setFixedWidth(44)
    assert tile.is_cut


def test_another_person_goes_on_with_the_open_sale(busy: Cashier) -> None:
    busy.sign_in()
    busy.hands.scan(FLOUR)
    busy.until(busy.lines)
    busy.hands.press(Qt.Key.Key_F12)
    busy.until(lambda: busy.window.screen_shown is busy.window.sign_in)
    busy.drained()
    before = busy.hands.presses
    busy.hands.type("a2468\r")
    busy.until(lambda: busy.window.screen_shown is not busy.window.sign_in)
    assert busy.hands.presses - before == 6
    person = busy.program.shop.till.person
    assert person.login == "amina"
    assert [name for name, _pieces, _cents in busy.lines()] == ["Jogoo maize flour 2 kg"]


def test_a_finger_chooses_and_signs_in(busy: Cashier) -> None:
    finger = Finger(busy)
    finger.touch("Brian", "2", "4", "6", "8", "↵")
    busy.until(lambda: busy.window.screen_shown is busy.window.open_shift)
    assert busy.program.shop.till.person.login == "brian"


def test_a_pin_that_was_typed_first_waits_for_the_name(busy: Cashier) -> None:
    finger = Finger(busy)
    finger.touch("2", "4", "6", "8", "Brian", "↵")
    busy.until(lambda: busy.window.screen_shown is busy.window.open_shift)
    assert busy.program.shop.till.person.login == "brian"
