"""The kiosk: the till fills the screen, nothing lies over it, and only a manager closes it.

It keeps a cashier in the till, not an intruder out: what the desktop has to do is in
`docs/upgrading.md`.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QApplication, QWidget

from pos_desktop.domain.staff import Permission
from pos_desktop.domain.text import _
from pos_desktop.services.counter.till import Till
from pos_desktop.ui.kit.pill import Tone
from pos_desktop.ui.kit.strip import Notice, Strip


class Kiosk(QObject):
    """Holds a window over the whole screen, and answers whether it may close."""

    def __init__(self, window: QWidget, till: Till, told: Strip) -> None:
        """Take the window, whose till says who stands at it, and where is told why it stays."""
        super().__init__(window)
        self._window = window
        self._till = till
        self._told = told
        self._session_ends = False
        window.setWindowFlags(
            Qt.WindowType.Window
            | Qt.WindowType.FramelessWindowHint
            | Qt.WindowType.WindowStaysOnTopHint
        )
        window.installEventFilter(self)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.commitDataRequest.connect(self._session_will_end)

    def may_close(self) -> bool:
        """Tell whether the window may close: a manager stands here, or the computer shuts down."""
        person = self._till.state.person
        if self._session_ends or (person is not None and person.may(Permission.SETTINGS)):
            return True
        sentence = _("This till is closed by a manager: sign in as one, then close it (Alt F4).")
        self._told.say(Notice(sentence, Tone.WARNING))
        return False

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Bring the window back where something made it small."""
        if event.type() == QEvent.Type.WindowStateChange and self._window.isMinimized():
            self._window.showFullScreen()
        return super().eventFilter(watched, event)

    def _session_will_end(self, *_manager: object) -> None:
        self._session_ends = True
