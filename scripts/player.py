"""A person at the real window, for pictures of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias, TypeVar

from PySide6.QtCore import QDeadlineTimer, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from pos_desktop.app import Program

Page = TypeVar("Page")
Step: TypeAlias = "str | Qt.Key | Callable[[Player], object]"
"""What a person does: types a text, presses a key, or something else."""


class Player:
    """Plays the cashier on a real window."""

    def __init__(self, program: Program, codes: list[str]) -> None:
        self.program = program
        self.window = program.window
        self.shown: QWidget = program.window
        """The window of which pictures are taken."""
        self.codes = codes

    def settle(self, until: Callable[[], bool] | None = None) -> None:
        """Let everything that waits happen, and what it brings."""
        limit = QDeadlineTimer(10_000)
        while not limit.hasExpired():
            QApplication.processEvents()
            if until is None or until():
                break
            QTest.qWait(5)
        QTest.qWait(60)

    def settle_at(self, page: QWidget) -> None:
        """Wait until this page is open beside the cart."""
        self.settle(lambda: self.window.sell.page is page)

    def play(self, *steps: Step) -> None:
        """Do one step after another."""
        for step in steps:
            if isinstance(step, str):
                self.write(step)
            elif isinstance(step, Qt.Key):
                self.press(step)
            else:
                step(self)

    def scan(self, *places: int) -> None:
        """Scan products of the catalogue by their places."""
        for place in places:
            self.window.sell.scanned(self.codes[place])
        self.settle()

    def write(self, text: str) -> None:
        """Type a text as a person does."""
        for letter in text:
            key = Qt.Key(ord(letter.upper()))
            QTest.keyClick(self.window.windowHandle(), key, Qt.KeyboardModifier.NoModifier, 45)
        self.settle()

    def press(
        self, key: Qt.Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
    ) -> None:
        """Press a key, while another one may be held."""
        QTest.keyClick(self.window.windowHandle(), key, held)
        self.settle()

    def chord(self, key: Qt.Key) -> None:
        """Press a key with Ctrl."""
        self.press(key, Qt.KeyboardModifier.ControlModifier)

    def open_shift_page(self) -> None:
        """Ask for the page of the shift."""
        self.chord(Qt.Key.Key_S)
        self.settle_at(self.window.sell.shift.now)

    def come_in(self, login: str = "manager", pin: str = "1234") -> None:
        """Come in, to whatever screen is shown then."""
        self.window.sign_in.submitted.emit(login, pin)
        self.settle(lambda: self.window.screen_shown is not self.window.sign_in)

    def sign_in(self, login: str = "cashier", pin: str = "1111") -> None:
        """Come in, and open a shift where there is none."""
        self.come_in(login, pin)
        if self.window.screen_shown is self.window.open_shift:
            self.window.open_shift.submitted.emit(2000_00)
            self.settle(lambda: self.window.screen_shown is self.window.sell)

    def go_out(self) -> None:
        """Leave the till to the next person."""
        self.press(Qt.Key.Key_F12)
        self.settle(lambda: self.window.screen_shown is self.window.sign_in)

    def open_office(self, name: str) -> None:
        """Open a page behind the counter as the manager, who is not here yet."""
        self.come_in()
        self.window.office.show_page(name)
        self.settle()

    def page(self, name: str, kind: type[Page]) -> Page:
        """Return a page behind the counter that was opened before."""
        page = self.window.office.page(name)
        assert isinstance(page, kind)
        return page

    def office_page(self, name: str, kind: type[Page]) -> Page:
        """Open a page behind the counter as the manager, and return it."""
        self.open_office(name)
        return self.page(name, kind)
