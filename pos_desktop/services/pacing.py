"""How much a bulk writer writes at a time: as long as its pace allows, then a rest."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from pos_desktop.domain.clock import Clock
from pos_desktop.storage import search
from pos_desktop.storage.database import ShopDatabase
from pos_desktop.storage.gate import BulkPace

_FIRST_ROWS = 50
_MOST_ROWS = 5_000
_MERGE_EVERY = 4
"""Chunks between two merges: each leaves a segment in the search index, four make one."""


class Pacer:
    """Fits the chunks of a bulk writer into the time for which it may hold the file."""

    def __init__(self, database: ShopDatabase, clock: Clock, pace: Callable[[], BulkPace]) -> None:
        self._database = database
        self._clock = clock
        self._pace = pace
        self._held = 0.0
        self._chunks = 0
        self.rows = _FIRST_ROWS
        """How many rows the next chunk should have."""

    @contextmanager
    def chunk(self, rows: int) -> Iterator[None]:
        """Run the transaction of a chunk of so many rows; afterwards leave the file free."""
        pace, before = self._pace(), self._held
        with self._hold():
            yield
        fitting = int(rows * pace.hold / max(self._held - before, 1e-6))
        self.rows = max(1, self.rows // 2, min(fitting, self.rows * 2, _MOST_ROWS))
        self._rest(pace)
        self._chunks += 1
        if self._chunks % _MERGE_EVERY == 0:
            self.merge()

    def merge(self) -> bool:
        """Merge a little of the search index; tell whether there was something to merge."""
        pace = self._pace()
        with self._hold():
            merged = search.merge(self._database, pace.merge_pages)
        self._rest(pace)
        return merged

    @contextmanager
    def _hold(self) -> Iterator[None]:
        with self._database.relaxed():
            with self._database.write_bulk():
                began = self._clock.monotonic()
                yield
            self._held += self._clock.monotonic() - began

    def _rest(self, pace: BulkPace) -> None:
        """Leave the file free: with a checkpoint where one is due, else by doing nothing."""
        if self._held >= pace.checkpoint:
            self._held = 0.0
            self._database.checkpoint()
        elif pace.rest:
            self._clock.sleep(pace.rest)
