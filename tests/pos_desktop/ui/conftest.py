"""The real window on a real demo shop, and hands that press its keys."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QKeyEvent, QWindow
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from pos_desktop.app import Program
from pos_desktop.shops.new_shop import demo_shop, make_shop
from pos_desktop.storage.sales import StoredSale
from pos_desktop.ui.kit import fonts, theme
from pos_desktop.ui.kit.stylesheet import stylesheet
from pos_desktop.ui.kit.tokens import LIGHT
from pos_desktop.ui.screens.sell.screen import SellScreen
from pos_desktop.ui.shell.window import Window

FLOUR, RICE, MILK, SALT = "6161990000013", "6161990000037", "6161990000105", "6161990000099"
"""190.00, 240.00, 65.00 and 30.00."""
HUMAN_MS, SCANNER_MS = 60, 5

_NAMED_KEYS = {
    "\r": Qt.Key.Key_Return,
    "\n": Qt.Key.Key_unknown,
    "\t": Qt.Key.Key_Tab,
    " ": Qt.Key.Key_Space,
}


class Hands:
    """Presses keys on a window as the system would report them, with the times of our choice."""

    def __init__(self, handle: QWindow) -> None:
        self._handle = handle
        self._now = 1_000_000
        self.presses = 0

    def press(
        self,
        key: Qt.Key,
        text: str = "",
        *,
        after: int = HUMAN_MS,
        modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
    ) -> None:
        """Press and release one key."""
        self._now += after
        self.presses += 1
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            event = QKeyEvent(kind, key, modifiers, text)
            event.setTimestamp(self._now)
            QCoreApplication.sendEvent(self._handle, event)

    def chord(self, key: Qt.Key, text: str, *, after: int = HUMAN_MS) -> None:
        """Press Ctrl and a key, as a keyboard does and a scanner too: Ctrl goes down first."""
        held, none = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.NoModifier
        down, up = QEvent.Type.KeyPress, QEvent.Type.KeyRelease
        self._now += after
        self.presses += 1
        for kind, one, words, modifiers in (
            (down, Qt.Key.Key_Control, "", none),
            (down, key, text, held),
            (up, key, text, held),
            (up, Qt.Key.Key_Control, "", held),
        ):
            event = QKeyEvent(kind, one, modifiers, words)
            event.setTimestamp(self._now)
            QCoreApplication.sendEvent(self._handle, event)

    def type(self, text: str, *, gap: int = HUMAN_MS) -> None:
        """Type a text; `\\r` is Enter."""
        for letter in text:
            named = _NAMED_KEYS.get(letter)
            key = named or Qt.Key(ord(letter.upper()))
            self.press(key, letter, after=gap)

    def scan(self, code: str, end: str = "\r") -> None:
        """Let a scanner type a code."""
        self._now += 300
        self.type(code + end, gap=SCANNER_MS)

    def burst(self, code: str, end: str = "\r", *, gap: int = 1) -> None:
        """Let a fast scanner type a code as X11 tells of it: equal neighbours come as repeats."""
        self._now += 300
        typed = code + end
        for place, letter in enumerate(typed):
            self._now += gap
            self._send(QEvent.Type.KeyPress, letter, again=typed[place - 1 : place] == letter)
            self._send(QEvent.Type.KeyRelease, letter, again=typed[place + 1 : place + 2] == letter)

    def hold(self, letter: str, *, times: int) -> None:
        """Hold a key down until it has come again so many times."""
        self._now += 300
        self._send(QEvent.Type.KeyPress, letter, again=False)
        for time in range(times):
            self._now += 30 if time else 250
            self._send(QEvent.Type.KeyRelease, letter, again=True)
            self._send(QEvent.Type.KeyPress, letter, again=True)
        self._send(QEvent.Type.KeyRelease, letter, again=False)

    def _send(self, kind: QEvent.Type, letter: str, *, again: bool) -> None:
        key = _NAMED_KEYS.get(letter) or Qt.Key(ord(letter.upper()))
        event = QKeyEvent(kind, key, Qt.KeyboardModifier.NoModifier, letter, again)
        event.setTimestamp(self._now)
        QCoreApplication.sendEvent(self._handle, event)


LAYOUT_TURNS = 8
"""More than there are layouts inside one another."""
LANE_TURNS = 3
"""More than one thing that was heard asks for another."""


class Cashier:
    """Works at the window."""

    def __init__(self, program: Program, qtbot: QtBot) -> None:
        self.program = program
        self.qtbot = qtbot
        handle = program.window.windowHandle()
        assert handle is not None
        self.hands = Hands(handle)

    @property
    def window(self) -> Window:
        return self.program.window

    @property
    def sell(self) -> SellScreen:
        return self.program.window.sell

    def page(self) -> object:
        """Return the page that is open beside the cart."""
        return self.sell.page

    def until(self, truth: Callable[[], object]) -> None:
        """Wait for something to become true; nothing sleeps."""
        self.qtbot.waitUntil(lambda: bool(truth()), timeout=5000)

    def lay_out(self) -> None:
        """Let every widget take the place that its layout wants for it; a layout asks others."""
        for _turn in range(LAYOUT_TURNS):
            QApplication.sendPostedEvents()
            QApplication.processEvents()

    def box_holds(self, text: str) -> None:
        self.until(lambda: self.sell.box.text == text)

    def lines(self) -> list[tuple[str, int, int]]:
        """Return name, quantity in pieces and total in cents of each line."""
        priced = self.window.counter.priced
        return [(one.item.name, one.quantity // 1000, one.gross_cents) for one in priced.lines]

    def total(self) -> str:
        return self.sell.total.amount.text

    def sales(self) -> list[StoredSale]:
        """Return the last sale on disk, if there is one."""
        from pos_desktop.domain.errors import Refused

        try:
            return [self.program.shop.selling.find(None)]
        except Refused:
            return []

    def notice(self) -> str:
        shown = self.sell.strip.notice
        return f"{shown.head} {shown.text}".strip() if shown else ""

    def drained(self) -> None:
        """Wait until the lane has done all that was asked of it, and the screen has heard.

        What is heard may ask for more, such as a list that is read anew once a line was written.
        """
        for turn in range(1, LANE_TURNS + 1):
            done: list[int] = []
            self.program.lane.submit(partial(int, turn), done.append)
            self.until(partial(bool, done))

    def approve(self, pin: str = "1234") -> None:
        """Let the manager approve what waits, for the first of the ready reasons."""
        self.until(lambda: self.page() is self.sell.approval)
        self.hands.press(Qt.Key.Key_Down)
        self.hands.type(f"{pin}\r")

    def leave(self) -> None:
        """Close the window; where something is still being written it closes by itself later."""
        self.window.close()
        self.until(lambda: not self.window.isVisible())

    def sign_in_only(self, login: str = "cashier", pin: str = "1111") -> None:
        """Come in, as far as that goes without a shift."""
        self.window.sign_in.submitted.emit(login, pin)
        self.until(lambda: self.window.screen_shown is not self.window.sign_in)

    def sign_in(self, login: str = "cashier", pin: str = "1111") -> None:
        """Come in, with a shift open."""
        self.sign_in_only(login, pin)
        if self.window.screen_shown is self.window.open_shift:
            self.window.open_shift.submitted.emit(2000_00)
            self.until(lambda: self.window.screen_shown is self.sell)


@pytest.fixture(scope="session")
def demo_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demo shop, made once; tests work on copies."""
    folder = tmp_path_factory.mktemp("demo") / "shop"
    make_shop(folder, demo_shop())
    return folder


@pytest.fixture
def shop_folder(demo_folder: Path, tmp_path: Path) -> Path:
    return shutil.copytree(demo_folder, tmp_path / "shop")


@pytest.fixture(scope="session")
def letters(qapp: QApplication) -> set[str]:
    """The families of the shipped letters, loaded once: Qt looks through all that it was given."""
    return fonts.load()


@pytest.fixture
def dressed(qapp: QApplication, letters: set[str]) -> QApplication:
    """The application with its letters and its light theme, which costs as much as a window."""
    assert letters
    if (theme.name(), qapp.styleSheet()) != ("light", stylesheet(LIGHT)):
        theme.use(qapp, "light")
    return qapp


@pytest.fixture
def open_window(
    dressed: QApplication, qtbot: QtBot, kept_books: Callable[[Path], None]
) -> Iterator[Callable[[Path], Cashier]]:
    """Opens the window on a shop; it is closed after the test, and what waits is finished.

    It is closed once, as a cashier does: a paid sale that closing again would leave behind is a
    failure. The books are verified when all windows are closed.
    """
    programs: list[Program] = []

    def run(folder: Path) -> Cashier:
        kept_books(folder)
        program = Program(folder, sound=False)
        programs.append(program)
        program.window.resize(1366, 768)
        program.window.show()
        program.window.activateWindow()
        program.start()
        qtbot.waitUntil(lambda: program.window.sign_in.who.person is not None)
        return Cashier(program, qtbot)

    yield run
    for program in programs:
        program.window.close()
        qtbot.waitUntil(program.window.isHidden, timeout=15_000)
        program.window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def at_door(open_window: Callable[[Path], Cashier], shop_folder: Path) -> Cashier:
    """A cashier before the sign-in screen."""
    return open_window(shop_folder)


@pytest.fixture
def cashier(at_door: Cashier) -> Cashier:
    """A cashier at the sell screen, with a shift open."""
    at_door.sign_in()
    return at_door
