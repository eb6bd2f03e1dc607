"""A line to type into where the shop knows what may be meant: completed, or chosen."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCompleter

from pos_desktop.domain.text import _
from pos_desktop.ui.kit.form import FormField
from pos_desktop.ui.kit.key_cap import cap_width
from pos_desktop.ui.kit.tile import Tile
from pos_desktop.ui.kit.tokens import Size, Space

_NEXT = "→"
_ARROWS = {Qt.Key.Key_Right: 1, Qt.Key.Key_Left: -1}


class KnownField(FormField):
    """Completes what is typed to the first of the known words that begins with it.

    While nothing stands there, or all of it is selected, the arrows put the next of the known
    words there; a finger does so by the tile. After the last one the field is empty again.
    """

    def __init__(self, name: str, known: Sequence[str], *, hint: str = "") -> None:
        super().__init__(name, hint=hint)
        self._known = tuple(known)
        completer = QCompleter(list(known), self)
        completer.setCompletionMode(QCompleter.CompletionMode.InlineCompletion)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.field.setCompleter(completer)
        self.next = Tile("", key=_NEXT, height=Size.TOUCH)
        self.next.setAccessibleName(_("Next of those there are"))
        self.next.setToolTip(_("The next of those there are; ← → do so too"))
        self.next.setFixedWidth(max(Size.TOUCH, cap_width(_NEXT) + 2 * Space.EDGE))
        self.next.clicked.connect(lambda: self.turn(1))
        self.line.addWidget(self.next)
        if not self._known:
            self.next.hide()

    @property
    def meant(self) -> str | None:
        """The known word that was typed, or that alone begins so; None where none is meant."""
        typed = self.text.casefold()
        if not typed:
            return None
        exact = [one for one in self._known if one.casefold() == typed]
        begun = [one for one in self._known if one.casefold().startswith(typed)]
        found = exact or begun
        return found[0] if len(found) == 1 else None

    def turn(self, by: int) -> None:
        """Put the known word there that stands so many further, or nothing after the last one."""
        choices = ("", *self._known)
        place = choices.index(self.meant or "")
        self.show_text(choices[(place + by) % len(choices)])
        self.edited.emit()
        self.field.setFocus()
        self.field.selectAll()

    def handle_key(self, event: QKeyEvent) -> bool:
        """Choose with the arrows, as long as they have nothing to move in what was typed."""
        by = _ARROWS.get(Qt.Key(event.key()))
        is_ready = not self.field.text() or self.field.selectedText() == self.field.text()
        if by is None or event.modifiers() or not self._known or not is_ready:
            return False
        self.turn(by)
        return True
