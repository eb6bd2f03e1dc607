"""A person at the real window, for pictures of it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QDeadlineTimer, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from pos_desktop.app import Program


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

    def scan(self, *places: int) -> None:
        """Scan products of the catalogue by their places."""
        for place in places:
            self.window.sell.scanned(self.codes[place])
        self.settle()

    def type(self, text: str) -> None:
        """Type a text as a person does."""
        for letter in text:
            key = Qt.Key(ord(letter.upper()))
            QTest.keyClick(self.window.windowHandle(), key, Qt.KeyboardModifier.NoModifier, 45)
        self.settle()

    def press(self, key: Qt.Key) -> None:
        """Press a key."""
        QTest.keyClick(self.window.windowHandle(), key)
        self.settle()

    def open_shift_page(self) -> None:
        """Ask for the page of the shift."""
        control = Qt.KeyboardModifier.ControlModifier
        QTest.keyClick(self.window.windowHandle(), Qt.Key.Key_S, control)
        self.settle(lambda: self.window.sell.page is self.window.sell.shift.now)

    def sign_in(self, login: str = "cashier", pin: str = "1111") -> None:
        """Come in, and open a shift where there is none."""
        self.window.sign_in.submitted.emit(login, pin)
        self.settle(lambda: self.window.screen_shown is not self.window.sign_in)
        if self.window.screen_shown is self.window.open_shift:
            self.window.open_shift.submitted.emit(2000_00)
            self.settle(lambda: self.window.screen_shown is self.window.sell)


State = Callable[[Player], None]
