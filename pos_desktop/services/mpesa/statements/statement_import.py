"""Takes in the payments of a statement: the last authority, and the only one beyond two days.

A child reads the file, this process writes in chunks that fit between two sales. Each payment goes
where the list of payments would have brought it; imported again, it changes nothing. So what is
broken off is simply imported again, and a job goes on at the row to which it has come.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime
from pathlib import Path
from typing import Any, Protocol

from pos_queue.children.stream import Stream, run_stream
from pos_queue.context import JobContext
from pos_queue.errors import JobCancelled

from pos_desktop.documents.opening import readable_name
from pos_desktop.documents.statement_rows import STREAM, StatementChunk
from pos_desktop.domain.clock import Clock
from pos_desktop.domain.errors import Refused
from pos_desktop.domain.staff import Permission
from pos_desktop.domain.text import _, joined
from pos_desktop.services.background.as_job import as_job
from pos_desktop.services.background.enqueueing import Enqueues, JobName
from pos_desktop.services.background.file_children import REFUSED, child_faults
from pos_desktop.services.background.pacing import Pacer
from pos_desktop.services.configuration import Configuration
from pos_desktop.services.mpesa.money_book import MoneyBook
from pos_desktop.services.mpesa.setup.mpesa_setup import MpesaSetup, refuse_in_training
from pos_desktop.services.mpesa.statements.statement_counts import StatementCounts
from pos_desktop.services.mpesa.statements.statement_taking import (
    Keep,
    Progress,
    StatementTaking,
)
from pos_desktop.services.people.acting import hand_of
from pos_desktop.services.people.sign_in import Person
from pos_desktop.storage.counters import counter, put_counter
from pos_desktop.storage.database import ShopDatabase
from pos_desktop.storage.gate import BulkPace
from pos_desktop.storage.moments import to_stored

IMPORT_MPESA_STATEMENT = JobName("import_mpesa_statement")
"""Imports a statement that lies in the spool under the job's number."""

_LAST_JOB = "mpesa statement job"


class Spool(Protocol):
    """Keeps copies of files until the jobs that import them have ended."""

    def coming(self, source: Path) -> AbstractContextManager[Callable[[int], object]]:
        """Copy a file; within the block it can be given to a job, by its number."""
        ...

    def file(self, number: int) -> Path:
        """Return the file of a job; raise Refused where it is gone."""
        ...

    def drop(self, number: int) -> None:
        """Remove the file of a job that needs it no more."""
        ...

    def sweep(self) -> None:
        """Remove what belongs to no job."""
        ...


class StatementImport:
    """Imports statements at once, or by a job."""

    def __init__(
        self,
        database: ShopDatabase,
        configuration: Configuration,
        setup: MpesaSetup,
        money_book: MoneyBook,
        spool: Spool,
        queue: Enqueues,
        clock: Clock,
        pace: Callable[[], BulkPace],
    ) -> None:
        self._database = database
        self._configuration = configuration
        self._setup = setup
        self._money_book = money_book
        self._spool = spool
        self._queue = queue
        self._clock = clock
        self._pace = pace

    def run(
        self,
        path: Path,
        *,
        since: date | None = None,
        progress: Progress | None = None,
        actor: Person | None,
    ) -> StatementCounts:
        """Import a statement, or what was paid from a day on; return what it has come to.

        Raises MpesaNotSetUp, FileRefused, and Refused for the statement of another number.
        """
        hand_of(actor, Permission.IMPORT)
        pacer = Pacer(self._database, self._clock, self._pace)
        return self._import(path, since, pacer, {}, _pass, progress or _pass)

    def leave(self, path: Path, *, since: date | None = None, actor: Person | None) -> int:
        """Copy a statement into the shop's folder and leave it to a job; return its number."""
        actor_id = hand_of(actor, Permission.IMPORT).actor_id
        refuse_in_training(self._configuration)
        payload = {"file": readable_name(path), "since": since.isoformat() if since else None}
        self._spool.sweep()
        with self._spool.coming(path) as give, self._database.write():
            number = self._queue.enqueue(IMPORT_MPESA_STATEMENT, payload, started_by=actor_id)
            give(number)
            put_counter(self._database, _LAST_JOB, number)
        return number

    @property
    def last_job(self) -> int:
        """The job of the statement that was left last; 0 where none was."""
        return counter(self._database, _LAST_JOB)

    def run_job(self, context: JobContext, file: str, since: str | None) -> dict[str, Any]:
        """Import the statement of a job, from where an attempt before has come to.

        Its result is what `StatementCounts.of` takes, with the name of the file.
        """
        cursor = context.cursor or {}
        try:
            with as_job():
                pacer = Pacer(self._database, self._clock, self._pace, context.chunk)
                counts = self._import(
                    self._spool.file(context.number),
                    date.fromisoformat(since) if since else None,
                    pacer,
                    cursor,
                    context.checkpoint,
                    lambda counts: context.went(counts.rows),
                )
        except JobCancelled as error:
            self._spool.drop(context.number)
            raise JobCancelled(
                _("The statement was imported in part, as asked; import it again for the rest.")
            ) from error
        self._spool.drop(context.number)
        return {**counts.as_plain(), "file": file}

    def _import(
        self,
        path: Path,
        since: date | None,
        pacer: Pacer,
        cursor: dict[str, Any],
        keep: Keep,
        progress: Progress,
    ) -> StatementCounts:
        refuse_in_training(self._configuration)
        account = self._setup.account
        taking = StatementTaking(
            self._database,
            self._money_book,
            self._clock,
            pacer,
            short_code=account.short_code,
            cursor=cursor,
            since=self._first_moment(since),
            keep=keep,
            told=progress,
        )
        with child_faults(), self._reader(path) as stream:
            self._check_number(next(stream), {account.number, account.short_code})
            for item in stream:
                taking.take(StatementChunk._make(item))
        return taking.end()

    def _reader(self, path: Path) -> Stream:
        """Start the child that reads; beside a till it leaves the processor to the screen."""
        beside_a_till = self._pace().rest > 0
        arguments = {"path": str(path)}
        return run_stream(STREAM, arguments, expected=(REFUSED,), background=beside_a_till)

    def _check_number(self, named: Sequence[str], ours: set[str]) -> None:
        """Raise Refused where a statement names numbers, and none of them is the shop's."""
        if named and not ours & {*named}:
            raise Refused(
                _(
                    "This is the statement of {named}; this shop is paid by {ours}. Export that of "
                    "this shop, or correct its number under M-Pesa setup."
                ).format(named=joined(", ", named), ours=joined(", ", sorted(ours)))
            )

    def _first_moment(self, since: date | None) -> int:
        if since is None:
            return 0
        zone = self._configuration.zone
        return to_stored(datetime(since.year, since.month, since.day, tzinfo=zone))


def _pass(_given: object) -> None:
    """Hear of what nobody keeps or counts."""
