"""A service that one process of a machine does, until it ends and another one takes it over."""

from __future__ import annotations

import os
import threading
from contextlib import suppress
from pathlib import Path

from pos_queue.drivers.redis_driver.threads import Service
from pos_queue.owners import owner_files

LOOK_SECONDS = 1.0
"""How often those who wait for it look whether it is free."""


class OnlyOne:
    """A thread's work: `run` blocks until `stop` is called, and serves while it holds the lock."""

    def __init__(self, lock: Path, service: Service, *, file_mode: int) -> None:
        """Take the lock's file, which is made where need be and stays; its folder is there."""
        self._lock = lock
        self._service = service
        self._mode = file_mode
        self._stopping = threading.Event()

    def run(self) -> None:
        """Wait for the lock, then serve."""
        while not self._stopping.is_set():
            held = self._held()
            if held is None:
                self._stopping.wait(LOOK_SECONDS)
                continue
            try:
                self._service.run()
            finally:
                os.close(held)

    def stop(self) -> None:
        """End soon; from any thread."""
        self._stopping.set()
        self._service.stop()

    def _held(self) -> int | None:
        with suppress(OSError):
            made = owner_files.make(self._lock, self._mode)
            return owner_files.seize(self._lock) if made is None else made
        return None
