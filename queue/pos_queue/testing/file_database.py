"""A SQLite file as the queue wants it, on the standard library alone: for tests and measurements.

A connection for each thread, transactions that hold the write lock from their first moment, inner
ones as savepoints, and callbacks after the outermost commit.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pos_queue import schema
from pos_queue.clock import Clock

BUSY_SECONDS = 10.0
RETRY_SECONDS = 0.0003


class FileDatabase:
    """A file, opened for writing: WAL, synchronous FULL unless it is told otherwise."""

    def __init__(self, path: Path, clock: Clock, *, synchronous: str = "FULL") -> None:
        self.path = path
        self._clock = clock
        self._synchronous = synchronous
        self._local = threading.local()

    def make_tables(self) -> None:
        """Make the queue's tables in an empty file."""
        with self.write():
            for statement in schema.statements():
                self.execute_sql(statement)

    def execute_sql(self, sql: str, params: Sequence[Any] = ()) -> sqlite3.Cursor:
        """Run one statement in this thread's connection."""
        return self._connection().execute(sql, params)

    def executemany(self, sql: str, rows: Sequence[Sequence[Any]]) -> None:
        """Run one statement for many rows."""
        self._connection().executemany(sql, rows)

    @contextmanager
    def write(self) -> Iterator[None]:
        """Run a transaction, or a savepoint inside one."""
        depth: int = getattr(self._local, "depth", 0)
        if depth:
            yield from self._savepoint(f"s{depth}")
        else:
            yield from self._transaction()

    write_bulk = write

    def is_to_blame(self, error: BaseException) -> bool:
        """Tell whether an error says that the file cannot be used now."""
        return isinstance(error, sqlite3.OperationalError)

    def in_transaction(self) -> bool:
        """Tell whether this thread has begun a transaction."""
        return bool(getattr(self._local, "depth", 0))

    def after_commit(self, callback: Callable[[], Any]) -> None:
        """Call this after the commit of the outermost transaction, at once where there is none."""
        if self.in_transaction():
            self._local.callbacks.append(callback)
        else:
            callback()

    def checkpoint(self) -> None:
        """Bring what the log holds into the file, as far as nobody reads it."""
        self.execute_sql("PRAGMA wal_checkpoint(PASSIVE)").fetchall()

    def close(self) -> None:
        """Close this thread's connection."""
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        self._local.connection = None
        if connection is not None:
            connection.close()

    def _connection(self) -> sqlite3.Connection:
        found: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if found is None:
            found = sqlite3.connect(
                self.path, isolation_level=None, timeout=5.0, check_same_thread=False
            )
            found.execute("PRAGMA journal_mode = WAL")
            found.execute(f"PRAGMA synchronous = {self._synchronous}")
            found.execute("PRAGMA wal_autocheckpoint = 8000")
            self._local.connection = found
        return found

    def _transaction(self) -> Iterator[None]:
        connection = self._connection()
        self._begin(connection)
        self._local.depth, self._local.callbacks = 1, []
        try:
            yield
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
        finally:
            self._local.depth = 0
        for callback in self._local.callbacks:
            callback()

    def _savepoint(self, name: str) -> Iterator[None]:
        connection = self._connection()
        connection.execute(f"SAVEPOINT {name}")
        self._local.depth += 1
        try:
            yield
        except BaseException:
            connection.execute(f"ROLLBACK TO {name}")
            raise
        finally:
            self._local.depth -= 1
            connection.execute(f"RELEASE {name}")

    def _begin(self, connection: sqlite3.Connection) -> None:
        limit = self._clock.monotonic() + BUSY_SECONDS
        while True:
            try:
                connection.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as error:
                busy = error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY
                if not busy or self._clock.monotonic() > limit:
                    raise
                self._clock.sleep(RETRY_SECONDS)
            else:
                return
