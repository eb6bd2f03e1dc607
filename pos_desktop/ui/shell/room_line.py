"""Little room on the disk: a pill in the top bar, and a sentence to whoever comes or closes.

The disk is asked beside the lane: no sale waits for one that does not answer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from pos_desktop.services.counter.room_watch import RoomTrouble
from pos_desktop.shop import Shop
from pos_desktop.ui.kit.pill import Tone
from pos_desktop.ui.shell.warning_strip import Subject
from pos_desktop.ui.threads.lane import Post
from pos_desktop.ui.threads.long_work import LongWork

if TYPE_CHECKING:
    from pos_desktop.ui.shell.window import Window

LOOK_MS = 60_000


class RoomLine(QObject):
    """Looks once a minute; says it where it begins or grows, at each sign-in and after a Z."""

    def __init__(self, window: Window, shop: Shop, post: Post) -> None:
        super().__init__(window)
        self._window = window
        self._shop = shop
        self._looks = LongWork(post, lambda: None)
        self._is_asking = False
        self._told: RoomTrouble | None = None
        self._stands: tuple[str | None, bool] = (None, False)
        """Who stood here when it was said last, and whether in a shift."""
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.look)
        window.stood.connect(self._stood)

    def start(self) -> None:
        """Look now, and from now on."""
        self._timer.start(LOOK_MS)
        self.look()

    def stop(self) -> None:
        """Look no more."""
        self._timer.stop()

    def look(self) -> None:
        """Ask how much room is left, unless the last answer is still to come."""
        if not self._is_asking:
            self._is_asking = True
            self._looks.run(self._shop.room_watch.look, self._show, self._fail)

    def _fail(self, _error: Exception) -> None:
        """Ask again in a minute; why there was no answer is logged."""
        self._is_asking = False

    def _show(self, trouble: RoomTrouble | None) -> None:
        self._is_asking = False
        if trouble is None:
            self._window.top_bar.show_room("", Tone.WARNING)
        else:
            tone = Tone.DANGER if trouble.is_scarce else Tone.WARNING
            self._window.top_bar.show_room(trouble.word(), tone, trouble.sentence())
        if trouble != self._told:
            self._told = trouble
            self._warn()

    def _stood(self) -> None:
        """Say it to whoever came, and to whoever closed a shift or the day."""
        state = self._shop.till.state
        stands = (state.person.id if state.person else None, state.shift is not None)
        before, self._stands = self._stands, stands
        has_come = stands[0] is not None and stands[0] != before[0]
        has_closed = before[1] and not stands[1]
        if has_come or has_closed:
            self._warn()

    def _warn(self) -> None:
        sentence = self._told.sentence() if self._told is not None else ""
        self._window.warning.tell(Subject.ROOM, sentence)
