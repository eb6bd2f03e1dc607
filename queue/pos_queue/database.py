"""What the queue asks of the database that it is handed: the shop's file, or any like it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol


class Cursor(Protocol):
    """The answer to one statement."""

    @property
    def rowcount(self) -> int:
        """How many rows the statement changed."""

    @property
    def lastrowid(self) -> int | None:
        """The number of the row inserted last."""

    def fetchone(self) -> Any:
        """Return the next row as a tuple, None at the end."""

    def fetchall(self) -> list[Any]:
        """Return the rows that are left, as tuples."""


class Database(Protocol):
    """A SQLite file with a connection for each thread, and transactions that take turns.

    A transaction holds the write lock from its first moment (IMMEDIATE); one inside another is a
    savepoint of it.
    """

    def execute_sql(self, sql: str, params: Sequence[Any] = ()) -> Cursor:
        """Run one statement in this thread's connection."""

    def executemany(self, sql: str, rows: Sequence[Sequence[Any]]) -> Any:
        """Run one statement for many rows."""

    def write(self) -> AbstractContextManager[None]:
        """Run a transaction of the till, which goes before any bulk writer."""

    def write_bulk(self) -> AbstractContextManager[None]:
        """Run a transaction that nobody waits for."""

    def in_transaction(self) -> bool:
        """Tell whether this thread has begun a transaction."""

    def after_commit(self, callback: Callable[[], Any]) -> Any:
        """Call this after the commit of the outermost transaction; never after a rollback."""

    def is_to_blame(self, error: BaseException) -> bool:
        """Tell whether an error says that the file cannot be used now: full, locked, forbidden."""

    def checkpoint(self) -> Any:
        """Bring what the log holds into the file, as far as nobody reads it; waits for nobody."""

    def close(self) -> Any:
        """Close this thread's connection."""
