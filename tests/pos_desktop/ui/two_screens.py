"""The real window on a machine with two screens, in a process of its own; it says what it sees.

One JSON object on standard output. `screenRemoved` and `screenAdded` are told as Qt tells them; the
offscreen platform itself cannot pull a screen out.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from PySide6.QtGui import QScreen
from PySide6.QtWidgets import QApplication

from pos_desktop import settings
from pos_desktop.app import Program
from pos_desktop.services.devices.customer_view import CustomerView, Phase
from pos_desktop.ui.kit import fonts, theme
from tests.benchmarks.scanning import wait
from tests.pos_desktop.ui.conftest import FLOUR, Hands


def _sign_in(program: Program) -> None:
    window = program.window
    wait(lambda: window.sign_in.who.person is not None)
    window.sign_in.submitted.emit("cashier", "1111")
    wait(lambda: window.screen_shown is not window.sign_in)
    window.open_shift.submitted.emit(2000_00)
    wait(lambda: window.screen_shown is window.sell)


def _plug(app: QApplication, program: Program) -> dict[str, bool]:
    """Pull the customer's screen out and put it in again."""
    second = program.second_screen
    window = second.window
    assert window is not None
    screen: QScreen = window.screen()
    own = program.window.screen()
    second._screens = lambda: [own]
    app.screenRemoved.emit(screen)
    hidden = window.isHidden()
    second._screens = app.screens
    app.screenAdded.emit(screen)
    return {"hidden_without_screen": hidden, "back": window.isVisible()}


def _by_name(program: Program) -> dict[str, bool]:
    """Want screens by their names; the till's own is never given."""
    shown = {}
    second = program.second_screen
    assert second.window is not None
    for name in ("HDMI-9", "customer", "till"):
        second.want(name)
        shown[name] = second.window.isVisible()
    return shown


def _set(program: Program, setting: settings.Setting[str], value: str) -> None:
    """Change a setting while the till is open."""
    configuration, books = program.shop.configuration, program.shop.books
    configuration.set(setting, value, books, actor=None)


def _as_set(program: Program, wanted: str) -> dict[str, bool]:
    """Set which screen is wanted; tell whether the window is on one then."""
    window = program.second_screen.window
    assert window is not None
    before = window.isVisible()
    _set(program, settings.DISPLAY_SECOND_SCREEN, wanted)
    wait(lambda: window.isVisible() is not before)
    return {wanted: window.isVisible()}


def _greets(program: Program) -> str:
    """Let the till greet with other words; return what the customer reads then."""
    window = program.second_screen.window
    assert window is not None
    _set(program, settings.DISPLAY_GREETING, "Karibu | tena")
    window.show_view(CustomerView(phase=Phase.BETWEEN))
    wait(lambda: window.large.text != "Karibu")
    return window.large.text


def main(directory: Path) -> None:
    """Sell one thing and tell what is on the second screen."""
    app = QApplication([])
    fonts.load()
    theme.use(app, "light")
    program = Program(directory, sound=False)
    program.window.setScreen(next(one for one in app.screens() if one.name() == "till"))
    program.window.resize(1024, 600)
    program.window.show()
    program.window.activateWindow()
    program.start()
    _sign_in(program)
    window, handle = program.second_screen.window, program.window.windowHandle()
    assert window is not None
    assert handle is not None
    wait(lambda: window.large.text == "Karibu")
    told: dict[str, Any] = {"shown": window.isVisible(), "screen": window.screen().name()}
    told["place"] = list(window.geometry().getRect())  # type: ignore[call-overload]
    Hands(handle).scan(FLOUR)
    wait(lambda: window.amount.text == "190.00")
    told["till_is_active"] = program.window.isActiveWindow()
    told["has_focus"] = window.isActiveWindow()
    told |= _plug(app, program) | _by_name(program)
    program.second_screen.want("auto")
    told |= _as_set(program, "off") | _as_set(program, "auto")
    told["greets"] = _greets(program)
    program.window.close()
    wait(lambda: not program.window.isVisible())
    told["closed"] = window.isHidden()
    print(json.dumps(told), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
