"""Takes in the payments of a statement: the last authority, and the only one beyond two days.

A child reads the file, this process writes in chunks that fit between two sales. Each payment goes
where the list of payments would have brought it; imported again, it changes nothing. So what is
broken off is simply imported again, and a job goes on at the row to which it has come.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any, NamedTuple, Protocol, cast

from pos_queue.children.errors import ChildError, ChildRefused
from pos_queue.children.stream import Stream, run_stream
from pos_queue.context import JobContext
from pos_queue.errors import JobCancelled
from pos_sync.mpesa.statement import Passed

from pos_desktop.documents.opening import readable_name
from pos_desktop.documents.reasons import FileRefused
from pos_desktop.documents.statement_rows import STREAM, BackRow, PaidRow, StatementChunk
from pos_desktop.domain.clock import Clock
from pos_desktop.domain.errors import Refused, Unavailable
from pos_desktop.domain.mpesa_event import EventKind
from pos_desktop.domain.mpesa_money import IN_THE_TRAY, MoneySource, MoneyState
from pos_desktop.domain.staff import Permission
from pos_desktop.domain.text import _, joined
from pos_desktop.services.background.as_job import as_job
from pos_desktop.services.background.enqueueing import Enqueues, JobName
from pos_desktop.services.background.pacing import Pacer
from pos_desktop.services.configuration import Configuration
from pos_desktop.services.mpesa.money_book import MoneyBook
from pos_desktop.services.mpesa.setup.mpesa_setup import MpesaSetup, refuse_in_training
from pos_desktop.services.mpesa.statements.statement_counts import MOST_NAMED, StatementCounts, name
from pos_desktop.services.people.acting import hand_of
from pos_desktop.services.people.sign_in import Person
from pos_desktop.storage import mpesa_events, mpesa_money
from pos_desktop.storage.counters import counter, put_counter
from pos_desktop.storage.database import ShopDatabase
from pos_desktop.storage.gate import BulkPace
from pos_desktop.storage.moments import to_stored
from pos_desktop.storage.mpesa_money import Money

IMPORT_MPESA_STATEMENT = JobName("import_mpesa_statement")
"""Imports a statement that lies in the spool under the job's number."""

_REFUSED = "pos_desktop.domain.errors:Refused"
_LAST_JOB = "mpesa statement job"
_GONE_BACK = frozenset({MoneyState.REFUNDED, MoneyState.ELSEWHERE})
Progress = Callable[[StatementCounts], object]
Keep = Callable[[dict[str, Any]], object]


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
        """Take the machine's clock, which no replay moves."""
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
        with _child_faults(), self._reader(path) as stream:
            self._check_number(next(stream), {account.number, account.short_code})
            taking = _Taking(
                self._database, self._money_book, self._clock, pacer, account.short_code
            )
            taking.told = progress
            taking.keep = keep
            taking.go_on_from(cursor, self._first_moment(since))
            for item in stream:
                taking.take(StatementChunk._make(item))
        return taking.end()

    def _reader(self, path: Path) -> Stream:
        """Start the child that reads; beside a till it leaves the processor to the screen."""
        beside_a_till = self._pace().rest > 0
        arguments = {"path": str(path)}
        return run_stream(STREAM, arguments, expected=(_REFUSED,), background=beside_a_till)

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


class _Other(NamedTuple):
    """A row that brings no payment."""

    line: int
    why: str
    """Why it was passed over, or what is wrong with it; nothing where it gives one back."""
    value: str


def _pass(_given: object) -> None:
    """Hear of what nobody keeps or counts."""


def _others(chunk: StatementChunk) -> Iterator[_Other]:
    for line, fault, value in chunk.bad:
        yield _Other(line, fault, value)
    for line, why in chunk.passed:
        yield _Other(line, why, "")
    for back in chunk.back:
        yield _Other(back[0], "", "")


class _Taking:
    """One import under way."""

    def __init__(
        self,
        database: ShopDatabase,
        money_book: MoneyBook,
        clock: Clock,
        pacer: Pacer,
        short_code: str,
    ) -> None:
        self._database = database
        self._money_book = money_book
        self._clock = clock
        self._pacer = pacer
        self._short_code = short_code
        self.told: Progress = _pass
        """Told of each part that is carried out; it may raise, and the import ends there."""
        self.keep: Keep = _pass
        """Keeps how far it is, in the transaction of a part."""
        self._line = 0
        """Up to which row all is carried out and counted."""
        self._back: list[BackRow] = []
        self._since = 0
        self.counts = StatementCounts()

    def go_on_from(self, cursor: dict[str, Any], since: int) -> None:
        """Go on where an attempt before has come to, with what was paid from a moment on."""
        self._since = since
        if cursor:
            self._line, self.counts = cursor["line"], StatementCounts.of(cursor["counts"])

    def take(self, chunk: StatementChunk) -> None:
        """Carry a chunk out, but for rows that are carried out; what went back waits for the end.

        The payment that went back may stand behind its return: the portal lists the latest first.
        """
        self._back += map(BackRow._make, chunk.back)
        if chunk.last <= self._line:
            return
        paid = [one for one in map(PaidRow._make, chunk.paid) if one.line > self._line]
        others = [one for one in _others(chunk) if one.line > self._line]
        while len(paid) > self._pacer.rows:
            part, paid = paid[: self._pacer.rows], paid[self._pacer.rows :]
            last = part[-1].line
            self._write(part, [one for one in others if one.line <= last], last)
            others = [one for one in others if one.line > last]
        self._write(paid, others, chunk.last)

    def end(self) -> StatementCounts:
        """Carry out what went back, and name what the statement does not list."""
        counts = self.counts
        counts.given_back_of_sales = []
        for one in self._back:
            with self._pacer.chunk(1):
                self._take_back(one)
                self._keep_all()
        if counts.first_at is not None and counts.last_at is not None:
            counts.not_listed = [
                [one.receipt, one.amount_cents]
                for one in mpesa_money.typed_between(
                    self._database, counts.first_at, counts.last_at, MOST_NAMED
                )
            ]
        return counts

    def _write(self, paid: Sequence[PaidRow], others: Sequence[_Other], last: int) -> None:
        with self._pacer.chunk(max(len(paid), 1)):
            for one in paid:
                self._take_in(one)
            for other in others:
                self._count(other)
            self._line = last
            self._keep_all()
        self.told(self.counts)

    def _keep_all(self) -> None:
        self.keep({"line": self._line, "counts": self.counts.as_plain()})

    def _count(self, row: _Other) -> None:
        """Count a row that brings no payment: a bad one, one passed over, or one that went back."""
        counts = self.counts
        counts.rows += 1
        match row.why:
            case "":
                pass
            case Passed.NOT_DONE:
                counts.not_done += 1
            case Passed.OWN:
                counts.own += 1
            case Passed.OUT:
                counts.out += 1
            case fault:
                counts.bad += 1
                name(counts.bad_rows, row.line, fault, row.value)

    def _take_in(self, row: PaidRow) -> None:
        counts = self.counts
        counts.rows += 1
        counts.covers(row.at)
        if row.at < self._since:
            counts.earlier += 1
            return
        counts.payments += 1
        known = mpesa_money.find(self._database, row.receipt)
        if known is not None and known.is_confirmed:
            counts.known += 1
            if known.amount_cents != row.amount_cents:
                name(counts.differing, row.line, row.receipt, row.amount_cents, known.amount_cents)
            return
        taken = self._money_book.take_in(self._money(row))
        counts.new += known is None
        counts.confirmed += known is not None
        if taken.state in IN_THE_TRAY:
            counts.new_in_tray += 1
            counts.new_in_tray_cents += taken.amount_cents

    def _money(self, row: PaidRow) -> Money:
        at = self._now()
        return Money(
            receipt=row.receipt,
            amount_cents=row.amount_cents,
            paid_at=row.at,
            short_code=self._short_code,
            reference=row.reference,
            payer_phone=row.phone,
            payer_digest=row.digest,
            payer_mask=row.mask,
            payer_name=row.name,
            source=MoneySource.STATEMENT,
            is_confirmed=True,
            told_at=at,
            changed_at=at,
        )

    def _take_back(self, row: BackRow) -> None:
        """Note that M-Pesa has given a payment back; one that a sale has is left to a person."""
        money = mpesa_money.find(self._database, row.receipt)
        if money is None or money.state in _GONE_BACK:
            return
        is_whole = money.amount_cents == row.amount_cents
        at = self._now()
        if is_whole and mpesa_money.settle(
            self._database, row.receipt, MoneyState.REFUNDED, at, _NOTE
        ):
            self.counts.given_back += 1
            mpesa_events.add(self._database, EventKind.BACK_BY_STATEMENT, at, receipt=row.receipt)
            return
        name(self.counts.given_back_of_sales, row.line, row.receipt, row.amount_cents)

    def _now(self) -> int:
        return to_stored(self._clock.now())


_NOTE = "M-Pesa's statement"


@contextmanager
def _child_faults() -> Iterator[None]:
    """Word what the child says of the file, and the child's own death, for people."""
    try:
        yield
    except ChildRefused as error:
        raise FileRefused.from_data(cast("dict[str, str]", error.data)) from error
    except ChildError as error:
        raise Unavailable(
            _("The file could not be read to its end; what was read before it stays. Try again.")
        ) from error
