"""Jobs that wait for a moment."""

from __future__ import annotations

from pos_queue.database import Database

_LOT = 500
"""How many due jobs are let go in one transaction."""


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
