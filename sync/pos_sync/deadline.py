"""Time limits, and how calls of the system that have none get one."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")
Monotonic = Callable[[], float]
"""Tells seconds that never run backwards."""


class Deadline:
    """A moment after which nobody waits any more."""

    def __init__(self, monotonic: Monotonic, seconds: float) -> None:
        self._monotonic = monotonic
        self._end = monotonic() + seconds

    def left(self) -> float:
        """Return the seconds left; raises TimeoutError where none are."""
        left = self._end - self._monotonic()
        if left <= 0:
            raise TimeoutError
        return left

    def within(self, seconds: float) -> Deadline:
        """Return one that ends with this one, or after so many seconds."""
        return Deadline(self._monotonic, min(seconds, self._end - self._monotonic()))


class _Call(Generic[T]):
    def __init__(self, call: Callable[[], T]) -> None:
        self._call = call
        self.done = threading.Event()
        self.results: list[T] = []
        self.error: Exception | None = None

    def run(self) -> None:
        try:
            self.results.append(self._call())
        except Exception as error:  # noqa: BLE001 - raised again in the thread that waits
            self.error = error
        self.done.set()


def bounded(call: Callable[[], T], deadline: Deadline) -> T:
    """Return what a call returns, or raise what it raises; TimeoutError where it takes too long.

    It then goes on in a thread of its own, and what it returns is thrown away.
    """
    running = _Call(call)
    threading.Thread(target=running.run, name="bounded call", daemon=True).start()
    if not running.done.wait(deadline.left()):
        raise TimeoutError
    if running.error is not None:
        raise running.error
    return running.results[0]
