"""What ends a piece of work from any thread, once and for all."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class Cancel:
    """A request to end; whoever does the work says what then is to happen."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._actions: list[Callable[[], object]] = []
        self._is_cancelled = False

    @property
    def is_cancelled(self) -> bool:
        """Whether the end was asked for."""
        return self._is_cancelled

    def cancel(self) -> None:
        """Ask for the end; may be called from any thread, and again."""
        with self._lock:
            actions = () if self._is_cancelled else tuple(self._actions)
            self._is_cancelled = True
        for action in actions:
            action()

    @contextmanager
    def calls(self, action: Callable[[], object]) -> Iterator[None]:
        """Have a function called if the end is asked for within a block, or was before it.

        It must be short and raise nothing. It may still be running when the block is left.
        """
        with self._lock:
            is_late = self._is_cancelled
            self._actions.append(action)
        if is_late:
            action()
        try:
            yield
        finally:
            with self._lock:
                self._actions.remove(action)
