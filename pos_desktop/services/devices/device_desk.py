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
    """Has a worker from its start to `stop`; none where the settings name no device.

    It may be started again after `leave`: the next worker begins once the last one has let go of
    its line, which may be the same.
    """

    def __init__(self, configuration: Configuration) -> None:
        self._configuration = configuration
        self._worker: W | None = None
        self._left: list[W] = []

    def _begin(self, worker: W, name: str) -> None:
        left = tuple(self._left)

        def run() -> None:
            for one in left:
                one.stop(STOP_WITHIN)
            worker.run()

        self._worker = worker
        threading.Thread(target=run, name=name, daemon=True).start()

    def leave(self) -> None:
        """Let go of the device, since the settings name another one or none; returns at once."""
        self.tell_to_stop()
        self._left = [one for one in self._left if not one.stop(within=0)]
        if self._worker is not None:
            self._left.append(self._worker)
        self._worker = None

    def tell_to_stop(self) -> None:
        """Let the worker come to its end; nobody waits for it yet."""
        if self._worker is not None:
            self._worker.stop(within=0)

    def stop(self, within: float = STOP_WITHIN) -> bool:
        """End the work within so many seconds; tell whether it has ended."""
        self.leave()
        left, self._left = self._left, []
        return all(one.stop(within) for one in left)
