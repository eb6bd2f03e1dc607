"""Taking jobs back from owners that are gone."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from pos_queue.database import Database
from pos_queue.schema import jobs_of

_OF_OWNER = f"(SELECT j.number FROM {jobs_of('running')} WHERE j.owner IS ?)"
_KEEP_ATTEMPT = (
    "INSERT OR REPLACE INTO job_attempts (number, attempt, outcome, owner, started_at, ended_at, "
    "error) SELECT number, attempts, 'interrupted', owner, started_at, ?, ? FROM jobs "
    f"WHERE number IN {_OF_OWNER}"
)
_TAKE_BACK = (
    f"UPDATE jobs SET state = 'queued', owner = NULL, fence = fence + 1 WHERE number IN {_OF_OWNER}"
)


def take_back(database: Database, owner: str | None, now: int, why: str) -> int:
    """Let the running jobs of an owner wait again; return how many.

    Their attempts are kept as interrupted and count against nobody. Stands in the caller's
    transaction.
    """
    database.execute_sql(_KEEP_ATTEMPT, (now, why, owner))
    return database.execute_sql(_TAKE_BACK, (owner,)).rowcount


def running_owners(database: Database) -> list[str | None]:
    """Return who has running jobs."""
    found = database.execute_sql(f"SELECT DISTINCT j.owner FROM {jobs_of('running')}")
    return [row[0] for row in found.fetchall()]


def orphans(database: Database, is_alive: Callable[[str], bool]) -> Sequence[str | None]:
    """Return the owners of running jobs that are no more."""
    return [owner for owner in running_owners(database) if owner is None or not is_alive(owner)]
