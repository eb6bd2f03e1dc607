"""Letters for fingers below a form: they type into whichever field has the keyboard."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QLineEdit

from pos_desktop.ui.kit.letter_pad import LetterPad, is_for_address
from pos_desktop.ui.kit.number_pad import ENTER, type_into
from pos_desktop.ui.kit.text_box import TextBox


class Letters(LetterPad):
    """A pad that is hidden until it is wanted. A word begins with a capital, as names do."""

    def __init__(
        self, target: Callable[[], QLineEdit | TextBox | None], enter: Callable[[], None]
    ) -> None:
        """Take where typing goes now, and what Enter does."""
        super().__init__()
        self._target = target
        self._enter = enter
        self.pressed.connect(self._press)
        self.done.connect(self.hide)
        self.hide()

    def toggle(self) -> None:
        """Come, or go."""
        self.setVisible(self.isHidden())

    def _press(self, key: str) -> None:
        field = self._target()
        if isinstance(field, TextBox):
            field.type_key(key)
        elif key == ENTER:
            self._enter()
        elif field is not None:
            type_letter(field, key)


def type_letter(field: QLineEdit, key: str) -> None:
    """Type a key of the letters into a field; a word begins with a capital, as names do."""
    before = field.text()[: field.cursorPosition()]
    is_words = field.echoMode() is QLineEdit.EchoMode.Normal and not is_for_address(field)
    begins = is_words and (not before or before.endswith(" "))
    type_into(field, key.upper() if begins and len(key) == 1 else key)
