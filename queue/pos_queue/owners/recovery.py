"""Taking jobs back from owners that are gone."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from pos_queue.arrivals import know_queue
from pos_queue.database import Database
from pos_queue.schema import jobs_of

CLOSED = "the program that ran it was closed"
DIED = "the program that ran it has died"

_OF_OWNER = f"(SELECT j.number FROM {jobs_of('running')} WHERE j.owner IS ?)"
_KEEP_ATTEMPT = (
    "INSERT OR REPLACE INTO job_attempts (number, attempt, outcome, owner, started_at, ended_at, "
    "error) SELECT number, attempts, 'interrupted', owner, started_at, ?, ? FROM jobs "
    f"WHERE number IN {_OF_OWNER}"
)
_TAKE_BACK = (
    f"UPDATE jobs SET state = 'queued', owner = NULL, fence = fence + 1 WHERE number IN {_OF_OWNER}"
)
_UNKNOWN_QUEUES = "SELECT DISTINCT queue FROM jobs WHERE queue NOT IN (SELECT name FROM job_queues)"
_UNKNOWN_ENDPOINTS = (
    "SELECT DISTINCT endpoint FROM jobs WHERE endpoint IS NOT NULL "
    "AND state = 'waiting_for_network' AND endpoint NOT IN (SELECT name FROM job_endpoints)"
)
_FREE = "UPDATE jobs SET state = 'queued' WHERE endpoint = ? AND state = 'waiting_for_network'"


def take_back(database: Database, owner: str | None, now: int, why: str) -> int:
    """Let the running jobs of an owner wait again; return how many.

    Their attempts are kept as interrupted and count against nobody. Stands in the caller's
    transaction.
    """
    database.execute_sql(_KEEP_ATTEMPT, (now, why, owner))
    return database.execute_sql(_TAKE_BACK, (owner,)).rowcount


def free_stranded(database: Database) -> int:
    """Let jobs be found that nobody would look for; return how many queues and endpoints had some.

    Only a hand can have put a job into a queue that is not known, or behind an endpoint that was
    never out of reach. Costs one look at an index where there is none.
    """
    queues = database.execute_sql(_UNKNOWN_QUEUES).fetchall()
    endpoints = database.execute_sql(_UNKNOWN_ENDPOINTS).fetchall()
    if queues or endpoints:
        with database.write_bulk():
            for (queue,) in queues:
                know_queue(database, queue)
            for (endpoint,) in endpoints:
                database.execute_sql(_FREE, (endpoint,))
    return len(queues) + len(endpoints)


def running_owners(database: Database) -> list[str | None]:
    """Return who has running jobs."""
    found = database.execute_sql(f"SELECT DISTINCT j.owner FROM {jobs_of('running')}")
    return [row[0] for row in found.fetchall()]


def orphans(database: Database, is_alive: Callable[[str], bool]) -> Sequence[str | None]:
    """Return the owners of running jobs that are no more."""
    return [owner for owner in running_owners(database) if owner is None or not is_alive(owner)]
