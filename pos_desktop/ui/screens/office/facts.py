"""What is known of one thing: names, each with what it is below it, however long that may be."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from pos_desktop.ui.kit import fonts
from pos_desktop.ui.kit.labels import label
from pos_desktop.ui.kit.layouts import column
from pos_desktop.ui.kit.spoken import ScrollArea
from pos_desktop.ui.kit.tokens import Space, Type
from pos_desktop.ui.kit.wrapped_text import WrappedText

_MOST_LINES = 6


class Facts(ScrollArea):
    """Shows names and values; it never takes the keyboard."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.facts: tuple[tuple[str, str], ...] = ()
        self.setAccessibleName(name)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def show_facts(self, facts: Sequence[tuple[str, str]]) -> None:
        """Show these instead of the last ones; those without a value are left out."""
        self.facts = tuple(fact for fact in facts if fact[1])
        parts = column(gap=Space.STEP + 2)
        for name, value in self.facts:
            text = WrappedText(fonts.regular(Type.TABLE), most=_MOST_LINES)
            text.show_text(value)
            head = label(name, fonts.strong(Type.LABEL), tone="muted")
            parts.addLayout(column(head, text, gap=0))
        parts.addStretch(1)
        inner = QWidget()
        inner.setLayout(parts)
        self.setWidget(inner)
