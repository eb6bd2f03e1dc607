"""What a running job is handed: who it is, how far it came, and how it tells of itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Protocol, TypeVar

from pos_queue.chunks import Pace, write_in_chunks
from pos_queue.errors import JobCancelled, NoCompletion, TryLater

T = TypeVar("T")


class Reports(Protocol):
    """Where a context's words go: the file, or the parent of a child process."""

    def progress(self, done: int, total: int | None, message: str) -> None:
        """Show how far the job is; nobody waits for it."""

    def write(self) -> Any:
        """Return a transaction that begins by checking that the job is still this run's."""

    def keep_cursor(self, cursor: Any) -> None:
        """Keep a cursor in the present transaction."""

    def is_cancelled(self) -> bool:
        """Tell whether somebody asked the job to end."""

    def is_paused(self) -> bool:
        """Tell whether somebody has paused the job's queue."""

    def left(self) -> float | None:
        """Return the seconds until the time limit, None where there is none."""


class JobContext:
    """The first argument of a job's body."""

    def __init__(
        self,
        *,
        number: int,
        attempt: int,
        started_by: str | None,
        cursor: Any,
        reports: Reports,
        batch: int | None = None,
        completes: bool = True,
    ) -> None:
        """Take whether the body ends in a transaction of the shop's file."""
        self.number = number
        """The job's number, by which people know it."""
        self.attempt = attempt
        """Which attempt this is, from one."""
        self.started_by = started_by
        """Who asked for the job, None where nobody did."""
        self.batch = batch
        """The batch that the job belongs to, None where it belongs to none."""
        self.cursor = cursor
        """What the last `checkpoint` kept, in whatever attempt; None at the beginning."""
        self._reports = reports
        self._completes = completes
        self._at_completion: list[Callable[[], object]] = []

    def progress(self, done: int, total: int | None = None, message: str = "") -> None:
        """Tell how far the job is; cheap enough to be called for every row."""
        self._reports.progress(done, total, message)

    def went(self, done: int, total: int | None = None, message: str = "") -> None:
        """Tell how far the job is, and `check`."""
        self.progress(done, total, message)
        self.check()

    def check(self) -> None:
        """Raise JobCancelled where it was asked to end, TryLater where its queue is paused.

        A pause halts what has kept a cursor: it waits with the others, and goes on there when the
        queue is resumed. What would have to begin anew is left to come to its end.
        """
        if self.cancelled:
            raise JobCancelled
        if self.cursor is not None and self.is_paused:
            raise TryLater(0.0, "its queue is paused")

    @contextmanager
    def chunk(self) -> Iterator[None]:
        """Run a transaction of the job; raises ClaimLost where the job is no longer this run's."""
        with self._reports.write():
            yield

    def checkpoint(self, cursor: Any) -> None:
        """Keep where to go on, together with what the surrounding `chunk` has written.

        The next attempt finds it as `cursor`. Outside a chunk it is a transaction of its own.
        """
        with self._reports.write():
            self._reports.keep_cursor(cursor)
        self.cursor = cursor

    def in_chunks(
        self,
        rows: Iterable[T],
        write: Callable[[T], object],
        pace: Pace,
        *,
        cursor: Callable[[T], Any] | None = None,
    ) -> None:
        """Write rows in transactions of bounded time, each row exactly once, whatever is killed.

        `write` is called for one row after the other within a `chunk`, which is committed with the
        number of rows that are done; a later attempt is handed the same rows, in the same order,
        and passes over those. Where the rows are told apart by something better, `cursor` returns
        it for a row, and the caller hands over the rows that come after `self.cursor`:

            context.in_chunks(sales.after(context.cursor), send, pace, cursor=lambda sale: sale.id)

        Rows are read ahead while the file is free. Between two chunks it does a `check`. Raises
        ClaimLost.
        """
        write_in_chunks(self, rows, write, pace, cursor)

    @property
    def cancelled(self) -> bool:
        """Whether somebody asked the job to end; it then raises JobCancelled soon, see `check`."""
        return self._reports.is_cancelled()

    @property
    def is_paused(self) -> bool:
        """Whether somebody has paused the job's queue."""
        return self._reports.is_paused()

    @property
    def deadline(self) -> float | None:
        """The seconds that are left until the time limit, None where there is none."""
        return self._reports.left()

    def at_completion(self, write: Callable[[], object]) -> None:
        """Run this in the transaction that makes the job done: both happen, or neither does.

        What is written here happens exactly once; everything else a body does may happen again
        after a kill. Raises NoCompletion in a child and on a machine without the file: such a job
        declares `on_result`.
        """
        if not self._completes:
            raise NoCompletion
        self._at_completion.append(write)

    @property
    def leaves_work(self) -> bool:
        """Whether something was left for the completing transaction."""
        return bool(self._at_completion)

    def complete(self) -> None:
        """Run what was left for the completing transaction."""
        for write in self._at_completion:
            write()
