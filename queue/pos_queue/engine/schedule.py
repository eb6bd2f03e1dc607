"""Jobs that wait for a moment."""

from __future__ import annotations

from collections.abc import Callable

from pos_queue.database import Database
from pos_queue.engine.due import AT_ONCE

_LOT = 500
"""How many due jobs are let go in one transaction."""
AHEAD_MS = 60_000
"""How far a clock may be set back, and a job that waits for its moment waits that much longer."""
_BEGAN_AHEAD = "state = 'scheduled' AND started_at > ?"


def next_due(database: Database) -> int | None:
    """Return the moment of the first scheduled job, None where there is none."""
    found = database.execute_sql("SELECT min(run_at) FROM jobs WHERE state = 'scheduled'")
    moment: int | None = found.fetchone()[0]
    return moment


def release_due(database: Database, now: int) -> int:
    """Let jobs whose moment has come join the queue; return how many, at most one lot.

    Stands in the caller's transaction: a job is in one state or the other, at any moment.
    """
    return database.execute_sql(
        "UPDATE jobs SET state = 'queued' WHERE number IN (SELECT number FROM jobs "
        "WHERE state = 'scheduled' AND run_at <= ? ORDER BY run_at, number LIMIT ?)",
        (now, _LOT),
    ).rowcount


class SetBack:
    """A chore: no job waits to be tried again by a clock that once ran ahead, perhaps by years.

    One that was tried in what is now the future waits as long as it did then, from now on; the
    moment of one that was not tried yet is a promise. Costs no statement while the clock goes
    forward.
    """

    def __init__(
        self, database: Database, now: Callable[[], int], note: Callable[[int], None]
    ) -> None:
        """Take `note`, which makes the scheduler look into the file."""
        self._database = database
        self._now = now
        self._note = note
        self._before: int | None = None

    def __call__(self) -> None:
        """Look once at the start, and whenever the clock was set back."""
        now = self._now()
        if (self._before is None or now < self._before - AHEAD_MS) and self._are_any(now):
            with self._database.write_bulk():
                self._begin_anew(now)
            self._note(AT_ONCE)
        self._before = now

    def _are_any(self, now: int) -> bool:
        sql = f"SELECT EXISTS (SELECT 1 FROM jobs WHERE {_BEGAN_AHEAD})"
        return bool(self._database.execute_sql(sql, (now + AHEAD_MS,)).fetchone()[0])

    def _begin_anew(self, now: int) -> None:
        self._database.execute_sql(
            "UPDATE jobs SET run_at = ? + max(0, run_at - started_at), started_at = ? "
            f"WHERE {_BEGAN_AHEAD}",
            (now, now, now + AHEAD_MS),
        )
