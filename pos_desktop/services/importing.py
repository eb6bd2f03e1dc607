"""Importing a catalogue: a child reads the file, this process decides and writes in small chunks.

Nothing is read into memory whole, a bad row never stops the good ones, and a till that sells
meanwhile waits for one chunk at most.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from operator import attrgetter
from pathlib import Path
from typing import Any, cast

from pos_queue.child_errors import ChildError, ChildRefused
from pos_queue.children import Stream, run_stream

from pos_desktop.documents.error_list import check_place, write_error_list
from pos_desktop.documents.product_rows import STREAM, Chunk, Preview, RowError
from pos_desktop.documents.reasons import FileRefused
from pos_desktop.domain.clock import Clock
from pos_desktop.domain.errors import Refused, Unavailable
from pos_desktop.domain.ids import Id
from pos_desktop.domain.product_row import ProductRow
from pos_desktop.domain.staff import Permission
from pos_desktop.domain.text import _
from pos_desktop.services.closing import Closing
from pos_desktop.services.pacing import Pacer
from pos_desktop.services.sign_in import Person, check_may
from pos_desktop.storage import import_undo, product_imports
from pos_desktop.storage.books import Books
from pos_desktop.storage.counters import MASTER_VERSION, counter
from pos_desktop.storage.database import ShopDatabase
from pos_desktop.storage.gate import ALONE, BulkPace
from pos_desktop.storage.import_plan import Plan, Planner, Rejected, Verdict
from pos_desktop.storage.import_undo import Undone
from pos_desktop.storage.moments import to_stored

_REFUSED = "pos_desktop.domain.errors:Refused"
_SHOWN_ERRORS = 100
_MOST_ROWS = 500
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
    ) -> None:
        """Take what is needed; `one_at_a_time` raises Refused while another import runs."""
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
        actor: Person | None = None,
        progress: Progress = lambda _result: None,
        error_list: Path | None = None,
    ) -> ImportResult:
        """Import the products of a file; raise FileRefused where it is none.

        The rejected rows can be written into an XLSX list. A dry run counts and writes nothing.
        One import runs at a time: Refused while there is another.
        """
        actor_id = check_may(actor, Permission.IMPORT)
        began = self._clock.monotonic()
        if error_list is not None:
            check_place(error_list, path)
        arguments: dict[str, Any] = {"path": str(path), "sheet": sheet, "mapping": mapping or {}}
        with (
            _child_faults(),
            nullcontext() if dry_run else self._alone(),
            self._reader(arguments) as stream,
            _ErrorSpool() as spool,
        ):
            preview = Preview._make(next(stream))
            writer = self._dry_writer() if dry_run else self._writer(path, preview, actor_id)
            result = _Import(writer, preview, spool, progress).run(stream)
            if error_list is not None:
                _write_list(spool, error_list, result.import_id)
        result.seconds = self._clock.monotonic() - began
        return result

    def _reader(self, arguments: dict[str, Any]) -> Stream:
        """Start the child that reads; beside a till it leaves the processor to the screen."""
        beside_a_till = self._pace().rest > 0
        if beside_a_till:
            arguments = {**arguments, "chunk_rows": _ROWS_BESIDE_A_TILL}
        return run_stream(STREAM, arguments, expected=(_REFUSED,), background=beside_a_till)

    def _dry_writer(self) -> _DryWriter:
        return _DryWriter(self._database, self._books)

    def _writer(self, path: Path, preview: Preview, actor_id: Id | None) -> _DryWriter:
        pacer = Pacer(self._database, self._clock, self._pace)
        writer = _Writer(self._database, self._books, pacer, self._closing.business_day())
        writer.begin(path.name, preview.sheet, actor_id)
        return writer

    def undo(self, number: int, *, actor: Person | None = None) -> Undone:
        """Take an import back; raise Refused where there is none, or it was taken back before.

        One that was broken off may be asked for again; it goes on where it ended.
        """
        actor_id = check_may(actor, Permission.IMPORT)
        with self._alone():
            return self._undo(number, actor_id)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        with self._one_at_a_time():
            with self._database.write():
                product_imports.end_broken_off(self._database)
            yield

    def _undo(self, number: int, actor_id: Id | None) -> Undone:
        run = product_imports.find(self._database, number)
        if run is None:
            raise Refused(
                _("There is no import {number}; each import says its number.").format(number=number)
            )
        if run.state == product_imports.UNDONE:
            raise Refused(_("Import {number} was taken back before.").format(number=number))
        import_undo.look_back(self._database, run.id)
        undone, day = Undone(), self._closing.business_day()
        after: Id | None = ""
        pacer = Pacer(self._database, self._clock, self._pace)
        while after is not None:
            with pacer.chunk(pacer.rows):
                changes = import_undo.changes_after(self._database, run.id, after, pacer.rows)
                import_undo.take_back(self._database, self._books, run, changes, undone, day)
            after = changes[-1]["id"] if changes else None
        pacer.finish()
        at = to_stored(self._books.now())
        with self._database.write():
            product_imports.set_counts(
                self._database, run.id, at=at, state=product_imports.UNDONE, rows=run.rows
            )
            self._books.note("import undone", actor_id=actor_id, detail={"import": number})
        return undone


class _DryWriter:
    """Counts what rows would do."""

    def __init__(self, database: ShopDatabase, books: Books) -> None:
        self._database = database
        self._books = books
        self._planner = Planner(database, books.new_ids, dry=self.dry)

    dry = True
    number: int | None = None
    batch = _MOST_ROWS
    """How many rows are planned at a time."""

    def write(self, rows: list[ProductRow]) -> Iterator[Plan]:
        """Decide what rows do, remember their keys, and yield the plan."""
        plan = self._planner.plan(rows)
        self._planner.remember(plan)
        yield plan

    def further_faults(self, rows: list[tuple[ProductRow, tuple[str, ...]]]) -> list[Rejected]:
        """Return what else is wrong with rows that were rejected while they were read."""
        return self._planner.further_faults(rows)

    def finish(self, counts: dict[str, int], *, whole: bool) -> None:
        """End the import, whole or broken off."""


class _Writer(_DryWriter):
    """Writes what rows do, in chunks that fit between two sales."""

    dry = False

    def __init__(
        self, database: ShopDatabase, books: Books, pacer: Pacer, business_day: str
    ) -> None:
        super().__init__(database, books)
        self._pacer = pacer
        self._business_day = business_day
        self._actor_id: Id | None = None
        self.batch = 0

    def begin(self, file_name: str, sheet: str, actor_id: Id | None) -> None:
        """Begin the import: from here on it has a number."""
        self._actor_id = actor_id
        with self._database.write():
            self._run = product_imports.begin(
                self._database, self._books, file_name=file_name, sheet=sheet, staff_id=actor_id
            )
        self.number = self._run.number

    def write(self, rows: list[ProductRow]) -> Iterator[Plan]:
        """Write rows in as many chunks as the pace asks for, and yield the plan of each."""
        plan, place = self._planner.plan(rows), 0
        self.batch = self._pacer.rows
        while place < len(plan.outcomes):
            part = plan.slice(place, self._pacer.rows)
            place += len(part.outcomes)
            yield self._write_part(part)

    def _write_part(self, part: Plan) -> Plan:
        """Carry a part of a plan out; plan it anew where somebody changed the catalogue since."""
        if changes := len(part.changes):
            work = product_imports.prepare(self._books, self._run, part)
            with self._pacer.chunk(changes):
                if counter(self._database, MASTER_VERSION) != part.version:
                    part = self._planner.plan(part.rows)
                    work = product_imports.prepare(self._books, self._run, part)
                product_imports.carry_out(
                    self._database, self._books, self._run, work, self._business_day
                )
        self._planner.remember(part)
        return part

    def finish(self, counts: dict[str, int], *, whole: bool) -> None:
        """Keep the counts and write the import into the journal: the full commit of the whole."""
        self._pacer.finish()
        at = to_stored(self._books.now())
        state = product_imports.DONE if whole else product_imports.STOPPED
        with self._database.write():
            product_imports.set_counts(self._database, self._run.id, at=at, state=state, **counts)
            detail = {"import": self.number, "state": state, **counts}
            self._books.note("import", actor_id=self._actor_id, detail=detail)


class _Import:
    """One import under way."""

    def __init__(
        self, writer: _DryWriter, preview: Preview, spool: _ErrorSpool, progress: Progress
    ) -> None:
        self._writer = writer
        self._sheet = preview.sheet
        self._titles = preview.columns
        self._letters = preview.letters
        self._spool = spool
        self._progress = progress
        self._result = ImportResult(import_id=writer.number, preview=preview)
        self._pending: list[ProductRow] = []
        self._partly_read: list[tuple[ProductRow, tuple[str, ...]]] = []
        self._errors: list[RowError] = []

    def run(self, stream: Stream) -> ImportResult:
        """Take all chunks of the stream."""
        whole = False
        try:
            self._progress(self._result)
            for item in stream:
                self._take(Chunk._make(item))
                if len(self._pending) + len(self._errors) >= self._writer.batch:
                    self._write()
                self._progress(self._result)
            self._write()
            whole = True
        finally:
            self._writer.finish(self._result.counts(), whole=whole)
        return self._result

    def _take(self, chunk: Chunk) -> None:
        result = self._result
        result.rows += len(chunk.rows) + chunk.rejected
        result.rejected += chunk.rejected
        self._errors += map(RowError._make, chunk.errors)
        self._pending += map(ProductRow._make, chunk.rows)
        self._partly_read += [(ProductRow._make(row), faulty) for row, faulty in chunk.partly_read]

    def _write(self) -> None:
        """Write what is pending, and note the errors up to here in the order of their rows."""
        result, rows = self._result, self._pending
        self._pending = []
        for plan in self._writer.write(rows):
            result.imported += plan.count(Verdict.IMPORTED)
            result.updated += plan.count(Verdict.UPDATED)
            result.unchanged += plan.count(Verdict.UNCHANGED)
            result.rejected += plan.count(Verdict.REJECTED)
            result.stock_ignored += plan.stock_ignored
            result.reactivated += plan.reactivated
            self._errors += map(self._error, plan.rejected)
        self._errors += map(self._error, self._writer.further_faults(self._partly_read))
        self._note(sorted(self._errors, key=attrgetter("row")))
        self._errors, self._partly_read = [], []

    def _error(self, rejected: Rejected) -> RowError:
        title = self._titles.get(rejected.field, rejected.field)
        letters = self._letters.get(rejected.field)
        return RowError(
            self._sheet, rejected.row, title, rejected.value, rejected.fault, rejected.named,
            rejected.name, f"{letters[0]}{rejected.row}" if letters else "",
        )  # fmt: skip

    def _note(self, errors: Iterable[RowError]) -> None:
        for error in errors:
            if len(self._result.errors) < _SHOWN_ERRORS:
                self._result.errors.append(error)
            self._spool.add(error)


class _ErrorSpool:
    """Keeps all errors, on disk where they are many."""

    def __enter__(self) -> _ErrorSpool:
        self._file = tempfile.SpooledTemporaryFile(max_size=1 << 20, mode="w+", encoding="utf-8")
        return self

    def __exit__(self, *_raised: object) -> None:
        self._file.close()

    def add(self, error: RowError) -> None:
        """Keep one error."""
        self._file.write(json.dumps(error) + "\n")

    def write_list(self, path: Path) -> None:
        """Write all errors as an XLSX list."""
        self._file.seek(0)
        write_error_list(path, (RowError._make(json.loads(line)) for line in self._file))


def _write_list(spool: _ErrorSpool, path: Path, number: int | None) -> None:
    try:
        spool.write_list(path)
    except Unavailable as error:
        if number is None:
            raise
        done = _("Import {number} is done; only the list of its errors is missing: {why}")
        raise Unavailable(done.format(number=number, why=error)) from error


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
