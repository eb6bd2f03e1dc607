"""The gate that all writers of one process pass: the till goes first.

SQLite's own lock is not fair: a writer that commits chunks back to back starves everybody else.
Inside a process the gate decides instead; between processes the short chunks and the pauses of
bulk writers do (see BulkPace).
"""

from __future__ import annotations

import threading
from dataclasses import dataclass


class WriteGate:
    """Lets one writer in at a time, and a bulk writer only while no till waits."""

    def __init__(self) -> None:
        self._condition = threading.Condition()
        self._held = False
        self._tills_waiting = 0

    def enter(self, *, bulk: bool) -> None:
        """Wait for the turn of a write of the till, or of one chunk of a bulk writer; take it."""
        with self._condition:
            if self._held or (bulk and self._tills_waiting):
                self._wait(bulk=bulk)
            self._held = True

    def leave(self) -> None:
        """Let the next writer in."""
        with self._condition:
            self._held = False
            self._condition.notify_all()

    def _wait(self, *, bulk: bool) -> None:
        if bulk:
            self._condition.wait_for(lambda: not self._held and not self._tills_waiting)
            return
        self._tills_waiting += 1
        try:
            self._condition.wait_for(lambda: not self._held)
        finally:
            self._tills_waiting -= 1


@dataclass(frozen=True)
class BulkPace:
    """How a bulk writer shares the file; times in seconds."""

    hold: float
    """How long it may hold the file at a time."""
    rest: float
    """How long it leaves the file free after that."""
    checkpoint: float
    """After how much holding it brings the log into the file, so that no sale need do so."""
    merge_pages: int
    """How many pages of the search index it merges at a time."""


BESIDE_A_TILL = BulkPace(hold=0.003, rest=0.001, checkpoint=0.2, merge_pages=32)
ALONE = BulkPace(hold=0.5, rest=0.0, checkpoint=0.5, merge_pages=1000)
