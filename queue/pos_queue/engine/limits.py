"""Queues that let go so many jobs in a time: their rates, kept in the table of queues.

`free_at` is the number of the rate. A claim passes over a queue whose number lies ahead, without a
look at its jobs, and moves the number in its own transaction: two programs keep one rate together.
A number that lies further ahead than a rate ever puts it was left by a clock that was set back, and
is mended by whoever finds nothing to do.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping

from pos_queue.database import Database
from pos_queue.engine.choice import Choice
from pos_queue.rate import Rate


class Limits:
    """The rates of the queues of one file."""

    def __init__(self, database: Database, rates: Mapping[str, Rate]) -> None:
        self._database = database
        self._rates = rates

    def __bool__(self) -> bool:
        return bool(self._rates)

    def has(self, queue: str) -> bool:
        """Tell whether a queue has a rate."""
        return queue in self._rates

    def count(self, queue: str, now: int) -> bool:
        """Count in one job of a queue if it may run now, and tell so; in the claiming transaction.

        One that the rate does not let go is not counted.
        """
        rate = self._rates.get(queue)
        if rate is None:
            return True
        found = self._database.execute_sql(
            "SELECT free_at FROM job_queues WHERE name = ?", (queue,)
        ).fetchone()
        turn = rate.reserve(found[0], now)
        self._database.execute_sql(
            "UPDATE job_queues SET free_at = ? WHERE name = ?", (turn.free_at_ms, queue)
        )
        return turn.at_ms <= now

    def held(self, choice: Choice, now: int) -> dict[str, int]:
        """Return the queues whose jobs wait for their rate, and when each is free."""
        rows = self._database.execute_sql(
            "SELECT name, free_at FROM job_queues q WHERE free_at > ? AND paused_at IS NULL"
            f"{choice.condition()} AND EXISTS "
            "(SELECT 1 FROM jobs WHERE state = 'queued' AND queue = q.name)",
            (now, *choice.names()),
        ).fetchall()
        return {queue: self._mended(queue, free_at, now) for queue, free_at in rows}

    def is_out_of_reach(self, queue: str, moment: int, now: int) -> bool:
        """Tell whether only a clock that was set back explains the moment of a queue."""
        rate = self._rates.get(queue)
        return rate is None or moment > now + rate.gap_ms

    def free_others(self) -> None:
        """Free the queues that have no rate any more."""
        names = tuple(self._rates)
        condition = f"free_at > 0 AND name NOT IN ({', '.join('?' * len(names))})"
        sql = f"SELECT 1 FROM job_queues WHERE {condition}"
        if self._database.execute_sql(sql, names).fetchone():
            with self._database.write_bulk():
                self._database.execute_sql(
                    f"UPDATE job_queues SET free_at = 0 WHERE {condition}", names
                )

    def _mended(self, queue: str, free_at: int, now: int) -> int:
        rate = self._rates.get(queue)
        mended = rate.reserve(free_at, now).free_at_ms if rate else 0
        if mended != free_at:
            with self._database.write_bulk():
                self._database.execute_sql(
                    "UPDATE job_queues SET free_at = ? WHERE name = ? AND free_at = ?",
                    (mended, queue, free_at),
                )
        return mended


class HeldQueues:
    """When to look again at queues that are held up: a chore that needs no statement."""

    def __init__(
        self,
        limits: Limits,
        now: Callable[[], int],
        ring: Callable[[], None],
        note: Callable[[int], None],
    ) -> None:
        """Take `ring`, which wakes the workers, and `note`, which wakes the scheduler in time."""
        self._limits = limits
        self._now = now
        self._ring = ring
        self._note = note
        self._lock = threading.Lock()
        self._moments: dict[str, int] = {}

    def look(self, choice: Choice, since: int) -> None:
        """Find out why a worker found nothing at a moment, or later."""
        if not self._limits:
            return
        with self._lock:
            self._moments.update(self._limits.held(choice, since))
            moments = list(self._moments.values())
        for moment in moments:
            self._note(moment)

    def __call__(self) -> None:
        """Wake the workers where a queue is free, or the clock was set back."""
        if not self._moments:
            return
        now = self._now()
        with self._lock:
            before = len(self._moments)
            self._moments = {
                queue: moment
                for queue, moment in self._moments.items()
                if moment > now and not self._limits.is_out_of_reach(queue, moment, now)
            }
            moments = list(self._moments.values())
        if len(moments) < before:
            self._ring()
        for moment in moments:
            self._note(moment)
