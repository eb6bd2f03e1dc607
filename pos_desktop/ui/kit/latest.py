"""Answers that come late: who has asked anew meanwhile waits for the last one alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


class Latest:
    """Lets the answer to the last question through, and passes older ones over."""

    def __init__(self) -> None:
        self._asked = 0

    def only(self, then: Callable[[T], None]) -> Callable[[T], None]:
        """Return `then` for the answer to a question that is asked now.

        It does nothing once something else was asked.
        """
        self.void()
        this = self._asked

        def if_latest(answer: T) -> None:
            if this == self._asked:
                then(answer)

        return if_latest

    def void(self) -> None:
        """Make an answer that is still on its way void."""
        self._asked += 1
