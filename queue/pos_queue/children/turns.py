"""Lets a number of threads work at once; the others wait, first come first served."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from pos_queue.children.cancel import Cancel


class GaveUp(Exception):
    """The wait was ended before the turn came."""


class _Waiting:
    def __init__(self) -> None:
        self.event = threading.Event()
        self.has_turn = False


class Turns:
    """The turns that are free, and those who wait for one."""

    def __init__(self, most: int) -> None:
        self._free = most
        self._waiting: deque[_Waiting] = deque()
        self._lock = threading.Lock()
        self._is_closed = False

    @contextmanager
    def turn(self, cancel: Cancel) -> Iterator[None]:
        """Wait for a turn, and give it back; raises GaveUp on `cancel` and after `close`."""
        self._take(cancel)
        try:
            yield
        finally:
            self._give_back()

    @property
    def waiting(self) -> int:
        """How many wait."""
        with self._lock:
            return len(self._waiting)

    def close(self) -> None:
        """Give no more turns; those who wait give up."""
        with self._lock:
            self._is_closed = True
            waiting = tuple(self._waiting)
        for one in waiting:
            self._give_up(one)

    def _take(self, cancel: Cancel) -> None:
        with self._lock:
            if self._is_closed or cancel.is_cancelled:
                raise GaveUp
            if self._free:
                self._free -= 1
                return
            one = _Waiting()
            self._waiting.append(one)
        with cancel.calls(partial(self._give_up, one)):
            one.event.wait()
        if not one.has_turn:
            raise GaveUp

    def _give_back(self) -> None:
        with self._lock:
            if self._waiting:
                one = self._waiting.popleft()
                one.has_turn = True
                one.event.set()
            else:
                self._free += 1

    def _give_up(self, one: _Waiting) -> None:
        with self._lock:
            if one in self._waiting:
                self._waiting.remove(one)
                one.event.set()
