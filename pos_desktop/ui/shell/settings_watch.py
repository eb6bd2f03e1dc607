"""Sees what another program has changed in the settings, as `posctl config set` does."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

from pos_desktop.ui.threads.lane import DatabaseLane

LOOK_MS = 3_000
"""How soon a till that is open goes by what another program has set."""


class SettingsWatch(QObject):
    """Has the settings read anew again and again, until it is stopped."""

    def __init__(self, parent: QObject, lane: DatabaseLane, refresh: Callable[[], None]) -> None:
        super().__init__(parent)
        self._lane = lane
        self._refresh = refresh
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_MS)
        self._timer.timeout.connect(self.look)

    def start(self) -> None:
        """Look from now on."""
        self._timer.start()

    def stop(self) -> None:
        """Look no more."""
        self._timer.stop()

    def look(self) -> None:
        """Read the settings anew, on the lane."""
        self._lane.later(self._refresh)
