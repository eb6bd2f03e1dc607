"""The menu and its pages: by keys and fingers, for those who may; a scan goes to the sale."""

from __future__ import annotations

from pathlib import Path

import PIL.Image
import pytest
from PySide6.QtCore import Qt

from pos_desktop.ui.screens.office.layout_page import LayoutPage
from pos_desktop.ui.screens.office.menu_page import MenuPage
from tests.pos_desktop.ui.conftest import FLOUR, Cashier
from tests.pos_desktop.ui.room import squeezed_in_any

CTRL = Qt.KeyboardModifier.ControlModifier


def shown(till: Cashier) -> object:
    return till.window.screen_shown


def open_menu(till: Cashier) -> MenuPage:
    till.hands.press(Qt.Key.Key_B, modifiers=CTRL)
    menu = shown(till)
    assert isinstance(menu, MenuPage)
    return menu


def become_manager(till: Cashier) -> None:
    till.hands.press(Qt.Key.Key_F12)
    till.until(lambda: shown(till) is till.window.sign_in)
    till.sign_in("manager", "1234")


def test_the_menu_offers_what_the_person_may_open(cashier: Cashier) -> None:
    names = {entry.name for entry in open_menu(cashier).shown}
    assert "training" in names
    assert "receipt" not in names
    cashier.hands.press(Qt.Key.Key_Escape)
    assert shown(cashier) is cashier.sell
    become_manager(cashier)
    cashier.window.top_bar.menu.click()
    menu = shown(cashier)
    assert isinstance(menu, MenuPage)
    assert {entry.name for entry in menu.shown} > names


def test_a_scan_in_the_menu_is_sold(cashier: Cashier) -> None:
    open_menu(cashier)
    cashier.hands.scan(FLOUR)
    assert shown(cashier) is cashier.sell
    cashier.until(lambda: len(cashier.lines()) == 1)


def test_the_menu_is_walked_by_arrows_and_its_help_says_how(cashier: Cashier) -> None:
    become_manager(cashier)
    menu = open_menu(cashier)
    names = [entry.name for entry in menu.shown]
    for _step in range(names.index("receipt")):
        cashier.hands.press(Qt.Key.Key_Right)
    cashier.hands.press(Qt.Key.Key_Return)
    assert isinstance(shown(cashier), LayoutPage)
    cashier.hands.press(Qt.Key.Key_F1)
    assert cashier.window.help.isVisible()
    cashier.hands.press(Qt.Key.Key_F1)
    cashier.hands.press(Qt.Key.Key_Escape)
    assert shown(cashier) is menu


def test_all_pages_find_room_in_the_lowest_window(cashier: Cashier) -> None:
    become_manager(cashier)
    menu = open_menu(cashier)
    assert len(menu.shown) > 24, "more than eight rows of them"
    assert not squeezed_in_any(cashier)
    for height, gap in ((540, 2), (600, 6), (768, 10)):
        cashier.window.resize(960, height)
        cashier.lay_out()
        upper, lower = menu.page_tiles[0].geometry(), menu.page_tiles[3].geometry()
        assert lower.top() - upper.bottom() - 1 == gap
        assert menu.page_tiles[-1].geometry().bottom() < menu.height()


def test_locking_behind_the_counter_asks_for_a_pin(cashier: Cashier) -> None:
    open_menu(cashier)
    cashier.hands.press(Qt.Key.Key_F12)
    cashier.until(lambda: shown(cashier) is cashier.window.sign_in)


def test_the_receipt_is_seen_as_one_types_and_kept(cashier: Cashier, tmp_path: Path) -> None:
    become_manager(cashier)
    cashier.window.office.show_page("receipt")
    page = shown(cashier)
    assert isinstance(page, LayoutPage)
    cashier.until(lambda: not page.preview.pixmap().isNull())
    before = page.preview.pixmap().toImage()
    cashier.hands.type("Open daily\t")
    cashier.until(lambda: page.preview.pixmap().toImage() != before)
    picture = tmp_path / "logo.png"
    PIL.Image.new("RGB", (100, 50), "black").save(picture)
    typed = page.preview.pixmap().toImage()
    page.logo.show_text(str(picture))
    cashier.until(lambda: page.preview.pixmap().toImage() != typed)
    cashier.hands.press(Qt.Key.Key_F8)
    cashier.until(lambda: page.strip.notice is not None and "Kept" in page.strip.notice.text)
    kept = cashier.program.shop.receipt_layouts.layout()
    assert kept.logo
    assert (kept.header, kept.logo) == ("Open daily", page.layout_now().logo)


@pytest.mark.parametrize("key", [Qt.Key.Key_F8, Qt.Key.Key_Return])
def test_a_picture_is_kept_whose_name_is_only_typed(
    cashier: Cashier, tmp_path: Path, key: Qt.Key
) -> None:
    become_manager(cashier)
    cashier.window.office.show_page("receipt")
    page = shown(cashier)
    assert isinstance(page, LayoutPage)
    cashier.until(lambda: not page.preview.pixmap().isNull())
    picture = tmp_path / "logo.png"
    PIL.Image.new("RGB", (100, 50), "black").save(picture)
    page.logo.field.setFocus()
    page.logo.show_text(str(picture))
    cashier.hands.press(key)
    cashier.until(lambda: page.strip.notice is not None and "Kept" in page.strip.notice.text)
    assert cashier.program.shop.receipt_layouts.layout().logo


def test_a_picture_that_is_none_keeps_nothing(cashier: Cashier, tmp_path: Path) -> None:
    become_manager(cashier)
    cashier.window.office.show_page("receipt")
    page = shown(cashier)
    assert isinstance(page, LayoutPage)
    cashier.until(lambda: not page.preview.pixmap().isNull())
    before = cashier.program.shop.receipt_layouts.layout()
    cashier.hands.type("Open daily\t")
    page.logo.show_text(str(tmp_path / "gone.png"))
    cashier.hands.press(Qt.Key.Key_F8)
    cashier.until(lambda: page.strip.notice is not None and "gone.png" in page.strip.notice.text)
    assert cashier.program.shop.receipt_layouts.layout() == before
