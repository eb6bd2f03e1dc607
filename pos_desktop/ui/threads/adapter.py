"""The one way by which results of other threads reach the screen."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, Signal, Slot


class Adapter(QObject):
    """Runs what any thread posts in the thread in which the adapter was made, in order."""

    _posted = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._open = True
        self._posted.connect(self._run, Qt.ConnectionType.QueuedConnection)

    def post(self, act: Callable[[], None]) -> None:
        """Run this in the screen's thread in a moment; may be called from any thread."""
        self._posted.emit(act)

    def deliver(self) -> None:
        """Run now, in the screen's thread, what was posted so far."""
        QCoreApplication.sendPostedEvents(self, QEvent.Type.MetaCall)

    def close(self) -> None:
        """Leave undone what is still to come: the screen is gone."""
        self._open = False

    @Slot(object)
    def _run(self, act: Callable[[], None]) -> None:
        if self._open:
            act()
