"""Doing something with many rows while a till sells: in lots, each a short transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from pos_queue.clock import Clock
from pos_queue.database import Database

HOLD_SECONDS = 0.002
"""How long one lot may hold the file, the commit not counted."""
REST_SECONDS = 0.001
"""How long the file is left free between two lots."""


def in_lots(
    database: Database, clock: Clock, numbers: Iterable[int], act: Callable[[int], object]
) -> None:
    """Call `act` with each number, many in a transaction.

    What is done when a lot has ended stays done: a program that dies leaves the rest as it was.
    """
    left = list(reversed([*numbers]))
    while left:
        with database.write_bulk():
            ends = clock.monotonic() + HOLD_SECONDS
            while left:
                act(left.pop())
                if clock.monotonic() >= ends:
                    break
        if left:
            clock.sleep(REST_SECONDS)
