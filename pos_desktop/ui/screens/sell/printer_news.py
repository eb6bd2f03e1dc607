"""How the printer is, for what is said beside a paper that was queued: it comes, or waits for why.

Papers come out in the order in which they were queued: as long as any waits, the last one does.
The strip and the pages say it with the same notice, and ask it anew when the printer's news change.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from pos_desktop.ui.kit import fonts
from pos_desktop.ui.kit.labels import Label, dress
from pos_desktop.ui.kit.pill import Tone
from pos_desktop.ui.kit.strip import Notice
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

    def notice(self, paper: str) -> Notice:
        """Return what becomes of a paper that was queued just now; anew it is as the printer is."""
        return self._notice(paper, waits=bool(self.trouble))

    def _notice(self, paper: str, *, waits: bool) -> Notice:
        return Notice(
            wording.on_its_way(paper, self.trouble if waits else ""),
            Tone.WARNING if waits else Tone.ACCENT,
            anew=lambda: self._notice(paper, waits=self.holds_papers),
        )


class PaperLabel(Label):
    """Says of one paper that it waits, and why; where it does not, that it goes to the printer."""

    def __init__(self, printer: PrinterNews, *, only_trouble: bool = False) -> None:
        """Take who knows the printer; with `only_trouble` a paper that comes is not spoken of."""
        super().__init__()
        dress(self, fonts.regular(Type.SMALL), tone="muted", wrap=True)
        self._printer = printer
        self._only_trouble = only_trouble
        self._notice: Notice | None = None
        printer.changed.connect(self._ask_anew)
        self.hide()

    def follow(self, paper: str) -> None:
        """Speak of this paper, which was queued just now, from now on."""
        self._say(self._printer.notice(paper))

    def _ask_anew(self) -> None:
        if self._notice is not None:
            self._say(self._notice.now())

    def _say(self, notice: Notice) -> None:
        self._notice = notice
        waits = notice.tone is Tone.WARNING
        self.setText(notice.text)
        self.setProperty("tone", "warning" if waits else "muted")
        self.style().unpolish(self)
        self.style().polish(self)
        self.setVisible(waits or not self._only_trouble)
