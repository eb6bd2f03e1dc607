"""What the pages beside the cart have in common."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from pos_desktop.ui.kit.layouts import column
from pos_desktop.ui.kit.spoken import Spoken
from pos_desktop.ui.kit.tokens import Space

ENTER_KEYS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class SidePage(Spoken, QWidget):
    """A page of the right side. It sees keys before any widget does."""

    left = Signal()
    """The page wants to give way to the tenders."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.body: QVBoxLayout = column(gap=Space.BETWEEN)
        self.setLayout(self.body)

    def keyboard_target(self) -> QLineEdit | None:
        """Return the field to which typing goes while the page is open; None: the box."""
        return None

    def letters_target(self) -> QLineEdit | None:
        """Return the field that letters for fingers are for; None where the page wants none."""
        return None

    def letter_target(self, key: str) -> QLineEdit | None:  # noqa: ARG002 - whatever key
        """Return the field that this key of the letters for fingers is for."""
        return self.letters_target()

    def take_scan(self, code: str) -> bool:  # noqa: ARG002 - whatever was scanned
        """Take a scan that is meant for the page; False: it is for the sale."""
        return False

    def holds_on(self) -> bool:
        """Tell, and say, that what was typed here must be done or left before selling goes on."""
        return False

    def handle_key(self, event: QKeyEvent) -> bool:
        """Deal with a key; return whether that is done. Esc leaves."""
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
            return True
        return False
