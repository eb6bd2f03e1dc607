"""The jobs of a file that was brought back from a backup: none of them runs by itself.

Since the backup was made the old program may have done them: a mail may be out, a call made. So
each one that waited or ran ends as failed, for a person to look at and to try again.
"""

from __future__ import annotations

import json
from collections.abc import Collection

from pos_queue.database import Database
from pos_queue.departures import LOT, Departures, Ended
from pos_queue.failures import Outcome
from pos_queue.owners.recovery import running_owners, take_back

RESTORED = "it waited when the backup was made from which this shop was restored"
COMES_ANEW = "it waited when the backup was made, and comes anew by itself"

_KEEP_ATTEMPT = (
    "INSERT OR REPLACE INTO job_attempts (number, attempt, outcome, started_at, ended_at, error) "
    f"SELECT number, attempts + 1, '{Outcome.RESTORED}', NULL, ?, "
    "CASE WHEN job IN (SELECT value FROM json_each(?)) THEN ? ELSE ? END FROM jobs"
)


def lay_aside(database: Database, now: int, *, dropped: Collection[str] = ()) -> int:
    """End every job that waits or runs, and return how many a person must look at.

    Jobs of the names in `dropped` end as cancelled, which their last attempt says: they come round
    again. What was to run at a moment of a batch never does. Stands in the caller's transaction;
    no runner may have the file open.
    """
    for owner in running_owners(database):
        take_back(database, owner, now, RESTORED)
    database.execute_sql("DELETE FROM job_callbacks")
    database.execute_sql("DELETE FROM job_forwards")
    names = json.dumps([*dropped])
    database.execute_sql(_KEEP_ATTEMPT, (now, names, COMES_ANEW, RESTORED))
    departures = Departures(database, arrived=lambda: None)
    among = "job IN (SELECT value FROM json_each(?))"
    _end_all(departures, among, names, now, Ended.CANCELLED)
    return _end_all(departures, f"NOT {among}", names, now, Ended.FAILED)


def _end_all(departures: Departures, condition: str, names: str, now: int, state: Ended) -> int:
    ended = 0
    while True:
        lot = departures.end_waiting(condition, (names,), now, state=state)
        ended += lot
        if lot < LOT:
            return ended
