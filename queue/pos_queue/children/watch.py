"""Ends a child process that keeps people waiting."""

from __future__ import annotations

import threading
from typing import Protocol

WATCH_TICKS = 10
"""How finely a limit is watched: it is kept within a tenth of itself."""
STACK_SECONDS = 0.3
"""How long a hanging child has to write its stack."""
JOIN_SECONDS = 5.0


class Watched(Protocol):
    """What can be ended."""

    def show_stack(self) -> object:
        """Write down where it hangs."""

    def kill(self) -> None:
        """End it."""


class Watch:
    """Ends a child that keeps its reader waiting too long, or runs too long altogether.

    It counts its own ticks instead of reading a clock; the time that a reader spends on results
    does not count as silence.
    """

    def __init__(self, child: Watched, *, limit: float | None, silence: float) -> None:
        self._child = child
        self._limit = limit
        self._silence = silence
        self._done = threading.Event()
        self.is_waiting = False
        self.results = 0
        self.passed: float | None = None
        """The limit that was passed, None while none was."""
        self._thread = threading.Thread(target=self._watch, daemon=True, name="child-watch")
        self._thread.start()

    def stop(self) -> None:
        """Watch no longer."""
        self._done.set()
        self._thread.join(JOIN_SECONDS)

    def _watch(self) -> None:
        tick = min(self._silence, self._limit or self._silence) / WATCH_TICKS
        silent = whole = 0.0
        seen = self.results
        while not self._done.wait(tick):
            whole += tick
            silent = silent + tick if self.is_waiting and self.results == seen else 0.0
            seen = self.results
            if silent >= self._silence - tick / 2:
                return self._end(self._silence)
            if self._limit is not None and whole >= self._limit - tick / 2:
                return self._end(self._limit)
        return None

    def _end(self, passed: float) -> None:
        self.passed = passed
        self._child.show_stack()
        self._done.wait(STACK_SECONDS)
        self._child.kill()
