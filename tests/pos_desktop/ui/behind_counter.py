"""Going to a page behind the counter as people do, and reading what it lists."""

from __future__ import annotations

from typing import TypeVar

from pos_desktop.ui.kit.form import Form
from pos_desktop.ui.screens.office.list_page import ListPage
from pos_desktop.ui.screens.office.menu_page import MenuPage
from tests.pos_desktop.ui.conftest import Cashier

P = TypeVar("P", bound=ListPage)


def open_page(cashier: Cashier, kind: type[P], name: str) -> P:
    """Open a page by the menu; return it with its lines read."""
    window = cashier.window
    window.top_bar.menu.click()
    cashier.until(lambda: isinstance(window.screen_shown, MenuPage))
    menu = window.screen_shown
    assert isinstance(menu, MenuPage)
    place = [entry.name for entry in menu.shown].index(name)
    cashier.hands.type("123456789abcdefghijklmnopqrstuvwxyz"[place])
    cashier.until(lambda: isinstance(window.screen_shown, kind))
    cashier.drained()
    page = window.screen_shown
    assert isinstance(page, kind)
    return page


def offered(cashier: Cashier) -> list[str]:
    """Return the names of the pages that the menu offers."""
    window = cashier.window
    window.top_bar.menu.click()
    cashier.until(lambda: isinstance(window.screen_shown, MenuPage))
    menu = window.screen_shown
    assert isinstance(menu, MenuPage)
    return [entry.name for entry in menu.shown]


def titles(page: ListPage) -> list[str]:
    """Return the titles of the lines."""
    return [row.title for row in page.list.lines.rows]


def choose(page: ListPage, key: str) -> None:
    """Choose a line by its key, as a finger does."""
    place = page.list.lines.place_of(key)
    assert place is not None, key
    page.list.clicked.emit(page.list.lines.index(place))


def said(page: ListPage) -> str:
    """Return what the page says."""
    return page.strip.notice.text if page.strip.notice else ""


def form_of(cashier: Cashier, page: ListPage) -> Form:
    """Return the form that opens over the list."""
    cashier.until(lambda: page.form is not None)
    assert page.form is not None
    return page.form
