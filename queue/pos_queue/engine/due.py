"""When the scheduler must look next: known without asking the file."""

from __future__ import annotations

import threading

from pos_queue.engine.bell import Bell

NEVER = 1 << 62
AT_ONCE = 0


class Due:
    """The first moment, in milliseconds, at which something waits for the scheduler."""

    def __init__(self) -> None:
        self.bell = Bell()
        self._lock = threading.Lock()
        self._moment = AT_ONCE
        self._notes = 0

    @property
    def moment(self) -> int:
        """The moment; AT_ONCE where nobody knows."""
        return self._moment

    def note(self, moment: int) -> None:
        """Take a further moment into account; may be called from any thread."""
        with self._lock:
            self._notes += 1
            is_first = moment < self._moment
            self._moment = min(moment, self._moment)
        if is_first:
            self.bell.ring()

    def look(self) -> int:
        """Return the mark to hand to `found` after looking into the file."""
        return self._notes

    def found(self, moment: int | None, mark: int) -> None:
        """Take what the file says, unless more was noted since the mark."""
        with self._lock:
            self._moment = AT_ONCE if mark != self._notes else NEVER if moment is None else moment
