"""The thread in which the till's queue works: a runner at a time, a new one where one has died.

Selling needs none of it: whatever becomes of the queue, the till goes on, and says so.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QThread, Signal

if TYPE_CHECKING:
    from pos_queue.drivers.driver import Works

START_SECONDS = 1.0
"""How long the window has the machine for itself: loading the queue takes a tenth of a second."""
PAUSES_SECONDS = (1.0, 5.0, 30.0)
"""How long it waits before each further try with a runner that has died; the last one stays."""

log = logging.getLogger(__name__)


class QueueThread(QThread):
    """Runs what `make` returns until it is told to stop."""

    working = Signal(bool)
    """Whether the queue works: told when it begins, and when a runner has died."""

    def __init__(self, make: Callable[[], Works], *, start_after: float = START_SECONDS) -> None:
        """Take what makes a runner, called in this thread."""
        super().__init__()
        self.setObjectName("queue")
        self._make = make
        self._start_after = start_after
        self._stopping = threading.Event()
        self._runner: Works | None = None

    def run(self) -> None:
        """Work until told to stop; Qt calls this in the thread."""
        pause, deaths = self._start_after, 0
        while not self._stopping.wait(pause):
            if self._ran():
                return
            pause = PAUSES_SECONDS[min(deaths, len(PAUSES_SECONDS) - 1)]
            deaths += 1
            self.working.emit(False)  # noqa: FBT003 - a signal has no names

    def tell_to_stop(self) -> None:
        """Begin no further job; does not wait."""
        self._stopping.set()
        if self._runner is not None:
            self._runner.finish()

    def stop(self, within: float) -> bool:
        """End the work in so many seconds, whatever hangs; tell whether the thread has ended."""
        self._stopping.set()
        runner = self._runner
        if runner is not None:
            runner.stop(within)
        return self.wait(round(max(0.0, within) * 1000))

    def link_changed(self) -> None:
        """Take the system's hint that the network has changed."""
        if self._runner is not None:
            self._runner.link_changed()

    def _ran(self) -> bool:
        """Run one runner; tell whether it ended because it was told to."""
        try:
            self._runner = runner = self._make()
            if not self._stopping.is_set():
                self.working.emit(True)  # noqa: FBT003 - a signal has no names
                runner.run()
        except Exception:
            log.exception("the queue has ended; it is started anew")
        return self._stopping.is_set()
