"""A few connections to one mail server, kept open and lent out to whoever has a letter.

Each carries one letter at a time, so no more letters can ever be in doubt than there are lines.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from pos_sync.deadline import Monotonic
from pos_sync.mail.connection import Connection
from pos_sync.mail.errors import LinesClosed, ServerBusy
from pos_sync.mail.opening import new_context
from pos_sync.mail.server import MailServer


@dataclass(frozen=True, kw_only=True)
class LineRules:
    """How many lines there are, and how long each is kept."""

    most: int = 4
    """Many servers allow one sender no more than ten at once, and small ones fewer."""
    letters: int = 100
    """After so many a line is opened anew: servers end long ones."""
    idle: float = 20.0
    """Seconds that a line stays open with nothing to do."""
    fewer_for: float = 300.0
    """Seconds for which to go on with fewer lines, once the server has wanted that."""


class Lines:
    """The lines to one server, for any number of threads."""

    def __init__(
        self,
        server: MailServer,
        *,
        password: Callable[[], str | None],
        monotonic: Monotonic,
        rules: LineRules | None = None,
        new_connection: Callable[[], Connection] | None = None,
    ) -> None:
        """Take where to ask for the password each time that a line is opened."""
        self._password = password
        self._monotonic = monotonic
        self._rules = rules or LineRules()
        self._new_connection = new_connection or _maker(server, monotonic)
        self._changed = threading.Condition()
        self._idle: list[tuple[Connection, float]] = []
        self._lent: set[Connection] = set()
        self._most = self._rules.most
        self._more_at: float | None = None
        self._tidier: threading.Thread | None = None
        self._is_closed = False

    @property
    def most(self) -> int:
        """How many letters can be under way at once, as far as the server has let us know."""
        with self._changed:
            return self._most

    @contextmanager
    def borrow(self) -> Iterator[Connection]:
        """Lend an open connection, as soon as one is free; raises a MailError.

        Give it one letter, or several. Afterwards it is kept for the next, if it is still good.
        """
        connection = self._take()
        try:
            yield connection
        except ServerBusy as busy:
            if connection.used <= 1 or not busy.reply.is_closing:
                self._go_on_with_fewer()
            raise
        finally:
            self._take_back(connection)

    def close(self, seconds: float = 2.0) -> bool:
        """End all lines within so many seconds; tell whether nobody uses one any more.

        Letters under way have half of the time to end by themselves; then they are cut off, and
        end as not sent or unknown.
        """
        end = self._monotonic() + seconds
        with self._changed:
            self._is_closed = True
            idle, self._idle = self._idle, []
            self._changed.notify_all()
            self._changed.wait_for(lambda: not self._lent, seconds / 2)
            for connection in self._lent:
                connection.cut()
        for connection, _ in idle:
            connection.close(max(0.0, (end - self._monotonic()) / 2))
        with self._changed:
            return self._changed.wait_for(lambda: not self._lent, max(0.0, end - self._monotonic()))

    def _take(self) -> Connection:
        while True:
            connection = self._wait_for_one()
            try:
                if self._is_made_ready(connection):
                    return connection
            except BaseException:
                self._take_back(connection)
                raise

    def _wait_for_one(self) -> Connection:
        with self._changed:
            self._changed.wait_for(lambda: self._is_closed or self._idle or self._has_room())
            if self._is_closed:
                raise LinesClosed
            connection = self._idle.pop()[0] if self._idle else self._new_connection()
            self._lent.add(connection)
            return connection

    def _has_room(self) -> bool:
        if self._more_at is not None and self._monotonic() >= self._more_at:
            self._most, self._more_at = self._rules.most, None
        return len(self._lent) < self._most

    def _is_made_ready(self, connection: Connection) -> bool:
        """Open a line where it is not; False where the server wants no more than there are."""
        if connection.used < self._rules.letters and not connection.has_ended():
            return True
        try:
            connection.open(self._password())
        except ServerBusy:
            if not self._go_on_with_fewer():
                raise
            self._take_back(connection)
            return False
        if self._is_closed:
            raise LinesClosed
        return True

    def _go_on_with_fewer(self) -> bool:
        """Keep to the lines that there are beside the one that was refused, if there are any."""
        with self._changed:
            others = len(self._lent) - 1 + len(self._idle)
            if others < 1:
                return False
            self._most = min(self._most, others)
            self._more_at = self._monotonic() + self._rules.fewer_for
            return True

    def _take_back(self, connection: Connection) -> None:
        with self._changed:
            is_kept = connection.is_open and not self._is_closed
            if is_kept:
                self._idle.append((connection, self._monotonic()))
                self._tidy_later()
            else:
                connection.cut()
            self._lent.discard(connection)
            self._changed.notify_all()
        if not is_kept:
            connection.close(0)

    def _tidy_later(self) -> None:
        if self._tidier is None:
            self._tidier = threading.Thread(target=self._tidy, name="mail lines", daemon=True)
            self._tidier.start()

    def _tidy(self) -> None:
        """Close what has been idle for too long, and end with the last of it."""
        while (connection := self._next_too_old()) is not None:
            connection.close()

    def _next_too_old(self) -> Connection | None:
        with self._changed:
            while self._idle:
                left = self._idle[0][1] + self._rules.idle - self._monotonic()
                if left <= 0:
                    return self._idle.pop(0)[0]
                self._changed.wait(left)
            self._tidier = None
            return None


def _maker(server: MailServer, monotonic: Monotonic) -> Callable[[], Connection]:
    context = new_context(server)
    return lambda: Connection(server, monotonic, context)
