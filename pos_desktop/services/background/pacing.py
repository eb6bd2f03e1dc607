"""How much a bulk writer writes at a time: as long as its pace allows, then a rest."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from math import ceil
from statistics import median

from pos_desktop.domain.clock import Clock
from pos_desktop.storage import search
from pos_desktop.storage.database import ShopDatabase
from pos_desktop.storage.gate import BulkPace

MOST_AT_ONCE = 1_000
"""So many rows a bulk writer writes while somebody waits for it; more are left to a job."""
_FIRST_ROWS = 50
_MOST_ROWS = 5_000
_ASK_SECONDS = 0.5
"""How long the pace beside a till is kept to before it is asked again whether one is open."""
_LAST_CHUNKS = 5
"""Chunks whose rows' cost is looked at: one that the machine kept waiting says nothing of its rows.

To go by the last chunk alone halved the next after each such wait, and a small chunk costs nearly
as much as a full one.
"""
_REST = 0.25
"""Of a chunk: so small a rest goes with the chunk before it, for a fraction of what it costs."""
_PAGES_AT_THE_END = 100
"""Some milliseconds of merging, so that its end may be asked for in between."""
_MERGE_EVERY = 8
"""Chunks between two merges: each leaves a segment in the search index, eight make one."""


class Pacer:
    """Fits the chunks of a bulk writer into the time for which it may hold the file."""

    def __init__(
        self,
        database: ShopDatabase,
        clock: Clock,
        pace: Callable[[], BulkPace],
        transaction: Callable[[], AbstractContextManager[None]] | None = None,
    ) -> None:
        """Take what begins a transaction, where each is also to be fenced or counted."""
        self._database = database
        self._transaction = transaction or database.write_bulk
        self._clock = clock
        self._ask = pace
        self._pace = pace()
        self._asked = clock.monotonic()
        self._held = 0.0
        """Seconds for which the file was held since the last checkpoint."""
        self._released = clock.monotonic()
        self._written = 0.0
        """Seconds for which the file was held by chunks."""
        self._chunks = 0
        self._costs: deque[float] = deque(maxlen=_LAST_CHUNKS)
        """Seconds a row of the last chunks."""
        self.rows = _FIRST_ROWS
        """How many rows the next chunk should have."""

    def part_of(self, rows: int) -> int:
        """Return how many of so many rows to write next: equal parts, none of them a small rest."""
        parts = max(1, ceil(rows / self.rows - _REST))
        return ceil(rows / parts)

    @contextmanager
    def chunk(self, rows: int) -> Iterator[None]:
        """Run the transaction of a chunk of so many rows, the file having been free before it."""
        pace, before = self._current(), self._held
        with self._hold(pace):
            yield
        took = self._held - before
        self._written += took
        self._costs.append(max(took, 1e-6) / rows)
        fitting = int(pace.hold / median(self._costs))
        self.rows = max(1, min(fitting, self.rows * 2, _MOST_ROWS))
        self._chunks += 1
        if self._chunks % _MERGE_EVERY == 0:
            self.merge()
        if self._held >= pace.checkpoint:
            self._held = 0.0
            self._database.checkpoint()

    def merge(self, most_pages: int | None = None) -> bool:
        """Merge a little of the search index; tell whether there was something to merge."""
        pace = self._current()
        pages = pace.merge_pages if most_pages is None else min(pace.merge_pages, most_pages)
        with self._hold(pace):
            return search.merge(self._database, pages)

    def finish(self) -> None:
        """Merge what is left, but no longer than the chunks took to write.

        The pieces that a large import left are not merged by the next small one alone.
        """
        limit = self._clock.monotonic() + self._written
        while self.merge(_PAGES_AT_THE_END) and self._clock.monotonic() <= limit:
            pass

    def _current(self) -> BulkPace:
        """Return the pace; where no till was open, one may have opened since the last chunk."""
        now = self._clock.monotonic()
        if not self._pace.rest or now - self._asked >= _ASK_SECONDS:
            self._pace, self._asked = self._ask(), now
        return self._pace

    @contextmanager
    def _hold(self, pace: BulkPace) -> Iterator[None]:
        """Hold the file, once it was free for a rest: mostly while the next rows were planned."""
        free = self._clock.monotonic() - self._released
        if free < pace.rest:
            self._clock.sleep(pace.rest - free)
        with self._database.relaxed():
            with self._transaction():
                began = self._clock.monotonic()
                yield
            self._released = self._clock.monotonic()
        self._held += self._released - began
