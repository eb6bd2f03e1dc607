"""The settings that somebody has changed; all others have their declared default."""

from __future__ import annotations

import json
import logging
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import peewee

from pos_desktop.domain.errors import Unavailable
from pos_desktop.storage.counters import MASTER_VERSION, raise_counter
from pos_desktop.storage.database import ShopDatabase

log = logging.getLogger(__name__)


def changed_settings(database: ShopDatabase) -> dict[str, Any]:
    """Return the values of the changed settings by key.

    One that somebody has spoilt past the program counts as not changed: the shop opens all the
    same, and `verify` finds that the table was edited.
    """
    found = {}
    for row in database.rows("SELECT key, value FROM setting"):
        try:
            found[row["key"]] = json.loads(row["value"])
        except ValueError:
            log.error("the setting %s cannot be read; it has its default", row["key"])
    return found


def settings_as_they_lie(database: ShopDatabase) -> dict[str, Any] | None:
    """Return the changed settings of a file that may be damaged; None where they cannot be read."""
    try:
        return changed_settings(database)
    except (sqlite3.Error, peewee.PeeweeException, Unavailable):
        return None


def put_setting(database: ShopDatabase, *, scope: str, key: str, value: Any, at: int) -> None:
    """Keep a setting inside the caller's transaction; `at` in milliseconds UTC."""
    database.execute_sql(
        "INSERT INTO setting (scope, key, value, ver, changed_at) VALUES (?, ?, ?, ?, ?) "
        "ON CONFLICT (scope, key) DO UPDATE SET value = excluded.value, ver = excluded.ver, "
        "changed_at = excluded.changed_at",
        (scope, key, json.dumps(value), raise_counter(database, MASTER_VERSION), at),
    )


def peeked(file: Path, key: str) -> Any:
    """Return what was set in the shop file before it is opened; None for nothing that is found.

    It is for what has to be known before anything else; a file that cannot be read says nothing.
    """
    place = f"{file.absolute().as_uri()}?mode=ro"
    try:
        with closing(sqlite3.connect(place, uri=True, timeout=0.1)) as connection:
            row = connection.execute("SELECT value FROM setting WHERE key = ?", (key,)).fetchone()
        return json.loads(row[0]) if row else None
    except (sqlite3.Error, ValueError):
        return None
