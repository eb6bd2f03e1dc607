"""Cards: surfaces with a line around them, on which things that belong together lie."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QLayout

from pos_desktop.ui.kit.layouts import Margins
from pos_desktop.ui.kit.spoken import Spoken
from pos_desktop.ui.kit.tokens import Space

INSIDE: Margins = (Space.EDGE, Space.BETWEEN, Space.EDGE, Space.BETWEEN)


class Card(Spoken, QFrame):
    """A surface with a name for those who cannot see it."""

    def __init__(self, name: str, layout: QLayout | None = None, *, look: str = "card") -> None:
        super().__init__()
        self.setProperty("look", look)
        self.setAccessibleName(name)
        if layout is not None:
            self.setLayout(layout)

    def show_frame(self, look: str) -> None:
        """Have another frame: `quiet-card` has its parts where `accent-card` has them."""
        if look != self.property("look"):
            self.setProperty("look", look)
            self.style().unpolish(self)
            self.style().polish(self)
