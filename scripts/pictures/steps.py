"""How the till is brought to a state: the steps of people, of which each part's table is made.

A state is its steps, under the name of its picture. One that needs more than a line is a function
of that name.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from pos_desktop.ui.screens.office.list_page import ListPage
from pos_desktop.ui.screens.sell.screen import SellScreen
from scripts.player import Player, Step

K = Qt.Key
Steps = tuple[Step, ...]
States = dict[str, Steps]

LONG_NAME = "Blue Band Original Spread for Bread with Vitamins A, D, E and Omega, family tub 1 kg"
LONG_WORD = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"


def by_name(*states: Callable[[Player], None]) -> States:
    """Return states that are functions, each under its name."""
    return {state.__name__: (state,) for state in states}


def scan(*places: int) -> Step:
    """Scan products of the catalogue by their places."""
    return lambda player: player.scan(*places)


def chord(key: Qt.Key) -> Step:
    """Press a key with Ctrl."""
    return lambda player: player.chord(key)


def shown(page: Callable[[SellScreen], QWidget]) -> Step:
    """Wait until a page is open beside the cart."""
    return lambda player: player.settle_at(page(player.window.sell))


def until(seen: Callable[[Player], bool]) -> Step:
    """Wait until something is seen."""
    return lambda player: player.settle(lambda: seen(player))


def told(player: Player) -> None:
    """Wait until the strip above the cart says something."""
    player.settle(player.window.sell.strip.isVisible)


def office(name: str) -> Step:
    """Open a page behind the counter as the manager."""
    return lambda player: player.open_office(name)


def listed(name: str) -> Step:
    """Open a page behind the counter as the manager, and wait for what it lists."""

    def show(player: Player) -> None:
        page = player.office_page(name, ListPage)
        player.settle(lambda: page.list.lines.rowCount() > 0)

    return show


def asked(name: str) -> Step:
    """Wait until a page behind the counter shows a form."""
    return until(lambda player: player.page(name, ListPage).form is not None)


def manager(player: Player) -> None:
    """Come in as the manager, and open a shift."""
    player.sign_in("manager", "1234")


def keypad(player: Player) -> None:
    """Take the keypad out."""
    player.window.sell.toggle_pad()
    player.settle()


def letters(player: Player) -> None:
    """Take the letters out."""
    player.window.sell.box.letters_wanted.emit()
    player.settle()


CHANGE_SHOWN = shown(lambda sell: sell.change)
APPROVAL_SHOWN = shown(lambda sell: sell.approval)
TENDERS_SHOWN = shown(lambda sell: sell.tenders)
