"""Values and counters by key: what Huey keeps besides its tasks."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from pos_queue.database import Database

_MOST_KEYS = 500
_IS_LIVE = "(expires_at IS NULL OR expires_at > ?)"


class Values:
    """The values of one file; what writes stands in the caller's transaction."""

    def __init__(self, database: Database, now: Callable[[], int]) -> None:
        """Take the present moment, in milliseconds, for values that expire."""
        self._database = database
        self._now = now

    def get(self, key: str) -> bytes | None:
        """Return a value, None where there is none."""
        return self.get_many([key]).get(key)

    def get_many(self, keys: Sequence[str]) -> dict[str, bytes]:
        """Return the values that there are."""
        found: dict[str, bytes] = {}
        for start in range(0, len(keys), _MOST_KEYS):
            part = keys[start : start + _MOST_KEYS]
            marks = ", ".join("?" * len(part))
            sql = f"SELECT key, value FROM job_values WHERE key IN ({marks}) AND {_IS_LIVE}"
            found.update(self._database.execute_sql(sql, (*part, self._now())).fetchall())
        return found

    def all(self) -> dict[str, bytes]:
        """Return every value."""
        return dict(self._database.execute_sql("SELECT key, value FROM job_values").fetchall())

    def count(self) -> int:
        """Return how many values there are."""
        return int(self._database.execute_sql("SELECT count(*) FROM job_values").fetchone()[0])

    def put(self, key: str, value: bytes) -> None:
        """Keep a value in the place of whatever was there."""
        self._database.execute_sql(
            "INSERT INTO job_values (key, value) VALUES (?, ?) "
            "ON CONFLICT (key) DO UPDATE SET value = excluded.value, expires_at = NULL",
            (key, value),
        )

    def put_if_empty(self, key: str, value: bytes, expires_at: int | None = None) -> bool:
        """Keep a value, until a moment, where there is none; tell whether that was so."""
        cursor = self._database.execute_sql(
            "INSERT INTO job_values (key, value, expires_at) VALUES (?, ?, ?) "
            "ON CONFLICT (key) DO UPDATE SET value = excluded.value, "
            "expires_at = excluded.expires_at WHERE expires_at <= ?",
            (key, value, expires_at, self._now()),
        )
        return cursor.rowcount == 1

    def delete(self, key: str) -> bool:
        """Remove a value; tell whether there was one."""
        cursor = self._database.execute_sql("DELETE FROM job_values WHERE key = ?", (key,))
        return cursor.rowcount == 1

    def delete_all(self) -> None:
        """Remove every value."""
        self._database.execute_sql("DELETE FROM job_values")

    def add(self, key: str, amount: int) -> int:
        """Add to a counter, which begins at nothing; return what it is now."""
        row = self._database.execute_sql(
            "INSERT INTO job_counters (key, value) VALUES (?, ?) "
            "ON CONFLICT (key) DO UPDATE SET value = value + excluded.value RETURNING value",
            (key, amount),
        ).fetchone()
        return int(row[0])

    def delete_counter(self, key: str) -> None:
        """Remove a counter."""
        self._database.execute_sql("DELETE FROM job_counters WHERE key = ?", (key,))

    def delete_counters(self) -> None:
        """Remove every counter."""
        self._database.execute_sql("DELETE FROM job_counters")
