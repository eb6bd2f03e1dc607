"""Widgets that follow the language: the texts they were given are said again when it changes.

`Spoken` stands first among the bases. It keeps the texts that a widget was given by Qt's own
setters; a widget that paints texts or makes them of several says in `retell` what is to be said
anew. Nothing else of a widget changes: what was typed, chosen and scrolled stays.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QLineEdit, QScrollArea, QStackedWidget, QWidget

from pos_desktop.domain.text import Text

if TYPE_CHECKING:
    _Base = QWidget
else:
    _Base = object


class Spoken(_Base):
    """Keeps the texts of a widget, and says them again."""

    def setText(self, text: str | None, /) -> None:  # noqa: N802 - Qt's name
        """Show a text."""
        self.__tell("setText", text or "")

    def setAccessibleName(self, name: str) -> None:  # noqa: N802 - Qt's name
        """Be called so for those who cannot see it."""
        self.__tell("setAccessibleName", name)

    def setAccessibleDescription(self, description: str) -> None:  # noqa: N802 - Qt's name
        """Be described so for those who cannot see it."""
        self.__tell("setAccessibleDescription", description)

    def setToolTip(self, text: str) -> None:  # noqa: N802 - Qt's name
        """Say this to a pointer that rests."""
        self.__tell("setToolTip", text)

    def setPlaceholderText(self, text: str) -> None:  # noqa: N802 - Qt's name
        """Show this while nothing is typed."""
        self.__tell("setPlaceholderText", text)

    def setWindowTitle(self, title: str) -> None:  # noqa: N802 - Qt's name
        """Be called so by the system."""
        self.__tell("setWindowTitle", title)

    def retell(self) -> None:
        """Say all of it in the language that is spoken now; its children have done so before."""
        for setter, text in tuple(self.__texts().items()):
            getattr(self, setter)(text.again())

    def __tell(self, setter: str, text: str) -> None:
        texts = self.__texts()
        if isinstance(text, Text):
            texts[setter] = text
        else:
            texts.pop(setter, None)
        getattr(super(), setter)(text)

    def __texts(self) -> dict[str, Text]:
        """Return the texts by the setters that took them; kept from the first one on."""
        kept: dict[str, Text] = self.__dict__.setdefault("_kept_texts", {})
        return kept


class Field(Spoken, QLineEdit):
    """A line to type into."""


class ScrollArea(Spoken, QScrollArea):
    """A part that can be moved up and down."""


class Stack(Spoken, QStackedWidget):
    """Pages, of which one is shown."""


def retell(window: QWidget) -> None:
    """Say everything of a window in the language that is spoken now, the innermost parts first."""
    for widget in (*reversed(window.findChildren(QWidget)), window):
        if isinstance(widget, Spoken):
            widget.retell()
