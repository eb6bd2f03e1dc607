"""The shop's file as a database: connections, durability, and who may write when."""

from __future__ import annotations

import logging
import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any

import peewee

from pos_desktop.domain.clock import Clock
from pos_desktop.domain.errors import Unavailable
from pos_desktop.storage import row_seals
from pos_desktop.storage.errors import (
    FileBusy,
    FileUnusable,
    raise_translated,
    raise_undecodable,
    translated,
)
from pos_desktop.storage.gate import WriteGate
from pos_desktop.storage.turn_mark import TurnMark

log = logging.getLogger(__name__)

APPLICATION_ID = 0x504F5344
"""`POSD`: marks the file as a shop's, so that no other database is taken for one."""

BUSY_SECONDS = 10.0
RETRY_SECONDS = 0.0003
READ_TIMEOUT_SECONDS = 5
TILL_CHECKPOINT_PAGES = 8000
"""At how many pages of the log a till's commit brings them into the file: a sale writes fifty,
so that one in 160 pays for it."""
LARGEST_LOG = 128 << 20
"""Bytes to which a commit cuts the log. To cut it takes 10 to 20 ms, with the lock held: an import
whose checkpoint meets a reader lets the log grow to 60 or 90 MB, which is no reason to do it."""

Row = dict[str, Any]
"""One row as column names and values."""


class ShopDatabase(peewee.SqliteDatabase):
    """A shop's file, opened for writing: WAL, synchronous FULL, one connection a thread.

    SQLite's busy handler sleeps up to 100 ms between two tries, so a sale beside a bulk writer
    would wait for seconds. The lock is therefore asked for by a retry of our own, and a till that
    waits asks the bulk writers of other programs to let it go first.
    """

    def __init__(self, path: Path, clock: Clock, gate: WriteGate | None = None) -> None:
        self.path = path
        self.gate = gate or WriteGate()
        self.clock = clock
        self._turn = TurnMark(path)
        self._local = threading.local()
        super().__init__(
            str(path),
            pragmas={
                "journal_mode": "wal",
                "synchronous": "full",
                "foreign_keys": 1,
                "cache_size": -16_000,
                "journal_size_limit": LARGEST_LOG,
                "wal_autocheckpoint": TILL_CHECKPOINT_PAGES,
            },
            timeout=READ_TIMEOUT_SECONDS,
            check_same_thread=False,
        )

    def close(self) -> bool:
        """Close this thread's connection."""
        self._turn.release()
        return bool(super().close())

    def begin(self, lock_type: str | None = None) -> None:
        """Take the write lock, asking every 0.3 ms; raise FileBusy after ten seconds."""
        self._begin(self.connection(), lock_type or "IMMEDIATE")

    def _connect(self) -> Any:
        """Open a connection; a spoilt schema has SQLite's own complaint spoilt too."""
        try:
            return super()._connect()  # type: ignore[misc] # the stubs do not know it
        except UnicodeDecodeError as error:
            raise_undecodable(error, self.path)

    def _initialize_connection(self, conn: Any) -> None:
        """Make a new connection ask by our own retry, and let it write to sealed tables."""
        super()._initialize_connection(conn)  # type: ignore[misc] # the stubs do not know it
        conn.execute("PRAGMA busy_timeout = 0")
        row_seals.register(conn)

    def _begin(self, cursor: Any, lock_type: str) -> None:
        if _has_begun(cursor, lock_type):
            return
        limit = self.clock.monotonic() + BUSY_SECONDS
        is_till = not getattr(self._local, "is_bulk", False)
        while not _has_begun(cursor, lock_type):
            now = self.clock.monotonic()
            if now > limit:
                raise FileBusy
            if is_till:
                self._turn.ask(now)
            self.clock.sleep(RETRY_SECONDS)
        if is_till:
            self._turn.withdraw()

    def _let_tills_first(self) -> None:
        while self._turn.is_asked(self.clock.monotonic()):
            self.clock.sleep(RETRY_SECONDS)

    def put_callbacks_aside(self) -> None:
        """Keep what is to run after the commit until the gate is open again."""
        callbacks = self._state.commit_callbacks  # type: ignore[attr-defined]
        if callbacks:
            self._local.callbacks = [*getattr(self._local, "callbacks", ()), *callbacks]
            callbacks.clear()

    def run_due(self) -> None:
        """Run what was put aside; the commit stands, so that a fault here is told to the log."""
        due: list[Callable[[], object]] = getattr(self._local, "callbacks", [])
        if not due or self.in_transaction():
            return
        self._local.callbacks = []
        for callback in due:
            try:
                callback()
            except Exception:
                log.exception("something that follows a commit failed; the commit stands")

    def commit(self) -> None:
        """Commit by the shortest way: each sale and each job passes here."""
        self.connection().execute("COMMIT")

    def rollback(self) -> None:
        """Undo the transaction; SQLite has done so itself after a full disk."""
        if self.connection().in_transaction:
            super().rollback()

    def write(self) -> _Turn:
        """Run one transaction of the till: it passes the gate before any bulk writer."""
        return _Turn(self, bulk=False)

    def write_bulk(self) -> _Turn:
        """Run one chunk of a bulk writer as a transaction of its own."""
        return _Turn(self, bulk=True)

    def execute_sql(self, sql: str, params: Any = None) -> Any:
        """Run one statement; peewee's own way takes twice as long, and logs what it is given."""
        connection = self._state.conn or self.connection()  # type: ignore[attr-defined]
        try:
            return connection.execute(sql, params or ())
        except UnicodeDecodeError as error:
            raise_undecodable(error, self.path)
        except sqlite3.OperationalError as error:
            if connection.in_transaction or not _is_busy(error):
                raise
        return self._execute_when_free(connection, sql, params or ())

    def _execute_when_free(self, connection: Any, sql: str, params: Any) -> Any:
        """Run a statement that met a program which opens or closes the file just now."""
        limit = self.clock.monotonic() + READ_TIMEOUT_SECONDS
        while True:
            try:
                return connection.execute(sql, params)
            except sqlite3.OperationalError as error:
                if not _is_busy(error) or self.clock.monotonic() > limit:
                    raise
            self.clock.sleep(RETRY_SECONDS)

    @contextmanager
    def relaxed(self) -> Iterator[None]:
        """Let this thread's commits reach the disk with the next full one.

        For the chunks of a bulk writer, whose last commit is a full one: a power cut may take
        chunks of the tail away whole, and never tears one or anything that was committed before.
        They bring no log into the file either: that is done by `checkpoint`, between two chunks.
        """
        connection = self.connection()
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("PRAGMA wal_autocheckpoint = 0")
        try:
            yield
        finally:
            connection.execute(f"PRAGMA wal_autocheckpoint = {TILL_CHECKPOINT_PAGES}")
            connection.execute("PRAGMA synchronous = FULL")

    def is_to_blame(self, error: BaseException) -> bool:
        """Tell whether an error says that the file cannot be used now: full, locked, forbidden."""
        return isinstance(error, Unavailable | sqlite3.OperationalError | peewee.OperationalError)

    def checkpoint(self) -> None:
        """Bring what the log holds into the file, as far as no reader needs it; waits for nobody.

        It needs no write lock and no gate: sales go on meanwhile.
        """
        with translated(self.path):
            self.execute_sql("PRAGMA wal_checkpoint(PASSIVE)").fetchall()

    @contextmanager
    def overwriting(self) -> Iterator[None]:
        """Overwrite what this thread deletes or replaces meanwhile: the disk keeps none of it.

        The log is cut at the end, unless a reader needs it just then; the next one cuts it.
        """
        with translated(self.path):
            self.execute_sql("PRAGMA secure_delete = ON").fetchall()
        try:
            yield
        finally:
            with translated(self.path):
                self.execute_sql("PRAGMA secure_delete = OFF").fetchall()
                self.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def take_turn(self, *, bulk: bool) -> None:
        """Wait until this thread may begin to write."""
        if bulk:
            self._let_tills_first()
        self._local.is_bulk = bulk
        self.gate.enter(bulk=bulk)

    def rows(self, sql: str, params: Sequence[Any] = ()) -> list[Row]:
        """Return all rows of a query as dictionaries."""
        with translated(self.path):
            cursor = self.execute_sql(sql, params)
            names = [column[0] for column in cursor.description]
            return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def row(self, sql: str, params: Sequence[Any] = ()) -> Row | None:
        """Return the first row of a query, or None."""
        with translated(self.path):
            cursor = self.execute_sql(sql, params)
            found = cursor.fetchone()
            if found is None:
                return None
            names = [column[0] for column in cursor.description]
            return dict(zip(names, found, strict=True))

    def value(self, sql: str, params: Sequence[Any] = ()) -> Any:
        """Return the first column of the first row, or None."""
        with translated(self.path):
            found = self.execute_sql(sql, params).fetchone()
            return found[0] if found else None

    def insert(self, table: str, rows: Sequence[Row]) -> None:
        """Insert rows that all have the same columns."""
        if not rows:
            return
        names = list(rows[0])
        marks = ", ".join("?" * len(names))
        sql = f"INSERT INTO {table} ({', '.join(names)}) VALUES ({marks})"
        self.executemany(sql, [[row[name] for name in names] for row in rows])

    def executemany(self, sql: str, rows: Sequence[Sequence[Any]]) -> int:
        """Run one statement for many rows (peewee has no way to; bulk writers need it).

        Returns how many rows it changed, triggers left aside.
        """
        if not rows:
            return 0
        with translated(self.path):
            return int(self.connection().executemany(sql, rows).rowcount)


class _Turn:
    """A transaction in its turn, or a savepoint inside one.

    A class, since each sale and each job begins with it, and a generator takes twice as long.
    """

    __slots__ = ("_bulk", "_database", "_savepoint")

    def __init__(self, database: ShopDatabase, *, bulk: bool) -> None:
        self._database = database
        self._bulk = bulk
        self._savepoint: Any = None

    def __enter__(self) -> None:
        database = self._database
        try:
            if database.in_transaction():
                self._savepoint = database.savepoint()
                self._savepoint.__enter__()
            else:
                self._begin()
        except BaseException as error:
            raise_translated(error, database.path)
            raise

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            if self._savepoint is not None:
                self._savepoint.__exit__(kind, error, trace)
            else:
                self._end(failed=error is not None)
        except BaseException as failed:
            raise_translated(failed, self._database.path)
            raise
        if error is None:
            self._database.run_due()
        else:
            raise_translated(error, self._database.path)

    def _begin(self) -> None:
        """Begin as peewee does, which keeps the transactions of each thread, in half its time."""
        database = self._database
        database.take_turn(bulk=self._bulk)
        try:
            database.begin()
        except BaseException:
            database.gate.leave()
            raise
        database.push_transaction(self)

    def _end(self, *, failed: bool) -> None:
        database = self._database
        database.pop_transaction()
        try:
            if failed:
                self._undo()
            else:
                self._commit()
        finally:
            database.gate.leave()

    def _commit(self) -> None:
        try:
            self._database.commit()
        except BaseException:
            self._undo()
            raise
        self._database.put_callbacks_aside()

    def _undo(self) -> None:
        self._database.rollback()
        self._database._clear_commit_callbacks()  # type: ignore[attr-defined] # noqa: SLF001


def _has_begun(cursor: Any, lock_type: str) -> bool:
    """Begin a transaction; tell whether the lock was free."""
    try:
        cursor.execute(f"BEGIN {lock_type}")
    except sqlite3.OperationalError as error:
        if not _is_busy(error):
            raise
        return False
    return True


def _is_busy(error: sqlite3.OperationalError) -> bool:
    return error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY


class ReadOnlyDatabase(ShopDatabase):
    """The same file through connections that cannot write: for the screen and for children."""

    def __init__(self, path: Path, clock: Clock) -> None:
        super().__init__(path, clock)
        self.init(
            f"{path.absolute().as_uri()}?mode=ro",
            pragmas={"query_only": 1, "cache_size": -16_000},
            uri=True,
        )


class SoleDatabase(ShopDatabase):
    """The same file through a connection beside which no other is open, in any program.

    Whoever has the file open makes the first statement raise FileBusy, and nobody can open it
    until this is closed; the system lets it go when the process dies.
    """

    def __init__(self, path: Path, clock: Clock) -> None:
        super().__init__(path, clock)
        pragmas = self._pragmas  # type: ignore[attr-defined] # peewee keeps them for a connection
        self.init(
            str(path),
            pragmas=[("locking_mode", "exclusive"), *pragmas],
            timeout=0,
            check_same_thread=False,
        )


def check_is_shop_file(database: ShopDatabase) -> None:
    """Raise FileUnusable where the file is a database, but not a shop's."""
    mark = database.value("PRAGMA application_id")
    if mark != APPLICATION_ID:
        raise FileUnusable
