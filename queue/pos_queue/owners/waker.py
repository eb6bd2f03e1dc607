"""Wakes whoever works in a folder of locks; what that needs is opened when it is first needed."""

from __future__ import annotations

import threading
from pathlib import Path

from pos_queue.owners.wake import WakeSender


class Waker:
    """Called after a commit that gives runners work or news; from any thread."""

    def __init__(self, locks: Path) -> None:
        self._locks = locks
        self._guard = threading.Lock()
        self._sender: WakeSender | None = None

    def __call__(self) -> None:
        """Wake the runners of all programs, this one's too."""
        with self._guard:
            if self._sender is None:
                self._sender = WakeSender(self._locks)
            self._sender.wake_others()

    def close(self) -> None:
        """Give back what is open; who wakes later opens it again."""
        with self._guard:
            if self._sender is not None:
                self._sender.close()
            self._sender = None
