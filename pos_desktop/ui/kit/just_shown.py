"""What has just come under a finger is deaf to it: a second touch was for what was there.

Keys are heard at once.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QWidget

from pos_desktop.domain.clock import Clock

DEAF_SECONDS = 0.5
"""Longer than people take between the two touches of a double one."""

_TOUCHES = (
    QEvent.Type.MouseButtonPress,
    QEvent.Type.MouseButtonDblClick,
    QEvent.Type.MouseButtonRelease,
)


class JustShown(QObject):
    """Keeps touches from parts of a page for a moment after the page was shown."""

    def __init__(self, page: QWidget, clock: Clock, *parts: QWidget) -> None:
        super().__init__(page)
        self.clock = clock
        self._shown_at = clock.monotonic()
        self._page = page
        for one in (page, *parts):
            one.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Learn when the page comes, and swallow the touches that follow too soon."""
        if watched is self._page:
            if event.type() is QEvent.Type.Show:
                self._shown_at = self.clock.monotonic()
            return False
        is_soon = self.clock.monotonic() - self._shown_at < DEAF_SECONDS
        return is_soon and event.type() in _TOUCHES
