"""A shop of an earlier version takes its time to open: a small window says what is going on."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QWidget

from pos_desktop.domain.clock import SystemClock
from pos_desktop.domain.text import _
from pos_desktop.shop_upgrade import is_due, upgrade
from pos_desktop.ui.kit import fonts
from pos_desktop.ui.kit.card import INSIDE, Card
from pos_desktop.ui.kit.labels import label
from pos_desktop.ui.kit.layouts import column
from pos_desktop.ui.kit.spoken import Spoken
from pos_desktop.ui.kit.tokens import Space, Type
from pos_desktop.ui.kit.wrapped_text import WrappedText
from pos_desktop.ui.threads.adapter import Adapter
from pos_desktop.ui.threads.waited_for import waited_for

SHOWN_AFTER_MS = 500
"""What takes no longer than this is not worth a window."""
_WIDTH, _HEIGHT = 560, 160


class UpgradeWindow(Spoken, QWidget):
    """Says that the shop comes to the new version, and how far its copy is; it cannot be closed."""

    def __init__(self) -> None:
        super().__init__()
        self.setWindowTitle(_("POS Desktop"))
        self.setAccessibleName(_("A new version"))
        self.setProperty("look", "screen")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAttribute(Qt.WidgetAttribute.WA_QuitOnClose, on=False)
        self.setFixedSize(_WIDTH, _HEIGHT)
        title = label(_("Bringing the shop to the new version…"), fonts.heavy(Type.TABLE))
        self._far = WrappedText(fonts.regular(Type.TABLE), tone="muted", constant=True)
        card = Card(_("A new version"), column(title, self._far, gap=Space.INSIDE, margins=INSIDE))
        edge = Space.EDGE
        self.setLayout(column(card, margins=(edge, edge, edge, edge)))
        self.show_far(100)

    @property
    def told(self) -> str:
        """What it says of how far it is."""
        return self._far.text

    def show_far(self, percent: int) -> None:
        """Say how much of the copy is made; once it is, that the rest takes its time too."""
        if percent < 100:
            words = _("The shop's file as it was is kept first: {percent} %")
            self._far.show_text(words.format(percent=percent))
        else:
            self._far.show_text(_("That may take some minutes. Leave the computer on."))

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 - Qt's name
        """Stay: it goes by itself."""
        event.ignore()


class _Shown:
    """The window, once it is worth one, and how far the work is."""

    def __init__(self) -> None:
        self._percent = 100
        self._window: UpgradeWindow | None = None
        self._soon = QTimer()
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(self._show)
        self._soon.start(SHOWN_AFTER_MS)

    def tell(self, percent: int) -> None:
        """Show how much of the copy is made."""
        self._percent = percent
        if self._window is not None:
            self._window.show_far(percent)

    def close(self) -> None:
        """Show nothing any more."""
        self._soon.stop()
        if self._window is not None:
            self._window.hide()
            self._window.deleteLater()

    def _show(self) -> None:
        self._window = UpgradeWindow()
        self._window.show_far(self._percent)
        middle = self._window.screen().availableGeometry().center()
        self._window.move(middle - self._window.rect().center())
        self._window.show()


def bring_up_to_date(directory: Path) -> None:
    """Bring a shop of an earlier version to this one, with a window where that takes a moment.

    Raises what `upgrade` raises; there is nothing to do for a shop of this version, and whatever
    else is wrong with it is for who opens it.
    """
    clock, before = SystemClock(), [100]
    with closing(Adapter()) as adapter, closing(_Shown()) as shown:

        def told(done: int, total: int) -> None:
            percent = 100 * done // total if total else 100
            if percent != before[0]:
                before[0] = percent
                adapter.post(lambda: shown.tell(percent))

        def work() -> None:
            if is_due(directory, clock):
                upgrade(directory, clock, told)

        waited_for(work, adapter.post)
