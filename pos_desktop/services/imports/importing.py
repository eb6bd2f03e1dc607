"""Importing a catalogue: a child reads the file, this process decides and writes in small chunks.

Nothing is read into memory whole, a bad row never stops the good ones, and a till that sells
meanwhile waits for one chunk at most.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from operator import attrgetter
from pathlib import Path
from typing import Any, TypeVar

from pos_queue.children.stream import Stream, run_stream
from pos_queue.context import JobContext

from pos_desktop.documents.error_list import check_place
from pos_desktop.documents.first_rows import FIRST_ROWS, FirstRows
from pos_desktop.documents.product_rows import STREAM, Chunk, Preview, RowError
from pos_desktop.domain.clock import Clock
from pos_desktop.domain.errors import AnotherRuns
from pos_desktop.domain.ids import Id
from pos_desktop.domain.product_row import ProductRow
from pos_desktop.domain.staff import Permission
from pos_desktop.domain.text import _
from pos_desktop.services.background.file_children import REFUSED, child_faults
from pos_desktop.services.background.pacing import Pacer
from pos_desktop.services.background.uncollected import uncollected
from pos_desktop.services.closing.closing import Closing
from pos_desktop.services.imports.import_course import ImportCourses
from pos_desktop.services.imports.import_errors import (
    SHOWN_ERRORS,
    ErrorSpool,
    KeptErrors,
    write_list,
)
from pos_desktop.services.imports.import_undoing import Undoing, run_to_undo
from pos_desktop.services.imports.import_writers import DryWriter, JobWriter, Writer
from pos_desktop.services.people.acting import hand_of
from pos_desktop.services.people.sign_in import Person
from pos_desktop.storage import product_imports
from pos_desktop.storage.books import Books
from pos_desktop.storage.database import ShopDatabase
from pos_desktop.storage.gate import ALONE, BulkPace
from pos_desktop.storage.import_plan import Plan, Rejected, Verdict
from pos_desktop.storage.import_undo import Undone

T = TypeVar("T")
_ROWS_BESIDE_A_TILL = 32
"""Rows the reader takes at a time beside a till: a third of a millisecond of work."""


@dataclass(kw_only=True)
class ImportResult:
    """What an import did; `rows = imported + updated + unchanged + rejected`."""

    import_id: int | None
    """The number to undo it by; None after a dry run."""
    rows: int = 0
    imported: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: int = 0
    stock_ignored: int = 0
    """Rows whose stock was passed over, since a count is what changes the stock of a product."""
    reactivated: int = 0
    """Products among the updated that an undo had made inactive and that are on sale again."""
    errors: list[RowError] = field(default_factory=list)
    """The first hundred."""
    seconds: float = 0.0
    preview: Preview | None = None

    def counts(self) -> dict[str, int]:
        """Return the counts by name."""
        names = ("rows", "imported", "updated", "unchanged", "rejected", "stock_ignored")
        return {name: getattr(self, name) for name in names}

    def set_counts(self, kept: dict[str, Any]) -> None:
        """Take the counts that a cursor of an import, or the result of its job, has kept."""
        for name, value in kept["counts"].items():
            setattr(self, name, value)
        self.reactivated = kept["reactivated"]

    def as_json(self) -> dict[str, Any]:
        """Return the result in the words that scripts rely on."""
        errors = [
            {
                "sheet": error.sheet,
                "row": error.row,
                "column": error.column,
                "value": error.value,
                "reason": error.reason,
            }
            for error in self.errors
        ]
        seconds = round(self.seconds, 3)
        return {"import_id": self.import_id, **self.counts(), "errors": errors, "seconds": seconds}


Progress = Callable[[ImportResult], None]


def rejected_words(count: int) -> str:
    """Say how many rows were rejected."""
    return _("{rejected:,} rejected").format(rejected=count)


class AnotherImport(AnotherRuns):
    """Another import is running; wait until it is done."""


class Importing:
    """Imports products from files, and takes imports back."""

    def __init__(
        self,
        database: ShopDatabase,
        books: Books,
        closing: Closing,
        clock: Clock,
        pace: Callable[[], BulkPace] = lambda: ALONE,
        one_at_a_time: Callable[[], AbstractContextManager[None]] = nullcontext,
        courses: ImportCourses | None = None,
    ) -> None:
        """Take what is needed; `one_at_a_time` raises Refused while another import runs."""
        self._courses = courses or ImportCourses(database)
        self._database = database
        self._books = books
        self._closing = closing
        self._one_at_a_time = one_at_a_time
        self._clock = clock
        self._pace = pace

    def products(
        self,
        path: Path,
        *,
        sheet: str | None = None,
        mapping: dict[str, str] | None = None,
        dry_run: bool = False,
        actor: Person | None,
        progress: Progress = lambda _result: None,
        error_list: Path | None = None,
    ) -> ImportResult:
        """Import the products of a file; raise FileRefused where it is none.

        The rejected rows can be written into an XLSX list. A dry run counts and writes nothing.
        One import runs at a time: Refused while there is another.
        """
        actor_id = hand_of(actor, Permission.IMPORT).actor_id
        began = self._clock.monotonic()
        if error_list is not None:
            check_place(error_list, path)
        arguments: dict[str, Any] = {"path": str(path), "sheet": sheet, "mapping": mapping or {}}
        with (
            child_faults(),
            nullcontext() if dry_run else self._alone(),
            self._reader(arguments) as stream,
            ErrorSpool() as spool,
        ):
            preview = Preview._make(next(stream))
            writer = self._dry_writer() if dry_run else self._writer(path, preview, actor_id)
            result = _Import(writer, preview, spool, progress).run(stream)
            if error_list is not None:
                write_list(error_list, spool.kept(), result.import_id)
        result.seconds = self._clock.monotonic() - began
        return result

    def products_in_job(
        self,
        path: Path,
        context: JobContext,
        errors: Path,
        *,
        sheet: str | None = None,
        mapping: dict[str, str] | None = None,
        mode: int = 0o600,
    ) -> dict[str, Any]:
        """Import the products of a file as a job, from where an attempt before has come to.

        Whoever started the job is whose import it is. The rejected cells are kept in the file
        `errors`. Returns what `ImportResult.set_counts` takes, with the number of the import.
        Raises AnotherImport, JobCancelled, FileRefused, and Refused where the import was taken back
        meanwhile.
        """
        began, cursor = self._clock.monotonic(), context.cursor
        if cursor and cursor.get("ended"):
            return _kept(cursor, 0.0)
        arguments: dict[str, Any] = {"path": str(path), "sheet": sheet, "mapping": mapping or {}}
        bytes_kept = cursor.get("errors", 0) if cursor else 0
        with (
            child_faults(),
            self._alone(),
            self._reader(arguments) as stream,
            KeptErrors(errors, bytes_kept=bytes_kept, mode=mode) as spool,
        ):
            preview = Preview._make(next(stream))
            pacer = Pacer(self._database, self._clock, self._pace, context.chunk)
            day = self._closing.business_day()
            writer = JobWriter(self._database, self._books, pacer, day, context)
            writer.begin(path.name, preview.sheet, context.started_by)
            _Import(writer, preview, spool, _told_to(context), cursor).run(stream)
        return _kept(context.cursor, self._clock.monotonic() - began)

    def preview(
        self, path: Path, rows: int, *, sheet: str | None, mapping: dict[str, str]
    ) -> tuple[Preview, bool]:
        """Return what a file is read as, and whether it has so many rows; raises FileRefused."""
        arguments = {"path": str(path), "sheet": sheet, "mapping": mapping, "sample": rows}
        with child_faults(), self._reader(arguments) as stream:
            preview, found = Preview._make(next(stream)), 0
            for item in stream:
                chunk = Chunk._make(item)
                found += len(chunk.rows) + chunk.rejected
        return preview, found >= rows

    def first_rows(self, path: Path, *, sheet: str | None = None) -> FirstRows:
        """Return how a file begins, as it stands there; raises FileRefused."""
        arguments = {"path": str(path), "sheet": sheet}
        with child_faults(), run_stream(FIRST_ROWS, arguments, expected=(REFUSED,)) as stream:
            return FirstRows._make(next(stream))

    def changes(self, number: int) -> int:
        """Return how many products an import has made or changed; 0 where there is none."""
        run = product_imports.find(self._database, number)
        return run.imported + run.updated if run else 0

    def _reader(self, arguments: dict[str, Any]) -> Stream:
        """Start the child that reads; beside a till it leaves the processor to the screen."""
        beside_a_till = self._pace().rest > 0
        if beside_a_till:
            arguments = {**arguments, "chunk_rows": _ROWS_BESIDE_A_TILL}
        return run_stream(STREAM, arguments, expected=(REFUSED,), background=beside_a_till)

    def _dry_writer(self) -> DryWriter:
        return DryWriter(self._database, self._books)

    def _writer(self, path: Path, preview: Preview, actor_id: Id | None) -> DryWriter:
        pacer = Pacer(self._database, self._clock, self._pace)
        writer = Writer(self._database, self._books, pacer, self._closing.business_day())
        writer.begin(path.name, preview.sheet, actor_id)
        return writer

    def undo(self, number: int, *, actor: Person | None) -> Undone:
        """Take an import back; raise Refused where there is none, or it was taken back before.

        One that was broken off may be asked for again; it goes on where it ended. A job that would
        go on with the import is ended; while it runs: Refused.
        """
        actor_id = hand_of(actor, Permission.IMPORT).actor_id
        self._courses.check_rests(number)
        with self._alone():
            return self._undoing(number).at_once(actor_id)

    def undo_in_job(self, context: JobContext, number: int) -> dict[str, Any]:
        """Take an import back as a job, from where an attempt before has come to.

        Returns what `undone_of` takes, with the number of the import. Raises AnotherImport,
        JobCancelled, and Refused where there is none, or it was taken back before.
        """
        if context.cursor and "ended" in context.cursor:
            return dict(context.cursor)
        with self._alone():
            return self._undoing(number, context.chunk).in_job(context)

    def _undoing(
        self, number: int, transaction: Callable[[], AbstractContextManager[None]] | None = None
    ) -> Undoing:
        with (transaction or self._database.write)():
            run_to_undo(self._database, number)
            self._courses.end_job(number)
        pacer = Pacer(self._database, self._clock, self._pace, transaction)
        return Undoing(self._database, self._books, pacer, self._closing.business_day(), number)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        with self._one_at_a_time():
            with self._database.write():
                product_imports.end_broken_off(self._database)
            yield


class _Import:
    """One import under way."""

    def __init__(
        self,
        writer: DryWriter,
        preview: Preview,
        spool: ErrorSpool,
        progress: Progress,
        cursor: dict[str, Any] | None = None,
    ) -> None:
        """Begin a new one, or go on from the cursor of one that was broken off."""
        self._writer = writer
        writer.settle = self._settle
        self._sheet = preview.sheet
        self._titles = preview.columns
        self._letters = preview.letters
        self._spool = spool
        self._progress = progress
        self._result = ImportResult(import_id=writer.number, preview=preview)
        self._row = 0
        """Up to which row of the file all is carried out, counted and noted."""
        if cursor is not None and "row" in cursor:
            self._row = cursor["row"]
            self._result.set_counts(cursor)
            self._result.errors = spool.first(SHOWN_ERRORS)
        self._passed_over = self._taken = self._row
        """Up to which row an attempt before has come, and up to which this one has taken rows."""
        self._pending: list[ProductRow] = []
        self._partly_read: list[tuple[ProductRow, tuple[str, ...]]] = []
        self._errors: list[RowError] = []

    def run(self, stream: Stream) -> ImportResult:
        """Take all chunks of the stream."""
        whole = False
        try:
            with uncollected():
                self._take_all(stream)
            whole = True
        except BaseException as error:
            if self._writer.ends_with(error):
                self._writer.finish(self._cursor(), whole=False)
            raise
        self._writer.finish(self._cursor(), whole=whole)
        return self._result

    def _take_all(self, stream: Stream) -> None:
        self._progress(self._result)
        for item in stream:
            self._take(Chunk._make(item))
            self._write_full_parts()
            if len(self._pending) + len(self._errors) >= self._writer.batch:
                self._write()
            self._progress(self._result)
        self._write()

    def _take(self, chunk: Chunk) -> None:
        """Take the rows that are not carried out yet; of the others remember their products."""
        rows, done = [*map(ProductRow._make, chunk.rows)], self._passed_over
        if rows and rows[0].number <= done:
            self._writer.recall([row for row in rows if row.number <= done])
            rows = [row for row in rows if row.number > done]
        self._pending += rows
        self._errors += (one for one in map(RowError._make, chunk.errors) if one.row > done)
        self._taken = max(
            [done, *(one.number for one in rows[-1:]), *(one.row for one in self._errors[-1:])]
        )
        partly_read = ((ProductRow._make(row), faulty) for row, faulty in chunk.partly_read)
        self._partly_read += (one for one in partly_read if one[0].number > done)

    def _write_full_parts(self) -> None:
        """Write as much of what is pending as fills parts; the rest waits for rows to come.

        A part left small costs as much as a full one: its commit, its pause, its turn.
        """
        while 0 < self._writer.batch <= len(self._pending):
            batch = self._writer.batch
            rows, self._pending = self._pending[:batch], self._pending[batch:]
            self._writer.write(rows)

    def _write(self) -> None:
        """Write what is pending, and note the errors up to here in the order of their rows."""
        rows, self._pending = self._pending, []
        self._writer.write(rows)
        self._note(None)
        self._row = self._taken

    def _settle(self, plan: Plan) -> None:
        """Count a part that is carried out, note the errors up to its last row, and keep that."""
        if not plan.outcomes:
            return
        result, row = self._result, plan.outcomes[-1].row.number
        result.rows += len(plan.outcomes)
        result.imported += plan.count(Verdict.IMPORTED)
        result.updated += plan.count(Verdict.UPDATED)
        result.unchanged += plan.count(Verdict.UNCHANGED)
        result.rejected += plan.count(Verdict.REJECTED)
        result.stock_ignored += plan.stock_ignored
        result.reactivated += plan.reactivated
        self._note(row, [*map(self._error, plan.rejected)])
        self._row = row
        self._writer.keep(self._cursor())

    def _cursor(self) -> dict[str, Any]:
        result = self._result
        return {
            "import": result.import_id,
            "row": self._row,
            "counts": result.counts(),
            "reactivated": result.reactivated,
            "errors": self._spool.place(),
        }

    def _error(self, rejected: Rejected) -> RowError:
        title = self._titles.get(rejected.field, rejected.field)
        letters = self._letters.get(rejected.field)
        return RowError(
            self._sheet, rejected.row, title, rejected.value, rejected.fault, rejected.named,
            rejected.name, f"{letters[0]}{rejected.row}" if letters else "",
        )  # fmt: skip

    def _note(self, last: int | None, planned: Sequence[RowError] = ()) -> None:
        """Note the errors of rows up to the last, all where there is none, and count the rows."""
        read, self._errors = _parted(self._errors, last, attrgetter("row"))
        partly, self._partly_read = _parted(self._partly_read, last, lambda one: one[0].number)
        count = len({error.row for error in read})
        self._result.rows += count
        self._result.rejected += count
        further = map(self._error, self._writer.further_faults(partly))
        for error in sorted([*read, *planned, *further], key=attrgetter("row")):
            if len(self._result.errors) < SHOWN_ERRORS:
                self._result.errors.append(error)
            self._spool.add(error)


def _parted(found: list[T], last: int | None, row: Callable[[T], int]) -> tuple[list[T], list[T]]:
    """Part what is found up to a row from what comes after it."""
    if last is None or not found or row(found[-1]) <= last:
        return found, []
    return [one for one in found if row(one) <= last], [one for one in found if row(one) > last]


def _kept(cursor: dict[str, Any], seconds: float) -> dict[str, Any]:
    """Return what is left of an import that has ended, as the result of its job."""
    kept = {name: cursor[name] for name in ("import", "counts", "reactivated")}
    return {**kept, "seconds": seconds}


def _told_to(context: JobContext) -> Progress:
    """Return what tells a job's progress, and ends it where somebody asked for that."""

    def progress(result: ImportResult) -> None:
        context.went(result.rows, message=rejected_words(result.rejected))

    return progress
