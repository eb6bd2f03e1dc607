"""Searching from the box: what fits drops over the cart while somebody types."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from pos_desktop.domain.basket import Item
from pos_desktop.ui.kit.letter_pad import LetterPad
from pos_desktop.ui.kit.number_pad import ENTER, type_into
from pos_desktop.ui.kit.tokens import Size, Space
from pos_desktop.ui.screens.sell.box import Box
from pos_desktop.ui.screens.sell.results import MOST, Results
from pos_desktop.ui.screens.sell.search_text import read_search

_FEWEST_LETTERS = 2


class Finder(QObject):
    """Holds the list of what was found, below the box."""

    def __init__(
        self, screen: QWidget, box: Box, letters: LetterPad, search: Callable[[str], list[Item]]
    ) -> None:
        """Take the screen that the list lies over, and the letters that it leaves free."""
        super().__init__(screen)
        self._box = box
        self._letters = letters
        self._search = search
        self.results = Results(screen)
        box.typed.connect(self.look)

    def look(self, text: str) -> None:
        """Show what fits the text of the box: after `/` whatever it is, else a name in it."""
        read = read_search(text)
        fewest = 1 if read.asked else _FEWEST_LETTERS
        if len(read.words) < fewest or not (read.asked or read.words[:1].isalpha()):
            self.close()
            return
        found = self._search(read.words)
        if found or read.asked:
            self.place()
            first = read.asked or read.is_name
            fitting = found[: self._most()]
            self.results.show_found(fitting, read.words, first=first, sure=read.asked)
        else:
            self.close()

    def enter(self) -> None:
        """Take what is chosen, or hand over what was typed with what it seems to be the name of."""
        if self.results.isVisible():
            if self.results.take():
                return
            self.close()
            self._box.submit(self.results.current)
        else:
            self._box.submit()

    def press(self, key: str) -> None:
        """Do in the box what a key for fingers says, as if it had been typed there."""
        if key == ENTER:
            self.enter()
        else:
            type_into(self._box.field, key)
            self._box.typed.emit(self._box.text)

    def _most(self) -> int:
        """Return how many rows find room between the box and the letters."""
        if self._letters.isHidden():
            return MOST
        room = self._letters.y() - self._box.geometry().bottom() - 3 * Space.STEP
        return max(1, min(MOST, room // Size.ROW))

    def place(self) -> None:
        """Lay the list below the box, as wide as it."""
        below = self._box.geometry().bottomLeft()
        self.results.setFixedWidth(self._box.width())
        self.results.move(below.x(), below.y() + Space.STEP)

    def close(self) -> None:
        """Take the list away."""
        self.results.hide()
