"""The kiosk: the till fills the screen, nothing lies over it, and only a manager closes it.

It keeps a cashier in the till, not an intruder out: what the desktop has to do is in
`docs/upgrading.md`.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication

from pos_desktop.domain import commands as do
from pos_desktop.domain.ids import Id
from pos_desktop.domain.staff import Permission
from pos_desktop.domain.text import _
from pos_desktop.services.counter.till import Till
from pos_desktop.ui.kit.pill import Tone
from pos_desktop.ui.kit.strip import Notice
from pos_desktop.ui.shell.window import Window

SESSION_ENDS_MS = 15_000
"""How long after it was announced that the session ends the window may be closed by that: other
programs end meanwhile. Where it takes longer the session ends this program, or is cancelled."""


class Kiosk(QObject):
    """Holds a window over the whole screen, and answers whether it may close."""

    def __init__(self, window: Window, till: Till) -> None:
        """Take the window, whose till says who stands at it."""
        super().__init__(window)
        self._window = window
        self._till = till
        self._session_ends = QTimer(self)
        """Runs for as long as a computer that shuts down may close the window."""
        self._session_ends.setSingleShot(True)
        self._session_ends.setInterval(SESSION_ENDS_MS)
        self._says_whom = False
        """Whether the strip says who may close the till."""
        self._approved_for: Id | None = None
        """At whose sale a manager has let the program end."""
        window.setWindowFlags(
            Qt.WindowType.Window
            | Qt.WindowType.FramelessWindowHint
            | Qt.WindowType.WindowStaysOnTopHint
        )
        window.installEventFilter(self)
        window.counter.locked.connect(self._forget)
        window.counter.not_sold.connect(self._forget)
        window.stood.connect(self._stood)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.commitDataRequest.connect(self._session_will_end)

    def may_close(self) -> bool:
        """Tell whether the window may close: a manager lets it, or the computer shuts down.

        Where a cashier sells, a manager is asked to approve it, and the window closes then.
        """
        person = self._till.state.person
        if self._session_ends.isActive() or (
            person is not None
            and (person.may(Permission.SETTINGS) or person.id == self._approved_for)
        ):
            return True
        if self._window.screen_shown is self._window.sell:
            self._window.counter.carry_out(do.LeaveTill(), lambda _reply: self._let_go())
        else:
            sentence = _(
                "This till is closed by a manager: sign in as one, or approve it at the sale, then "
                "close it (Alt F4)."
            )
            self._window.leaving.say(Notice(sentence, Tone.WARNING))
            self._says_whom = True
        return False

    def _stood(self) -> None:
        """Say no more who may close the till, once somebody has signed in."""
        if self._says_whom and self._till.state.person is not None:
            self._says_whom = False
            self._window.leaving.say(None)

    def _let_go(self) -> None:
        person = self._till.state.person
        self._approved_for = person.id if person else None
        QTimer.singleShot(0, self._window.close)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Bring the window back where something made it small."""
        if event.type() == QEvent.Type.WindowStateChange and self._window.isMinimized():
            self._window.showFullScreen()
        return super().eventFilter(watched, event)

    def _forget(self) -> None:
        """Keep the window open from now on: whoever was let close it has gone, or must stay."""
        self._approved_for = None

    def _session_will_end(self, *_manager: object) -> None:
        """Let the window be closed for a while; nobody says when a shutdown is cancelled."""
        self._session_ends.start()
