"""How many jobs a runner may still begin: as many as there are, so many, or none any more."""

from __future__ import annotations

import threading
from collections.abc import Callable


class Allowance:
    """Counts what is begun, over all threads of a runner.

    Whoever is refused goes to sleep. If what was allowed to others is given back, he is told.
    """

    def __init__(self, most: int | None = None) -> None:
        """Allow so many jobs, any number where none is named."""
        self._lock = threading.Lock()
        self._left = most
        self._taking = 0
        self._is_closed = False
        self._has_refused = False
        self.refilled: Callable[[], object] = lambda: None
        """Called when something may be begun again after somebody was refused."""

    def take(self, wanted: int = 1) -> int:
        """Return how many of the wanted jobs may be begun now; say with `took` what came of it."""
        with self._lock:
            allowed = 0 if self._is_closed else wanted
            if self._left is not None:
                allowed = min(allowed, self._left)
                self._left -= allowed
            self._has_refused |= allowed < wanted
            self._taking += allowed
            return allowed

    def took(self, allowed: int, begun: int) -> None:
        """Say how many of those that were allowed are begun, once that is committed."""
        with self._lock:
            self._taking -= allowed
        if begun != allowed:
            self.give_back(allowed - begun)

    def give_back(self, number: int) -> None:
        """Allow so many again that were not begun after all."""
        with self._lock:
            if self._left is not None:
                self._left += number
            tells = number > 0 and self._has_refused and not self._is_closed
            self._has_refused &= not tells
        if tells:
            self.refilled()

    def close(self) -> None:
        """Allow nothing more."""
        with self._lock:
            self._is_closed = True

    @property
    def is_closed(self) -> bool:
        """Whether nothing more is allowed, whatever the number."""
        return self._is_closed

    @property
    def is_limited(self) -> bool:
        """Whether there is an end to it, now or later."""
        return self._is_closed or self._left is not None

    @property
    def is_taking(self) -> bool:
        """Whether something that was allowed is being taken just now."""
        return self._taking > 0

    @property
    def is_used_up(self) -> bool:
        """Whether nothing more may be begun, and nothing is being taken just now."""
        with self._lock:
            return (self._is_closed or self._left == 0) and not self._taking
