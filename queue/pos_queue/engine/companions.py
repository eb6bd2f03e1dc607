"""What goes on beside the jobs of a runner for as long as it runs: each in a thread of its own."""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence

from pos_queue.database import Database
from pos_queue.premises import Beside

AGAIN_SECONDS = 30.0
"""How long one that has died is left alone."""

log = logging.getLogger(__name__)


class Companions:
    """Starts them, and ends them with the runner."""

    def __init__(self, companions: Sequence[Beside], database: Database) -> None:
        self._companions = companions
        self._database = database
        self._ending = threading.Event()
        self._threads: list[threading.Thread] = []

    def start(self) -> None:
        """Begin all of them; once only."""
        for one in self._companions:
            thread = threading.Thread(
                target=self._run, args=(one,), name=f"queue-{one.name}", daemon=True
            )
            self._threads.append(thread)
            thread.start()

    def tell_to_stop(self) -> None:
        """Tell all of them to end, from any thread; does not wait."""
        self._ending.set()
        if self._threads:
            for one in self._companions:
                one.interrupt()

    def stop(self, within: float) -> None:
        """End all of them, and wait so long for each; one that hangs is left to itself."""
        self.tell_to_stop()
        for thread in self._threads:
            thread.join(within)

    def _run(self, companion: Beside) -> None:
        try:
            while not self._ending.is_set():
                try:
                    companion.run(self._ending)
                except Exception:
                    log.exception("%s has ended, and is begun anew", companion.name)
                self._ending.wait(AGAIN_SECONDS)
        finally:
            self._database.close()
