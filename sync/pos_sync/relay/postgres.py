"""A relay's messages in PostgreSQL, which several relays may share."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg

from pos_sync.relay import schema
from pos_sync.relay.database import DatabaseFailed, DatabaseRefused, Row, Transaction

_CONNECT_SECONDS = 5
_PREPARING = 0x706F735F72656C79
"""The lock of whoever makes the tables: two relays may start at once."""
_SETTINGS = (
    "SET synchronous_commit = on",
    "SET statement_timeout = '10s'",
    "SET idle_in_transaction_session_timeout = '60s'",
    "SET client_min_messages = warning",
)

Connection = psycopg.Connection[Row]


class _PostgresTransaction:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def run(self, statement: str, *values: Any) -> list[Row]:
        # only our own statements come here, and none of them holds another question mark
        cursor = self._connection.execute(statement.replace("?", "%s").encode(), values or None)
        return cursor.fetchall() if cursor.description else []

    def lock(self, shop: str) -> bool:
        return bool(self.run("SELECT 1 FROM relay_shop WHERE name = ? FOR UPDATE", shop))


class PostgresEngine:
    """One connection to the server, for one thread."""

    def __init__(self, url: str) -> None:
        """Connect; raises DatabaseRefused where there is no such server, or it lets nobody in."""
        self._url = url
        self._connection: Connection | None = None
        try:
            with self.transaction() as transaction:
                transaction.run("SELECT pg_advisory_xact_lock(?)", _PREPARING)
                schema.prepare(transaction)
        except DatabaseFailed as error:
            self.close()
            raise DatabaseRefused(str(error)) from error
        except DatabaseRefused:
            self.close()
            raise

    @contextmanager
    def transaction(self, *, only_reads: bool = False) -> Iterator[Transaction]:  # noqa: ARG002 - none waits for a reader here
        """Begin a transaction, over a new connection where the last one was lost."""
        try:
            connection = self._connected()
            with connection.transaction():
                yield _PostgresTransaction(connection)
        except psycopg.Error as error:
            raise DatabaseFailed(str(error).strip()) from error

    def close(self) -> None:
        """End the connection."""
        if self._connection is not None:
            self._connection.close()

    def _connected(self) -> Connection:
        if self._connection is None or self._connection.closed:
            self._connection = psycopg.connect(
                self._url, autocommit=True, connect_timeout=_CONNECT_SECONDS
            )
            for setting in _SETTINGS:
                self._connection.execute(setting.encode())
        return self._connection
