"""What has become of jobs, by their numbers: for what is kept beside the file on their account."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from pos_desktop.storage.database import ShopDatabase

_DAYS_WORTH = 5_000


def job_states(database: ShopDatabase, numbers: Sequence[int]) -> dict[int, str]:
    """Return the states of those jobs that the file still knows."""
    listed = "WHERE number IN (SELECT value FROM json_each(?))"
    sql = (
        f"SELECT number, state FROM jobs {listed} "
        f"UNION ALL SELECT number, state FROM job_history {listed}"
    )
    text = json.dumps([*numbers])
    return {row["number"]: row["state"] for row in database.rows(sql, (text, text))}


_FAR_BEHIND_MS = 300_000


def free_key(database: ShopDatabase, key: str, at: int) -> str | None:
    """Return the unique key under which the next job of its kind may wait; None where one waits.

    While one runs, the one that follows it waits under a second key: what a job leaves when it is
    done comes before its own key is free. One that waits for a moment far behind `at`, in
    milliseconds UTC, since a clock was set back, is passed by under a third.
    """
    keys = (key, f"{key} next", f"{key} past")
    rows = database.rows(
        "SELECT unique_key, state = 'running' AS runs, run_at FROM jobs "
        "WHERE unique_key IN (?, ?, ?)",
        keys,
    )
    taken = {row["unique_key"] for row in rows}
    if any(not row["runs"] and row["run_at"] <= at + _FAR_BEHIND_MS for row in rows):
        return None
    return next((one for one in keys if one not in taken), None)


@dataclass(frozen=True, slots=True)
class Begun:
    """A job that has begun and not ended, with what it has kept of how far it is."""

    number: int
    is_running: bool
    """Some program has it; that may have died since."""
    queue: str
    is_paused: bool
    """Whether its queue is."""
    cursor: bytes


def begun(database: ShopDatabase, job: str) -> list[Begun]:
    """Return the jobs of a name that an attempt has begun, and that have not ended."""
    rows = database.rows(
        "SELECT j.number, j.state = 'running' AS runs, j.queue, q.paused_at, p.cursor "
        "FROM job_progress p CROSS JOIN jobs j ON j.number = p.number AND j.job = ? "
        "LEFT JOIN job_queues q ON q.name = j.queue WHERE p.cursor IS NOT NULL ORDER BY j.number",
        (job,),
    )
    return [
        Begun(
            number=row["number"],
            is_running=bool(row["runs"]),
            queue=row["queue"],
            is_paused=row["paused_at"] is not None,
            cursor=row["cursor"],
        )
        for row in rows
    ]


def newest_number(database: ShopDatabase) -> int:
    """Return the number of the newest job that was ever written down; 0 where none was."""
    found = database.value("SELECT seq FROM sqlite_sequence WHERE name = 'jobs'")
    return int(found or 0)


def done_since(database: ShopDatabase, number: int, since: int) -> bool:
    """Tell whether a job with the unique key of this one was done since a moment.

    `since` is in milliseconds UTC. Only the newest of the history are looked through: a day's worth
    of a busy shop.
    """
    return bool(
        database.value(
            "SELECT count(*) FROM (SELECT unique_key, state, finished_at FROM job_history "
            f"ORDER BY number DESC LIMIT {_DAYS_WORTH}) WHERE state = 'done' AND finished_at >= ? "
            "AND unique_key = (SELECT unique_key FROM jobs WHERE number = ?)",
            (since, number),
        )
    )
