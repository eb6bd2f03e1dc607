"""A till that nobody touches locks itself: keys, scans and touches begin its time anew."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer


class AutoLock(QObject):
    """Calls `lock` when nothing was touched for as long as the shop says; 0 never does."""

    def __init__(
        self, parent: QObject, seconds: Callable[[], int], lock: Callable[[], None]
    ) -> None:
        super().__init__(parent)
        self._seconds = seconds
        self._lock = lock
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(lock)

    @property
    def seconds_left(self) -> float:
        """How long it is until the till locks; 0 where it does not."""
        return max(0, self._timer.remainingTime()) / 1000

    def run_out(self) -> None:
        """Lock now, as when the time is over."""
        self._timer.stop()
        self._lock()

    def touched(self) -> None:
        """Begin anew: somebody is there."""
        seconds = self._seconds()
        if seconds:
            self._timer.start(seconds * 1000)
        else:
            self._timer.stop()
