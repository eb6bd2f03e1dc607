"""A scanner is tried by scanning: what is read, and what was typed instead, is shown."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeyEvent

from pos_desktop.domain.text import _, joined, ngettext
from pos_desktop.ui.kit import fonts
from pos_desktop.ui.kit.card import INSIDE, Card
from pos_desktop.ui.kit.labels import label
from pos_desktop.ui.kit.layouts import column
from pos_desktop.ui.kit.tokens import Space, Type
from pos_desktop.ui.kit.wrapped_text import WrappedText

LISTEN_MS = 60_000
_MOST_LINES = 3
_FEWEST_TYPED = 3
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab)


class ScanView(Card):
    """Says what was scanned last."""

    def __init__(self) -> None:
        self.head = label(font=fonts.heavy(Type.TITLE), wrap=True)
        self.code = WrappedText(fonts.heavy(Type.BOX), most=_MOST_LINES)
        self.detail = WrappedText(fonts.regular(Type.TABLE), most=_MOST_LINES + 1)
        self._typed = ""
        parts = column(self.head, self.code, self.detail, 1, gap=Space.BETWEEN, margins=INSIDE)
        super().__init__(_("Trial of the scanner"), parts)
        self._limit = QTimer(self)
        self._limit.setSingleShot(True)
        self._limit.setInterval(LISTEN_MS)
        self._limit.timeout.connect(self.run_out)

    def begin(self, trouble: str) -> None:
        """Wait for a scan; `trouble` is what is known to be wrong with the scanner."""
        self._typed = ""
        ready = _("Any code of any goods; nothing is sold. Esc ends the trial.")
        self._show(_("Scan something now"), "", joined(" ", (trouble, ready)))
        self._limit.start()

    def end(self) -> None:
        """Wait no more."""
        self._limit.stop()

    def scanned(self, code: str) -> None:
        """Show a code that came from a scanner."""
        self._typed = ""
        text = ngettext(
            "The scanner works: {count} letter was read. Compare them with the code on the goods; "
            "scan on, or leave with Esc.",
            "The scanner works: {count} letters were read. Compare them with the code on the "
            "goods; scan on, or leave with Esc.",
            len(code),
        )
        self._show(_("Scanned"), code, text.format(count=len(code)))
        self._limit.start()

    def typed(self, event: QKeyEvent) -> bool:
        """Take a key that came as a person types; tell whether it was one to be shown."""
        if event.key() in _ENTER:
            self._show_typed()
            return True
        if not event.text().isprintable() or not event.text():
            return False
        self._typed += event.text()
        return True

    def _show_typed(self) -> None:
        typed, self._typed = self._typed, ""
        if len(typed) < _FEWEST_TYPED:
            return
        self._show(
            _("Typed, not scanned"),
            typed,
            _(
                "It came as slowly as a person types. If it was the scanner: change it, and "
                "raise the longest gap between keys, or lower the shortest code."
            ),
        )
        self._limit.start()

    def run_out(self) -> None:
        """Say that nothing came for long."""
        self._show(
            _("Nothing was scanned"),
            "",
            _(
                "Does its lamp shine, and does it beep? Plug it in again; by the codes of its "
                "manual set it to end with Enter. One on a serial line: is it the right line?"
            ),
        )

    def _show(self, head: str, code: str, detail: str) -> None:
        self.head.setText(head)
        self.code.show_text(code)
        self.code.setVisible(bool(code))
        self.detail.show_text(detail)
