"""A relay's messages in a file of SQLite."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from pos_sync.relay import schema
from pos_sync.relay.database import DatabaseFailed, DatabaseRefused, Row, Transaction

_PATIENCE_SECONDS = 5.0
_OWNERS_ALONE = 0o600


class _SqliteTransaction:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def run(self, statement: str, *values: Any) -> list[Row]:
        return self._connection.execute(statement, values).fetchall()

    def lock(self, shop: str) -> bool:
        """Tell whether there is such a shop: the whole file is locked already."""
        return bool(self.run("SELECT 1 FROM relay_shop WHERE name = ?", shop))


class SqliteEngine:
    """One connection to the file, for one thread."""

    def __init__(self, path: Path) -> None:
        """Open a file; raises DatabaseRefused for one that is no database, or cannot be written."""
        try:
            path.touch(_OWNERS_ALONE)
            self._connection = sqlite3.connect(
                path, timeout=_PATIENCE_SECONDS, isolation_level=None, check_same_thread=False
            )
        except (sqlite3.Error, OSError) as error:
            raise DatabaseRefused(str(error)) from error
        try:
            self._connection.execute("PRAGMA journal_mode = WAL")
            # WAL with NORMAL loses the last commits when the power goes
            self._connection.execute("PRAGMA synchronous = FULL")
            with self.transaction() as transaction:
                schema.prepare(transaction)
        except (sqlite3.Error, DatabaseFailed) as error:
            self.close()
            raise DatabaseRefused(str(error)) from error
        except DatabaseRefused:
            self.close()
            raise

    @contextmanager
    def transaction(self, *, only_reads: bool = False) -> Iterator[Transaction]:
        """Hold the file's lock for a while, or read what is kept at this moment."""
        try:
            self._connection.execute("BEGIN" if only_reads else "BEGIN IMMEDIATE")
            try:
                yield _SqliteTransaction(self._connection)
                self._connection.execute("COMMIT")
            except BaseException:
                with suppress(sqlite3.Error):
                    self._connection.execute("ROLLBACK")
                raise
        except sqlite3.Error as error:
            raise DatabaseFailed(str(error)) from error

    def close(self) -> None:
        """Close the file."""
        self._connection.close()
