"""Gives a time limit to calls of the system that have none: looking up names, opening ports."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

from pos_hardware.clock import Deadline

T = TypeVar("T")


class TookTooLong(Exception):
    """The call had not returned when its time was up; it goes on in a thread of its own."""


class _Call(Generic[T]):
    def __init__(self, call: Callable[[], T], late: Callable[[T], object] | None) -> None:
        self._call = call
        self._late = late
        self._lock = threading.Lock()
        self._given_up = False
        self.done = threading.Event()
        self.result: T | None = None
        self.error: Exception | None = None

    def run(self) -> None:
        try:
            result = self._call()
        except Exception as error:  # noqa: BLE001 - raised again in the thread that waits
            self.error = error
            self.done.set()
            return
        with self._lock:
            self.result = result
            given_up = self._given_up
        if given_up and self._late is not None:
            self._late(result)
        self.done.set()

    def give_up(self) -> bool:
        """Stop waiting; False if the result has just come after all."""
        with self._lock:
            self._given_up = self.result is None and not self.done.is_set()
            return self._given_up


def bounded(
    call: Callable[[], T], deadline: Deadline, late: Callable[[T], object] | None = None
) -> T:
    """Return what a call returns, or raise what it raises, or `TookTooLong`.

    A result that comes later goes to `late`, which gives back what it holds open.
    """
    running = _Call(call, late)
    threading.Thread(target=running.run, name="bounded call", daemon=True).start()
    while not running.done.wait(deadline.step()):
        if not deadline.left() and running.give_up():
            raise TookTooLong
    if running.error is not None:
        raise running.error
    return running.result  # type: ignore[return-value]
