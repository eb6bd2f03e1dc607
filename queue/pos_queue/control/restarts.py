"""A request to every runner of a file to end, so that whoever looks after it starts it anew.

It is a counter in the file. A runner remembers what it was at its start, and compares when it
hears that something was written.
"""

from __future__ import annotations

from pos_queue.database import Database

_KEY = "restarts"


def ask(database: Database) -> None:
    """Ask for it, in the caller's transaction."""
    database.execute_sql(
        "INSERT INTO job_counters (key, value) VALUES (?, 1) "
        "ON CONFLICT (key) DO UPDATE SET value = value + 1",
        (_KEY,),
    )


def asked(database: Database) -> int:
    """Return how often it was asked for."""
    sql = "SELECT value FROM job_counters WHERE key = ?"
    found = database.execute_sql(sql, (_KEY,)).fetchone()
    return int(found[0]) if found else 0
