"""How a job comes into the table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pos_queue.database import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A job on its way into the table; moments in milliseconds."""

    job: str
    queue: str
    payload: bytes
    seal: bytes | None = None
    priority: float = 0.0
    run_at: int
    state: str = "queued"
    endpoint: str | None = None
    unique_key: str | None = None
    batch: int | None = None
    sensitive: bool = False
    started_by: str | None = None


_PUT = (
    "INSERT INTO jobs (job, queue, payload, seal, priority, run_at, state, endpoint, unique_key, "
    "batch, sensitive, started_by, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
    "ON CONFLICT (unique_key) WHERE unique_key IS NOT NULL DO NOTHING"
)


def put(database: Database, arrival: Arrival, now: int) -> tuple[int, bool]:
    """Write a job down; return its number and whether it is new.

    A job whose unique key is taken by one that waits or runs is not written: the number is the
    other's. Stands in the caller's transaction, and is gone with it.
    """
    know_queue(database, arrival.queue)
    cursor = database.execute_sql(_PUT, _row(arrival, arrival.batch, now))
    if cursor.rowcount:
        assert cursor.lastrowid is not None
        return cursor.lastrowid, True
    taken = database.execute_sql(
        "SELECT number FROM jobs WHERE unique_key = ?", (arrival.unique_key,)
    ).fetchone()
    return int(taken[0]), False


def hurry(database: Database, number: int, now: int) -> bool:
    """Let a job that waits for a moment join its queue now; tell whether it was one."""
    cursor = database.execute_sql(
        "UPDATE jobs SET state = 'queued', run_at = ? WHERE number = ? AND state = 'scheduled'",
        (now, number),
    )
    return cursor.rowcount > 0


def put_many(database: Database, arrivals: Sequence[Arrival], batch: int, now: int) -> None:
    """Write the jobs of a batch down, as `put` does with each."""
    for queue in {arrival.queue for arrival in arrivals}:
        know_queue(database, queue)
    database.executemany(_PUT, [_row(arrival, batch, now) for arrival in arrivals])


def _row(arrival: Arrival, batch: int | None, now: int) -> tuple[Any, ...]:
    return (
        arrival.job,
        arrival.queue,
        arrival.payload,
        arrival.seal,
        arrival.priority,
        arrival.run_at,
        arrival.state,
        arrival.endpoint,
        arrival.unique_key,
        batch,
        arrival.sensitive,
        arrival.started_by,
        now,
    )


def know_queue(database: Database, name: str) -> None:
    """Enter a queue among those that are looked at."""
    database.execute_sql("INSERT OR IGNORE INTO job_queues (name) VALUES (?)", (name,))
