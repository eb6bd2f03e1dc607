"""A device of the counter that has a thread of its own: how that begins and ends."""

from __future__ import annotations

import threading
from typing import Generic, Protocol, TypeVar

from pos_desktop.services.configuration import Configuration

STOP_WITHIN = 2.0


class Worker(Protocol):
    """Deals with a device in `run`, until it is told to stop."""

    def run(self) -> None:
        """Work; called in the thread."""

    def stop(self, within: float) -> bool:
        """Let it end, and wait so many seconds at most; tell whether it has ended."""


W = TypeVar("W", bound=Worker)


class DeviceDesk(Generic[W]):
    """Has a worker from its start to `stop`; none where the settings name no device."""

    def __init__(self, configuration: Configuration) -> None:
        self._configuration = configuration
        self._worker: W | None = None

    def _begin(self, worker: W, name: str) -> None:
        self._worker = worker
        threading.Thread(target=worker.run, name=name, daemon=True).start()

    def tell_to_stop(self) -> None:
        """Let the worker come to its end; nobody waits for it yet."""
        if self._worker is not None:
            self._worker.stop(within=0)

    def stop(self, within: float = STOP_WITHIN) -> bool:
        """End the work within so many seconds; tell whether it has ended."""
        worker, self._worker = self._worker, None
        return worker is None or worker.stop(within)
