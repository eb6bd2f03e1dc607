"""What the screens before selling have in common: one card in the middle, and its keys."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLayout, QWidget

from pos_desktop.ui.kit.card import Card
from pos_desktop.ui.kit.layouts import column, row
from pos_desktop.ui.kit.spoken import Spoken

WIDTH = 420


class EntryScreen(Spoken, QWidget):
    """A card in the middle of the window."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setProperty("look", "screen")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(name)

    def put_card(self, name: str, layout: QLayout) -> None:
        """Show this in the card."""
        self._card = Card(name, layout)
        self._card.setFixedWidth(WIDTH)
        self.setLayout(column(1, row(1, self._card, 1), 1))

    def set_card_width(self, width: int) -> None:
        """Let the card be so wide, in pixels."""
        self._card.setFixedWidth(width)

    def handle_key(self, event: QKeyEvent) -> bool:
        """Deal with a key before any widget sees it; return whether that is done."""
        raise NotImplementedError

    def scanned(self, code: str) -> None:
        """Take a scan that comes too early."""
        raise NotImplementedError

    def take_focus(self) -> None:
        """Let typing go where it belongs."""
        raise NotImplementedError
