"""What comes round as the shop has set it, and what came of it when it came last."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any

from pos_desktop.storage.books import Books
from pos_desktop.storage.database import ShopDatabase
from pos_desktop.storage.stamps import new_stamp


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredSchedule:
    """One that somebody has set; `since` in milliseconds UTC, `recipients` as JSON text."""

    name: str
    is_on: bool
    cron: str
    since: int
    recipients: str
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LastRun:
    """What came of one when it came last; `at` in milliseconds UTC."""

    at: int
    is_good: bool
    words: str
    job: int | None


def everything(database: ShopDatabase) -> dict[str, tuple[StoredSchedule, int]]:
    """Return all that somebody has set, by name, each with the state that it is in."""
    rows = database.rows("SELECT name, is_on, cron, since, recipients, language, ver FROM schedule")
    found = {}
    for row in rows:
        ver = row.pop("ver")
        found[row["name"]] = (StoredSchedule(**{**row, "is_on": bool(row["is_on"])}), ver)
    return found


def put(database: ShopDatabase, books: Books, schedule: StoredSchedule) -> None:
    """Keep one inside the caller's transaction, in the place of what was set before."""
    database.execute_sql("DELETE FROM schedule WHERE name = ?", (schedule.name,))
    row = {**asdict(schedule), "is_on": int(schedule.is_on), **new_stamp(database, books)}
    database.insert("schedule", [row])


def begin_all(database: ShopDatabase, since: int) -> None:
    """Let the times that somebody has set hold from a moment on, inside the caller's transaction.

    Nothing before it is made up for.
    """
    database.execute_sql("UPDATE schedule SET since = ?", (since,))


def last_runs(database: ShopDatabase) -> dict[str, LastRun]:
    """Return what came of each that ever came, by name."""
    rows = database.rows(
        "SELECT name, at, is_good, words, job FROM schedule_run WHERE at IS NOT NULL"
    )
    return {row.pop("name"): LastRun(**{**row, "is_good": bool(row["is_good"])}) for row in rows}


def set_run(database: ShopDatabase, name: str, run: LastRun) -> None:
    """Keep what has come of one, inside the caller's transaction."""
    database.execute_sql(
        "INSERT INTO schedule_run (name, at, is_good, words, job) VALUES (?, ?, ?, ?, ?) "
        "ON CONFLICT (name) DO UPDATE SET at = excluded.at, is_good = excluded.is_good, "
        "words = excluded.words, job = excluded.job",
        (name, run.at, int(run.is_good), run.words, run.job),
    )


def memory(database: ShopDatabase, name: str) -> dict[str, Any]:
    """Return what one has kept for the next time; empty where that is nothing."""
    found = database.value("SELECT memory FROM schedule_run WHERE name = ?", (name,))
    return dict(json.loads(found)) if found else {}


def remember(database: ShopDatabase, name: str, values: dict[str, Any]) -> None:
    """Keep something for the next time, inside the caller's transaction."""
    database.execute_sql(
        "INSERT INTO schedule_run (name, memory) VALUES (?, ?) "
        "ON CONFLICT (name) DO UPDATE SET memory = excluded.memory",
        (name, json.dumps(values)),
    )
