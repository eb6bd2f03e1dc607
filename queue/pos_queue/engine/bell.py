"""The bell that wakes workers: one ring wakes one of them, and no ring is lost."""

from __future__ import annotations

import threading


class Bell:
    """Rung when there may be work. A ring that finds nobody asleep is kept for the next sleeper."""

    def __init__(self) -> None:
        self._condition = threading.Condition()
        self._asleep = 0
        self._rings = 0
        self._is_closed = False

    def ring(self) -> None:
        """Wake one sleeper; may be called from any thread."""
        with self._condition:
            self._rings = min(self._rings + 1, max(self._asleep, 1))
            self._condition.notify()

    def wait(self, seconds: float | None = None) -> bool:
        """Sleep until the bell rings or is closed; tell whether it rang."""
        with self._condition:
            self._asleep += 1
            try:
                self._condition.wait_for(lambda: self._rings or self._is_closed, seconds)
            finally:
                self._asleep -= 1
            rang = self._rings > 0
            if rang:
                self._rings -= 1
            return rang

    def close(self) -> None:
        """Wake everybody, now and from now on."""
        with self._condition:
            self._is_closed = True
            self._condition.notify_all()

    def open(self) -> None:
        """Let sleepers sleep again."""
        with self._condition:
            self._is_closed = False
