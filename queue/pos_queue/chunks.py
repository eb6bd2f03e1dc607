"""Rows in transactions of bounded time, so that a till beside them never waits for long."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Sized
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeVar

from pos_queue.clock import Clock

if TYPE_CHECKING:
    from pos_queue.context import JobContext

T = TypeVar("T")

READ_AHEAD = 256
"""How many rows are read before the file is held: about what one hold has room for."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How a job that writes many rows shares the file; times in seconds."""

    clock: Clock
    hold: float = 0.002
    """How long it may hold the file at a time, the commit not counted."""
    rest: float = 0.001
    """How long it leaves the file free after that."""


def write_in_chunks(
    context: JobContext,
    rows: Iterable[T],
    write: Callable[[T], object],
    pace: Pace,
    cursor: Callable[[T], Any] | None,
) -> None:
    """See JobContext.in_chunks."""
    done = 0 if cursor else context.cursor or 0
    left = islice(rows, done, None)
    ahead = deque(islice(left, READ_AHEAD))
    while ahead:
        context.check()
        with context.chunk():
            number, last = _write_some(ahead, write, pace)
            done += number
            context.checkpoint(cursor(last) if cursor else done)
        ahead.extend(islice(left, READ_AHEAD - len(ahead)))
        if not cursor:
            context.progress(done, len(rows) if isinstance(rows, Sized) else None)
        if ahead:
            pace.clock.sleep(pace.rest)


def _write_some(ahead: deque[T], write: Callable[[T], object], pace: Pace) -> tuple[int, T]:
    """Write as many rows as one hold has room for; return how many, and the last one."""
    ends, number = pace.clock.monotonic() + pace.hold, 0
    while True:
        row, number = ahead.popleft(), number + 1
        write(row)
        if not ahead or pace.clock.monotonic() >= ends:
            return number, row
