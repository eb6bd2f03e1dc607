"""How much a bulk writer writes at a time: as long as its pace allows, then a rest."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from pos_desktop.domain.clock import Clock
from pos_desktop.storage.database import ShopDatabase
from pos_desktop.storage.gate import BulkPace

_FIRST_ROWS = 50
_MOST_ROWS = 5_000


class Pacer:
    """Fits the chunks of a bulk writer into the time for which it may hold the file."""

    def __init__(self, database: ShopDatabase, clock: Clock, pace: Callable[[], BulkPace]) -> None:
        self._database = database
        self._clock = clock
        self._pace = pace
        self.rows = _FIRST_ROWS
        """How many rows the next chunk should have."""

    @contextmanager
    def chunk(self, rows: int) -> Iterator[None]:
        """Run the transaction of a chunk of so many rows; afterwards leave the file free."""
        pace = self._pace()
        with self._database.relaxed(), self._database.write_bulk():
            began = self._clock.monotonic()
            yield
            held = self._clock.monotonic() - began
        fitting = int(rows * pace.hold / max(held, 1e-6))
        self.rows = max(1, min(fitting, self.rows * 2, _MOST_ROWS))
        if pace.rest:
            self._clock.sleep(pace.rest)
