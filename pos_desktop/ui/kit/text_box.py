"""A text of several lines with its name above; Enter begins a new line, Tab leaves it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QPlainTextEdit, QSizePolicy, QWidget

from pos_desktop.ui.kit import fonts
from pos_desktop.ui.kit.labels import Label, label
from pos_desktop.ui.kit.layouts import column
from pos_desktop.ui.kit.number_pad import BACK, CLEAR, ENTER
from pos_desktop.ui.kit.spoken import Spoken
from pos_desktop.ui.kit.tokens import Type

_LEAVING = (Qt.Key.Key_Tab, Qt.Key.Key_Backtab, Qt.Key.Key_Escape)
_FUNCTIONS = range(Qt.Key.Key_F1, Qt.Key.Key_F35)
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class TextBox(Spoken, QPlainTextEdit):
    """A text to type into; what is pasted is taken as plain letters."""

    def type_key(self, key: str) -> None:
        """Do to the text what a key of a pad says, as if it had been typed."""
        cursor = self.textCursor()
        if key == BACK:
            cursor.deletePreviousChar()
        elif key == CLEAR:
            self.clear()
        else:
            cursor.insertText("\n" if key == ENTER else key)
        self.ensureCursorVisible()


class TextPart(Spoken, QWidget):
    """A name, and a text of several lines below it."""

    def __init__(self, name: str, *, hint: str = "", height: int) -> None:
        """Take what is asked, and how high the text is at least, in pixels."""
        super().__init__()
        self.setAccessibleName(name)
        self.field = TextBox()
        self.field.setAccessibleName(name)
        self.field.setPlaceholderText(hint)
        self.field.setFont(fonts.regular(Type.TABLE))
        self.field.setMinimumHeight(height)
        self.field.setTabChangesFocus(True)
        self._name: Label = label(name, fonts.strong(Type.LABEL), tone="muted")
        self.setLayout(column(self._name, self.field, gap=2))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    @property
    def text(self) -> str:
        """What was typed."""
        return self.field.toPlainText().strip()

    def show_text(self, text: str) -> None:
        """Show this, to be changed."""
        self.field.setPlainText(text)

    def handle_key(self, event: QKeyEvent) -> bool:  # noqa: ARG002 - whatever key
        """Leave every key to the form, and to the text itself."""
        return False


def writes(event: QKeyEvent) -> bool:
    """Tell whether a key types or moves in a text of several lines, and means nothing else."""
    key = Qt.Key(event.key())
    if key in _ENTER:
        return not event.modifiers() & Qt.KeyboardModifier.ControlModifier
    return key not in _LEAVING and key not in _FUNCTIONS
