"""The page of jobs opens from behind the counter too, and leads back to what was left there."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from pos_desktop.services.background.jobs_board import Part
from pos_desktop.storage import notifications
from pos_desktop.ui.kit.pill import Tone
from pos_desktop.ui.screens.catalogue.catalogue_page import CataloguePage
from pos_desktop.ui.screens.catalogue.import_page import ImportPage
from pos_desktop.ui.screens.jobs.jobs_screen import JobsScreen
from pos_desktop.ui.screens.office.customers_page import CustomersPage
from pos_desktop.ui.screens.office.menu_page import MenuPage
from pos_desktop.ui.screens.stock.receive_page import ReceivePage
from tests.pos_desktop.ui.behind_counter import open_page
from tests.pos_desktop.ui.conftest import MILK, Cashier

K = Qt.Key


@pytest.fixture
def at_the_door(
    open_window: Callable[[Path], Cashier], shop_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> Cashier:
    """A till that looks at its jobs often."""
    for name in ("PAGE_MS", "PILL_MS"):
        monkeypatch.setattr(f"pos_desktop.ui.screens.jobs.jobs_flow.{name}", 50)
    return open_window(shop_folder)


@pytest.fixture
def manager(at_the_door: Cashier) -> Cashier:
    at_the_door.sign_in("manager", "1234")
    return at_the_door


def leave(till: Cashier, text: str) -> None:
    """Leave a message for whoever is signed in."""
    shop = till.program.shop
    with shop.database.write():
        notifications.add(
            shop.database,
            shop.till.person.id,
            text,
            1_000,
            job=1,
            has_failed=False,
            is_partly=False,
        )


def jobs(till: Cashier) -> JobsScreen:
    return till.window.jobs.screen


def shown(till: Cashier) -> object:
    return till.window.screen_shown


def go_in(till: Cashier) -> None:
    till.hands.chord(K.Key_W, "\x17", after=1000)
    till.until(lambda: shown(till) is jobs(till))


def go_back(till: Cashier) -> None:
    till.hands.press(K.Key_Escape)
    till.until(lambda: shown(till) is not jobs(till))


def test_the_key_that_a_toast_shows_opens_its_message_from_the_menu_too(manager: Cashier) -> None:
    manager.window.top_bar.menu.click()
    leave(manager, "Export 1 is ready")
    manager.until(lambda: manager.window.toast.saying)
    go_in(manager)
    assert jobs(manager).part is Part.MESSAGES
    manager.until(lambda: "Export 1 is ready" in jobs(manager).detail.words())
    assert jobs(manager).back.text() == "Back"
    go_back(manager)
    assert isinstance(shown(manager), MenuPage)
    manager.hands.press(K.Key_Escape)
    go_in(manager)
    assert jobs(manager).back.text() == "Back to selling"
    go_back(manager)
    assert shown(manager) is manager.sell


def test_a_form_waits_as_it_was_typed_and_typing_meanwhile_goes_nowhere(manager: Cashier) -> None:
    page = open_page(manager, CustomersPage, "customers")
    manager.hands.press(K.Key_F2)
    assert page.form is not None
    manager.hands.type("Amina")
    field = page.keyboard_target()
    assert isinstance(field, QLineEdit)
    manager.until(lambda: field.text() == "Amina")
    leave(manager, "Done")
    manager.until(manager.window.top_bar.jobs.isVisible)
    manager.window.toast.leave()
    QTest.mouseClick(manager.window.top_bar.jobs, Qt.MouseButton.LeftButton)
    manager.until(lambda: shown(manager) is jobs(manager))
    manager.hands.type("x2")
    go_back(manager)
    assert page.isVisible()
    manager.hands.type(" Odhiambo")
    manager.until(lambda: field.text() == "Amina Odhiambo")
    assert manager.sell.box.text == ""


def test_a_list_is_read_anew_when_one_comes_back_to_it(manager: Cashier, tmp_path: Path) -> None:
    file = tmp_path / "tea.csv"
    file.write_text("code,name,price\nT1,Tea,80\n", encoding="utf-8")
    page = open_page(manager, ImportPage, "import")
    assert len(page.list.lines.rows) == 1
    go_in(manager)
    shop = manager.program.shop
    shop.importing.products(file, actor=shop.till.person)
    go_back(manager)
    manager.until(lambda: page.list.lines.rows[0].title == "Import 2 of tea.csv")


def test_a_scan_goes_where_it_would_have_gone_from_the_page(manager: Cashier) -> None:
    receiving = open_page(manager, ReceivePage, "receive")
    go_in(manager)
    manager.hands.scan(MILK)
    manager.until(lambda: shown(manager) is receiving)
    manager.until(lambda: receiving.list.lines.rows)
    assert not manager.lines()
    open_page(manager, CustomersPage, "customers")
    go_in(manager)
    manager.hands.scan(MILK)
    manager.until(manager.lines)
    assert shown(manager) is manager.sell


def test_whoever_has_no_message_reads_so_on_the_page_they_are_on(at_the_door: Cashier) -> None:
    at_the_door.sign_in("cashier", "1111")
    at_the_door.window.top_bar.menu.click()
    at_the_door.hands.chord(K.Key_W, "\x17", after=1000)
    menu = at_the_door.window.screen_shown
    assert isinstance(menu, MenuPage)
    at_the_door.until(lambda: menu.strip.notice)
    assert menu.strip.notice is not None
    assert menu.strip.notice.tone is Tone.DANGER
    assert menu.strip.notice.text.startswith("No message for you.")
    assert at_the_door.notice() == ""


def test_signing_out_at_the_jobs_leads_the_next_person_to_the_sale(manager: Cashier) -> None:
    open_page(manager, CataloguePage, "catalogue")
    go_in(manager)
    manager.hands.press(K.Key_F12)
    manager.until(lambda: shown(manager) is manager.window.sign_in)
    manager.sign_in("manager", "1234")
    go_in(manager)
    go_back(manager)
    assert shown(manager) is manager.sell
