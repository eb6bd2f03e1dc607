"""How the printer is, for what is said beside a paper that was queued: it comes, or waits for why.

Papers come out in the order in which they were queued: as long as any waits, the last one does.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from pos_desktop.ui.kit import fonts
from pos_desktop.ui.kit.labels import Label, dress
from pos_desktop.ui.kit.tokens import Type
from pos_desktop.ui.screens.sell import wording


class PrinterNews(QObject):
    """Holds what is known of the printer, and tells when that changes."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.trouble = ""
        """Why papers wait, in two or three words; empty while they go to the printer."""
        self.holds_papers = False
        """Whether papers that were queued wait for that."""

    def tell(self, trouble: str, *, holds_papers: bool) -> None:
        """Take what is known now."""
        self.trouble, self.holds_papers = trouble, holds_papers and bool(trouble)
        self.changed.emit()


class PaperLabel(Label):
    """Says of one paper that it waits, and why; where it does not, that it goes to the printer."""

    def __init__(self, printer: PrinterNews, *, only_trouble: bool = False) -> None:
        """Take who knows the printer; with `only_trouble` a paper that comes is not spoken of."""
        super().__init__()
        dress(self, fonts.regular(Type.SMALL), tone="muted", wrap=True)
        self._printer = printer
        self._only_trouble = only_trouble
        self._paper = ""
        printer.changed.connect(lambda: self._say(waits=printer.holds_papers))
        self.hide()

    def follow(self, paper: str) -> None:
        """Speak of this paper, which was queued just now, from now on."""
        self._paper = paper
        self._say(waits=bool(self._printer.trouble))

    def _say(self, *, waits: bool) -> None:
        if not self._paper:
            return
        self.setText(wording.on_its_way(self._paper, self._printer.trouble if waits else ""))
        self.setProperty("tone", "warning" if waits else "muted")
        self.style().unpolish(self)
        self.style().polish(self)
        self.setVisible(waits or not self._only_trouble)
