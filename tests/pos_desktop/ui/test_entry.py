"""Coming in: sign-in, the shift, and the lock."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt

from pos_desktop.ui.kit import theme
from pos_desktop.ui.kit.tile import Tile
from tests.pos_desktop.ui.conftest import FLOUR, Cashier

K = Qt.Key


def test_letters_choose_the_person_and_digits_are_the_pin(at_door: Cashier) -> None:
    window = at_door.window
    at_door.hands.type("nj")
    at_door.hands.type("1234\r")
    at_door.until(lambda: window.screen_shown is window.open_shift)
    person = at_door.program.shop.till.state.person
    assert person is not None
    assert person.login == "manager"
    at_door.hands.type("2000\r")
    at_door.until(lambda: window.screen_shown is at_door.sell)
    shift = at_door.program.shop.till.state.shift
    assert shift is not None
    assert shift.float_cents == 2000_00


def test_a_wrong_pin_is_said_in_place(at_door: Cashier) -> None:
    who = at_door.window.sign_in.who
    at_door.hands.type("0000\r")
    at_door.until(lambda: who.strip.notice is not None)
    assert who.field.text() == ""
    assert at_door.window.screen_shown is at_door.window.sign_in


def test_a_lock_counts_down(at_door: Cashier) -> None:
    sign_in = at_door.window.sign_in
    sign_in.lock(3)

    def said(text: str) -> bool:
        notice = sign_in.who.strip.notice
        return notice is not None and text in notice.text

    assert said("in 3 seconds")
    at_door.until(lambda: said("in 2 seconds"))
    at_door.until(lambda: said("Try again now"))
    sign_in.lock(3)
    at_door.hands.type("1")
    at_door.until(lambda: sign_in.who.strip.notice is None)
    sign_in.who.countdown.one_second_less()
    assert sign_in.who.strip.notice is None


def test_too_many_wrong_pins_start_the_countdown(at_door: Cashier) -> None:
    who = at_door.window.sign_in.who
    for _try in range(12):
        who.strip.say(None)
        at_door.hands.type("0000\r")
        at_door.until(lambda: who.strip.notice is not None)
        if who.strip.notice is not None and "Locked" in who.strip.notice.text:
            break
    assert who.countdown.running


def test_the_float_page_is_left_by_signing_out(at_door: Cashier) -> None:
    window = at_door.window
    for key in (K.Key_F12, K.Key_Escape):
        at_door.hands.type("nj1234\r")
        at_door.until(lambda: window.screen_shown is window.open_shift)
        assert any(tile.text() == "Lock" for tile in window.open_shift.findChildren(Tile))
        at_door.hands.press(key)
        at_door.until(lambda: window.screen_shown is window.sign_in)
        assert at_door.program.shop.till.state.person is None


def test_what_was_said_does_not_outlive_the_lock(cashier: Cashier) -> None:
    cashier.hands.scan("9999999999994")
    assert cashier.notice() != ""
    cashier.hands.press(K.Key_F12)
    cashier.until(lambda: cashier.window.screen_shown is cashier.window.sign_in)
    cashier.sign_in("manager", "1234")
    assert cashier.notice() == ""


def test_a_scan_at_the_door_types_no_pin(at_door: Cashier) -> None:
    at_door.hands.scan(FLOUR)
    who = at_door.window.sign_in.who
    assert who.field.text() == ""
    assert who.strip.notice is not None
    assert "Sign in first" in who.strip.notice.text


def test_fingers_can_sign_in(at_door: Cashier) -> None:
    who = at_door.window.sign_in.who
    who._choose(next(i for i, one in enumerate(who._people) if one.login == "cashier"))
    for key in ("1", "1", "2", "⌫", "1", "1", "↵"):
        who.pad.pressed.emit(key)
    at_door.until(lambda: at_door.window.screen_shown is at_door.window.open_shift)


def test_digits_meant_for_one_person_are_no_pin_of_the_next(at_door: Cashier) -> None:
    who = at_door.window.sign_in.who
    at_door.hands.type("wa12")
    at_door.until(lambda: who.field.text() == "12")
    at_door.hands.type("nj")
    at_door.until(lambda: who.field.text() == "")
    at_door.hands.type("12")
    at_door.until(lambda: who.field.text() == "12")
    at_door.hands.type("nj")
    at_door.drained()
    assert who.field.text() == "12", "who is chosen again is still the same"


def test_a_float_must_be_typed(at_door: Cashier) -> None:
    window = at_door.window
    at_door.hands.type("nj1234\r")
    at_door.until(lambda: window.screen_shown is window.open_shift)
    at_door.hands.type("\r")
    assert window.open_shift.strip.notice is not None
    at_door.hands.type("0\r")
    at_door.until(lambda: window.screen_shown is at_door.sell)


def test_letters_are_no_float(at_door: Cashier) -> None:
    window = at_door.window
    at_door.hands.type("nj1234\r")
    at_door.until(lambda: window.screen_shown is window.open_shift)
    at_door.hands.type("manager1234\r")
    assert window.open_shift.strip.notice is not None
    assert "Type an amount" in window.open_shift.strip.notice.text
    assert window.open_shift.field.selectedText() == "manager1234"
    at_door.hands.type("1,000\r")
    at_door.until(lambda: window.screen_shown is at_door.sell)
    assert at_door.program.shop.till.shift.float_cents == 1000_00


def test_the_lock_keeps_the_open_sale(cashier: Cashier) -> None:
    cashier.hands.scan(FLOUR)
    cashier.hands.press(K.Key_F12)
    cashier.until(lambda: cashier.window.screen_shown is cashier.window.sign_in)
    assert not cashier.window.key_bar.isVisible()
    cashier.hands.scan(FLOUR)
    cashier.sign_in("manager", "1234")
    assert cashier.lines() == [("Jogoo maize flour 2 kg", 1, 190_00)]
    assert cashier.window.screen_shown is cashier.sell


def test_the_theme_changes_while_selling_and_is_kept(cashier: Cashier) -> None:
    from pos_desktop import settings

    cashier.hands.press(K.Key_T, "\x14", modifiers=Qt.KeyboardModifier.ControlModifier)
    assert theme.name() == "dark"
    cashier.drained()
    assert cashier.program.shop.configuration.get(settings.THEME) == "dark"


def test_the_keys_for_fingers_are_as_they_were_left(
    open_window: Callable[[Path], Cashier], shop_folder: Path
) -> None:
    for shown in (True, False):
        cashier = open_window(shop_folder)
        cashier.sign_in()
        assert cashier.sell.tenders.pad.isHidden() is shown
        cashier.hands.press(K.Key_K, modifiers=Qt.KeyboardModifier.ControlModifier)
        assert cashier.sell.tenders.pad.isHidden() is not shown
        cashier.drained()
        cashier.leave()
