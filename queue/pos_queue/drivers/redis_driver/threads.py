"""Threads that serve a runner for as long as it runs."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Protocol

STOP_SECONDS = 1.0


class Service(Protocol):
    """What one thread does."""

    def run(self) -> None:
        """Work until stopped."""

    def stop(self) -> None:
        """End soon; from any thread."""


class Threads:
    """One thread for each service."""

    def __init__(self, services: Sequence[Service]) -> None:
        self._services = services
        self._threads = [
            threading.Thread(target=one.run, name=type(one).__name__.lower(), daemon=True)
            for one in services
        ]

    def start(self) -> None:
        """Start all."""
        for thread in self._threads:
            thread.start()

    def stop(self, within: float = STOP_SECONDS) -> None:
        """Stop all, and wait so many seconds for them at most; may be called again."""
        for service in self._services:
            service.stop()
        for thread in self._threads:
            if thread.is_alive():
                thread.join(within / len(self._threads))
