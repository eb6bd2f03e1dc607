"""Whether a request has begun to leave this machine, and a door that shuts when nobody waits.

A request runs in a thread of its own while its caller waits with a limit. When the limit passes,
the caller shuts the door: either the request had begun to leave by then, or it never will.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


class PassageShut(OSError):
    """Nobody waits for this request any more: it is not begun."""


class Passage:
    """The door of one request, which was begun `at` this second."""

    def __init__(self, at: float) -> None:
        self.at = at
        self._lock = threading.Lock()
        self._has_begun = False
        self._is_shut = False

    def go(self) -> None:
        """Note that bytes leave from here on; raises PassageShut where nobody waits."""
        with self._lock:
            if self._is_shut:
                raise PassageShut
            self._has_begun = True

    def close(self) -> bool:
        """Shut the door, and tell whether anything had begun to leave."""
        with self._lock:
            self._is_shut = True
            return self._has_begun

    def around(self, call: Callable[[], T]) -> Callable[[], T]:
        """Return the call with this as the passage of the thread that makes it."""

        def within() -> T:
            _here.passage = self
            try:
                return call()
            finally:
                del _here.passage

        return within


_here = threading.local()


def passing() -> Passage:
    """Return the passage of this thread; a RuntimeError where nothing is on its way here."""
    passage = getattr(_here, "passage", None)
    if not isinstance(passage, Passage):
        raise RuntimeError("a request is made through a Transport")
    return passage
