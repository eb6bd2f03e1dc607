"""A line to type into where the shop knows what may be meant: what is typed is completed."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCompleter

from pos_desktop.ui.kit.form import FormField


class KnownField(FormField):
    """Completes what is typed to the first of the known words that begins with it."""

    def __init__(self, name: str, known: Sequence[str], *, hint: str = "") -> None:
        super().__init__(name, hint=hint)
        self._known = tuple(known)
        completer = QCompleter(list(known), self)
        completer.setCompletionMode(QCompleter.CompletionMode.InlineCompletion)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.field.setCompleter(completer)

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
