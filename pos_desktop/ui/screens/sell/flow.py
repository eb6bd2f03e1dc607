"""What the flows of the sell screen have in common: pages that follow one another."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from pos_desktop.ui.screens.sell.side_page import SidePage


class Flow(QObject):
    """Holds pages, says which is to be shown, and when they are done with."""

    page_wanted = Signal(object)
    """A SidePage wants to be shown."""
    over = Signal()
    """The pages are done with: the tenders are to be seen again."""

    @property
    def pages(self) -> tuple[SidePage, ...]:
        """The pages, of which one at most is shown."""
        raise NotImplementedError
