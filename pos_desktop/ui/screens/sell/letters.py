"""Letters for fingers on the sell screen: below the cart, for the box or a field of the page."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from pos_desktop.ui.kit.letter_pad import LetterPad
from pos_desktop.ui.kit.letters import type_letter
from pos_desktop.ui.kit.number_pad import ENTER
from pos_desktop.ui.screens.sell.box import Box
from pos_desktop.ui.screens.sell.finder import Finder
from pos_desktop.ui.screens.sell.side_page import SidePage


class SellLetters(QObject):
    """Shows the letters where they are of use, and hands on what they type."""

    box_wanted = Signal()
    """The page that is open has no use for letters: they are for the box."""
    moved = Signal()
    """The letters came or went."""

    def __init__(
        self, screen: QWidget, pad: LetterPad, box: Box, page: Callable[[], SidePage]
    ) -> None:
        """Take the screen whose foot the letters are, and what returns the page beside the cart."""
        super().__init__(screen)
        self._screen = screen
        self._pad = pad
        self._box = box
        self._page = page
        self._finder: Finder | None = None
        self._for_page = False
        """Whether they came for a page: they go with it."""
        pad.hide()
        box.letters_wanted.connect(self._toggle)
        pad.pressed.connect(self._press)
        pad.done.connect(self.hide)

    def serve(self, finder: Finder) -> None:
        """Say what is done with what is typed into the box."""
        self._finder = finder

    def follow(self, page: SidePage, *, fingers: bool) -> None:
        """Come with a page that letters are for, where fingers type; go with one that has none."""
        if page.letters_target() is not None:
            if fingers:
                self.show()
        elif page.keyboard_target() is not None or self._for_page:
            self.hide()

    def hide(self) -> None:
        """Take the letters away."""
        self._set(shown=False)

    def show(self) -> None:
        """Bring the letters."""
        self._set(shown=True)

    def _toggle(self) -> None:
        shown, page = self._pad.isHidden(), self._page()
        if shown and page.keyboard_target() is not None and page.letters_target() is None:
            self.box_wanted.emit()
        self._set(shown=shown)

    def _set(self, *, shown: bool) -> None:
        """Show the letters, or not; what was found has its room anew."""
        self._pad.setVisible(shown)
        self._for_page = shown and self._page().letters_target() is not None
        self._box.show_letters(shown=shown)
        layout = self._screen.layout()
        assert layout is not None
        layout.activate()
        self.moved.emit()

    def _press(self, key: str) -> None:
        page = self._page()
        target = page.letter_target(key)
        if target is None:
            assert self._finder is not None
            self._finder.press(key)
        elif key == ENTER:
            enter = Qt.Key.Key_Return
            page.handle_key(QKeyEvent(QEvent.Type.KeyPress, enter, Qt.KeyboardModifier.NoModifier))
        else:
            type_letter(target, key)
