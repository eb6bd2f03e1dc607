"""What carries an import's rows out: counted only, written in chunks, or written under a job."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pos_queue.children.errors import ChildRefused
from pos_queue.context import JobContext
from pos_queue.errors import JobCancelled

from pos_desktop.domain.errors import Refused
from pos_desktop.domain.ids import Id
from pos_desktop.domain.product_row import ProductRow
from pos_desktop.domain.runs import RunState
from pos_desktop.services.background.pacing import Pacer
from pos_desktop.services.imports.import_course import taken_back_words
from pos_desktop.storage import import_undo, product_imports
from pos_desktop.storage.books import Books
from pos_desktop.storage.counters import MASTER_VERSION, counter
from pos_desktop.storage.database import ShopDatabase
from pos_desktop.storage.import_plan import Plan, Planner, Rejected
from pos_desktop.storage.moments import to_stored
from pos_desktop.storage.product_imports import ImportRun

_MOST_ROWS = 500


def _pass(_plan: Plan) -> None:
    """Hear of a plan that nobody counts."""


class DryWriter:
    """Counts what rows would do."""

    def __init__(self, database: ShopDatabase, books: Books) -> None:
        self._database = database
        self._books = books
        self._planner = Planner(database, books.new_ids, dry=self.dry)
        self.settle: Callable[[Plan], None] = _pass
        """Told of each part that is carried out; where a job writes, in its transaction."""

    dry = True
    number: int | None = None
    batch = _MOST_ROWS
    """How many rows are planned at a time."""

    def write(self, rows: list[ProductRow]) -> None:
        """Decide what rows do, and remember their keys."""
        plan = self._planner.plan(rows)
        self._planner.remember(plan)
        self.settle(plan)

    def recall(self, rows: list[ProductRow]) -> None:
        """Remember the products of rows that were carried out before."""
        self._planner.recall(rows)

    def further_faults(self, rows: list[tuple[ProductRow, tuple[str, ...]]]) -> list[Rejected]:
        """Return what else is wrong with rows that were rejected while they were read."""
        return self._planner.further_faults(rows)

    def keep(self, cursor: dict[str, Any]) -> None:
        """Keep how far the import is, with what the present transaction has written."""

    def ends_with(self, _error: BaseException) -> bool:
        """Tell whether an error ends the import; else it goes on in another attempt."""
        return True

    def finish(self, cursor: dict[str, Any], *, whole: bool) -> None:
        """End the import, whole or broken off."""


class Writer(DryWriter):
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
        with self._database.write():
            self._begin(file_name, sheet, actor_id)

    def write(self, rows: list[ProductRow]) -> None:
        """Write rows in as many chunks as the pace asks for."""
        plan, place = self._planner.plan(rows), 0
        while left := len(plan.outcomes) - place:
            part = plan.slice(place, self._pacer.part_of(left))
            place += len(part.outcomes)
            self._write_part(part)
        self.batch = self._pacer.rows

    def finish(self, cursor: dict[str, Any], *, whole: bool) -> None:
        """Keep the counts and write the import into the journal: the full commit of the whole."""
        self._pacer.finish()
        with self._database.write():
            self._finish(cursor, whole=whole)

    def _begin(self, file_name: str, sheet: str, actor_id: Id | None) -> None:
        self._go_on_with(
            product_imports.begin(
                self._database, self._books, file_name=file_name, sheet=sheet, staff_id=actor_id
            ),
            actor_id,
        )

    def _go_on_with(self, run: ImportRun, actor_id: Id | None) -> None:
        self._run, self._actor_id, self.number = run, actor_id, run.number

    def _write_part(self, part: Plan) -> None:
        """Carry a part of a plan out; plan it anew where somebody changed the catalogue since."""
        if part.changes:
            part = self._write_changes(part)
        self._planner.remember(part)
        self.settle(part)

    def _write_changes(self, part: Plan) -> Plan:
        work = product_imports.prepare(self._books, self._run, part)
        with self._pacer.chunk(len(part.changes)):
            if counter(self._database, MASTER_VERSION) != part.version:
                part = self._planner.plan(part.rows)
                work = product_imports.prepare(self._books, self._run, part)
            product_imports.carry_out(
                self._database, self._books, self._run, work, self._business_day
            )
            self._carried_out(part)
        return part

    def _carried_out(self, part: Plan) -> None:
        """Do what belongs into the transaction of a part."""

    def _finish(self, cursor: dict[str, Any], *, whole: bool) -> None:
        state = RunState.DONE if whole else RunState.STOPPED
        self._set_counts(state, cursor["counts"])
        detail = {"import": self.number, "state": state, **cursor["counts"]}
        self._books.note("import", actor_id=self._actor_id, detail=detail)

    def _set_counts(self, state: RunState, counts: dict[str, int]) -> None:
        at = to_stored(self._books.now())
        product_imports.set_counts(self._database, self._run.id, at=at, state=state, **counts)


class JobWriter(Writer):
    """Writes under the fence of a job, and keeps with each chunk how far it is."""

    def __init__(
        self,
        database: ShopDatabase,
        books: Books,
        pacer: Pacer,
        business_day: str,
        context: JobContext,
    ) -> None:
        super().__init__(database, books, pacer, business_day)
        self._context = context

    def begin(self, file_name: str, sheet: str, actor_id: Id | None) -> None:
        """Begin the import; or go on with it, where an attempt before has begun it.

        Raises Refused where it was taken back meanwhile, in whole or in part.
        """
        if self._context.cursor is not None:
            self._context.check()
            self._go_on_with(self._run_of(self._context.cursor["import"]), actor_id)
            return
        with self._context.chunk():
            self._begin(file_name, sheet, actor_id)

    def keep(self, cursor: dict[str, Any]) -> None:
        """Keep the cursor, and the counts beside it, for those who look at imports."""
        self._set_counts(RunState.RUNNING, cursor["counts"])
        self._context.checkpoint(cursor)

    def ends_with(self, error: BaseException) -> bool:
        """Tell whether the job ends too: where that was asked for, or the file is at fault."""
        return isinstance(error, JobCancelled | ChildRefused)

    def finish(self, cursor: dict[str, Any], *, whole: bool) -> None:
        """End the import and keep that it has ended, under the job's fence."""
        self._pacer.finish()
        with self._context.chunk():
            self._finish(cursor, whole=whole)
            self._context.checkpoint({**cursor, "ended": whole})

    def _begin(self, file_name: str, sheet: str, actor_id: Id | None) -> None:
        super()._begin(file_name, sheet, actor_id)
        self._context.checkpoint({"import": self.number})

    def _write_part(self, part: Plan) -> None:
        if part.changes:
            part = self._write_changes(part)
        else:
            self.settle(part)
        self._planner.remember(part)
        self._context.check()

    def _carried_out(self, part: Plan) -> None:
        self.settle(part)

    def _run_of(self, number: int) -> ImportRun:
        run = product_imports.find(self._database, number)
        if run is None or import_undo.is_begun(self._database, run):
            raise Refused(taken_back_words(number))
        return run
