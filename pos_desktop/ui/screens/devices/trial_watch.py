"""Watches a trial of a device while somebody waits for what comes of it."""

from __future__ import annotations

from PySide6.QtCore import QDeadlineTimer, QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from pos_desktop.services.devices.device_trials import Trial, Tried
from pos_desktop.ui.screens.office.office import Office

LOOK_MS = 200
SHOWN_MS = 5_000
"""How long a display shows its test before it shows the till again."""


class TrialWatch(QObject):
    """Asks the lane what came of a trial, until it is known or its time is over."""

    ended = Signal(object)
    """What came of it: Tried."""
    failed = Signal(object)
    """Why nobody knows: the exception."""

    def __init__(self, office: Office, page: QWidget) -> None:
        """Take the page on which one waits: while that is not seen nothing is asked."""
        super().__init__(page)
        self._office = office
        self._page = page
        self.trial: Trial | None = None
        """The one that is watched."""
        self._limit = QDeadlineTimer()
        self._asked = False
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_MS)
        self._timer.timeout.connect(self.look)

    def watch(self, trial: Trial) -> None:
        """Watch this trial from now on, in place of another."""
        self.leave()
        self.trial = trial
        self._limit.setRemainingTime(round(trial.seconds * 1000))
        self._timer.start()

    def leave(self) -> None:
        """Watch nothing any more; what was begun goes on without anybody."""
        self._timer.stop()
        trial, self.trial = self.trial, None
        if trial is not None:
            QTimer.singleShot(SHOWN_MS, self, trial.end)

    def look(self) -> None:
        """Ask once, unless an answer is still to come."""
        trial, is_late = self.trial, self._limit.hasExpired()
        if trial is None or self._asked or not self._page.isVisible():
            return
        self._asked = True

        def seen(tried: Tried | None) -> None:
            self._asked = False
            if self.trial is trial and tried is not None:
                self.leave()
                self.ended.emit(tried)

        def failed(error: Exception) -> None:
            self._asked = False
            if self.trial is trial:
                self.leave()
                self.failed.emit(error)

        self._office.ask(lambda: trial.look() or (trial.late() if is_late else None), seen, failed)
