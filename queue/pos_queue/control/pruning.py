"""Removing what ended long ago, with all that was kept of it.

A failed or quarantined job stays, however old, until a person has retried or forgotten it. The
members of a batch stay as long as one of them does, or it has not ended: it is counted from them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

from pos_queue.clock import Clock
from pos_queue.control.lots import HOLD_SECONDS, REST_SECONDS
from pos_queue.database import Database

_PAGE = 500
_LOOK = (
    "SELECT number, finished_at < ? AND state NOT IN ('failed', 'quarantined') "
    "AND (batch IS NULL OR NOT EXISTS (SELECT 1 FROM job_batches b WHERE b.number = h.batch "
    "AND (b.ended_at IS NULL OR b.ended_at >= ? "
    "OR EXISTS (SELECT 1 FROM jobs WHERE batch = b.number) "
    "OR EXISTS (SELECT 1 FROM job_history f WHERE f.batch = b.number "
    "AND f.state IN ('failed', 'quarantined'))))) FROM job_history h WHERE number > ? "
    "ORDER BY number LIMIT ?"
)
"""Whether each job may go: all are looked at, since no index tells when they ended."""
_EMPTY_BATCHES = (
    "DELETE FROM job_batches WHERE ended_at < ? "
    "AND NOT EXISTS (SELECT 1 FROM job_history WHERE batch = job_batches.number) "
    "AND NOT EXISTS (SELECT 1 FROM jobs WHERE batch = job_batches.number)"
)
_CALLBACKS_OF_NONE = "DELETE FROM job_callbacks WHERE batch NOT IN (SELECT number FROM job_batches)"

Chunk = Callable[[], AbstractContextManager[None]]
"""Begins a transaction."""


def prune(
    database: Database, clock: Clock, before: int, chunk: Chunk | None = None
) -> Iterator[int]:
    """Remove what ended before a moment; yield after each transaction how many jobs that was.

    Whoever stops to ask for more stops the work. A transaction holds the file for 2 ms at most,
    the commit not counted.
    """
    chunk = chunk or database.write_bulk
    place = 0
    while page := _page(database, before, place):
        place = page[-1][0]
        left = [number for number, goes in reversed(page) if goes]
        while left:
            with chunk():
                removed = _remove_for_a_while(database, clock, left)
            yield removed
            clock.sleep(REST_SECONDS)
    with chunk():
        database.execute_sql(_EMPTY_BATCHES, (before,))
        database.execute_sql(_CALLBACKS_OF_NONE)


def _page(database: Database, before: int, place: int) -> list[tuple[int, int]]:
    return database.execute_sql(_LOOK, (before, before, place, _PAGE)).fetchall()


def _remove_for_a_while(database: Database, clock: Clock, left: list[int]) -> int:
    ends = clock.monotonic() + HOLD_SECONDS
    removed = 0
    while left:
        removed += _remove(database, left.pop())
        if clock.monotonic() >= ends:
            break
    return removed


def _remove(database: Database, number: int) -> int:
    """Remove a job unless somebody has retried it meanwhile."""
    gone = database.execute_sql(
        "DELETE FROM job_history WHERE number = ? AND state NOT IN ('failed', 'quarantined')",
        (number,),
    ).rowcount
    if gone:
        database.execute_sql("DELETE FROM job_attempts WHERE number = ?", (number,))
        database.execute_sql("DELETE FROM job_progress WHERE number = ?", (number,))
    return gone
