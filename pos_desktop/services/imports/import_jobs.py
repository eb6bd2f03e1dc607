"""Imports that a job does: put into the queue with a copy of their file, and done from it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import Any

from pos_queue.context import JobContext
from pos_queue.errors import JobCancelled

from pos_desktop.documents.error_list import check_place
from pos_desktop.documents.opening import readable_name
from pos_desktop.documents.product_rows import RowError
from pos_desktop.domain.errors import Refused, Unavailable
from pos_desktop.domain.staff import Permission
from pos_desktop.domain.text import _
from pos_desktop.services.background.as_job import as_job
from pos_desktop.services.background.enqueueing import Enqueues, JobName
from pos_desktop.services.imports.import_course import ImportCourses, taken_back_words
from pos_desktop.services.imports.import_errors import (
    SHOWN_ERRORS,
    copy_list,
    kept_errors,
    write_list,
)
from pos_desktop.services.imports.import_spool import ImportSpool
from pos_desktop.services.imports.import_undoing import run_to_undo
from pos_desktop.services.imports.importing import Importing, ImportResult
from pos_desktop.services.people.acting import hand_of
from pos_desktop.services.people.sign_in import Person
from pos_desktop.storage import import_undo, product_imports
from pos_desktop.storage.database import ShopDatabase

IMPORT_PRODUCTS = JobName("import_products")
"""Imports the products of a file that lies in the spool under the job's number."""
UNDO_IMPORT = JobName("undo_import")
"""Takes an import back."""
LIST_IMPORT_ERRORS = JobName("list_import_errors")
"""Lists what an import of a file would reject; the file lies in the spool."""


class ImportJobs:
    """Leaves imports to the queue, and does them there."""

    def __init__(
        self,
        importing: Importing,
        spool: ImportSpool,
        queue: Enqueues,
        database: ShopDatabase,
        result_of: Callable[[int], object],
        courses: ImportCourses,
    ) -> None:
        """Take what returns the result of a job by its number, None where it has none."""
        self.courses = courses
        self._result_of = result_of
        self._importing = importing
        self._queue = queue
        self._database = database
        self.spool = spool

    def leave(
        self,
        path: Path,
        *,
        sheet: str | None = None,
        mapping: dict[str, str] | None = None,
        actor: Person | None,
    ) -> int:
        """Copy a file into the shop's folder and leave its import to a job; return its number."""
        actor_id = hand_of(actor, Permission.IMPORT).actor_id
        payload = {"file": readable_name(path), "sheet": sheet, "mapping": mapping or {}}
        self.spool.sweep()
        with self.spool.coming(path) as give, self._database.write():
            number = self._queue.enqueue(IMPORT_PRODUCTS, payload, started_by=actor_id)
            give(number)
        return number

    def run(
        self, context: JobContext, name: str, sheet: str | None, mapping: dict[str, str]
    ) -> dict[str, Any]:
        """Import the file of a job, which people know by a name.

        Its result is what `ImportResult.set_counts` takes, with that name.
        """
        number = context.number
        try:
            with as_job():
                path = self.spool.file(number) if not _has_ended(context) else Path()
                result = self._importing.products_in_job(
                    path,
                    context,
                    self.spool.errors(number),
                    sheet=sheet,
                    mapping=mapping,
                    mode=self.spool.file_mode,
                )
        except JobCancelled as error:
            self.spool.drop(number)
            raise JobCancelled(self._ended_words(context)) from error
        self.spool.drop(number)
        return {**result, "file": name, "path": self._listed(number, result)}

    def _ended_words(self, context: JobContext) -> str:
        if context.cursor is None:
            return ""
        number = context.cursor["import"]
        run = product_imports.find(self._database, number)
        if run is None or import_undo.is_begun(self._database, run):
            return taken_back_words(number)
        return _(
            "Import {number} was ended before the end of its file, as asked; what it has done "
            "stays. posctl import undo {number} takes that back."
        ).format(number=number)

    def _listed(self, number: int, result: dict[str, Any]) -> str | None:
        """List what was rejected as a workbook; return where, None where that is nothing.

        An import that is done is not failed by its list: that can be written anew elsewhere.
        """
        path = self.spool.error_list(number)
        if not result["counts"]["rejected"]:
            return None
        with suppress(Refused, Unavailable):
            if not path.exists():
                write_list(path, self.errors(number), result["import"], mode=self.spool.file_mode)
            return str(path.absolute())
        return None

    def leave_list(
        self,
        path: Path,
        listed: Path,
        *,
        sheet: str | None = None,
        mapping: dict[str, str] | None = None,
        actor: Person | None,
    ) -> int:
        """Leave to a job that what an import would reject is listed; return the job's number.

        Raises Refused or Unavailable where no list can be written there.
        """
        actor_id = hand_of(actor, Permission.IMPORT).actor_id
        check_place(listed, path)
        names = {"file": readable_name(path), "path": str(listed.absolute())}
        payload = {**names, "sheet": sheet, "mapping": mapping or {}}
        self.spool.sweep()
        with self.spool.coming(path) as give, self._database.write():
            number = self._queue.enqueue(LIST_IMPORT_ERRORS, payload, started_by=actor_id)
            give(number)
        return number

    def run_list(
        self, context: JobContext, path: str, sheet: str | None, mapping: dict[str, str]
    ) -> dict[str, Any]:
        """List in a job what the import of its file would reject; how many rows is its result."""

        def progress(result: ImportResult) -> None:
            context.went(result.rows)

        try:
            with as_job(gives_up=(Refused, Unavailable)):
                result = self._importing.products(
                    self.spool.file(context.number),
                    sheet=sheet,
                    mapping=mapping,
                    dry_run=True,
                    actor=None,
                    progress=progress,
                    error_list=Path(path),
                )
        except JobCancelled:
            self.spool.drop(context.number)
            raise
        self.spool.drop(context.number)
        return {"rejected": result.rejected, "path": path}

    def leave_undo(self, number: int, *, actor: Person | None) -> int:
        """Leave to a job that an import is taken back; return its number.

        The job that would go on with the import is ended. Raises Refused where there is no such
        import, it was taken back before, or it runs.
        """
        actor_id = hand_of(actor, Permission.IMPORT).actor_id
        run_to_undo(self._database, number)
        self.courses.check_rests(number)
        with self._database.write():
            self.courses.end_job(number)
            return self._queue.enqueue(UNDO_IMPORT, {"number": number}, started_by=actor_id)

    def run_undo(self, context: JobContext, number: int) -> dict[str, Any]:
        """Take an import back in a job; its result is what `undone_of` takes, with the number."""
        try:
            with as_job():
                return self._importing.undo_in_job(context, number)
        except JobCancelled as error:
            sentence = _("Import {number} is taken back in part, as asked; it can be gone on with.")
            raise JobCancelled(sentence.format(number=number)) from error

    def errors(self, number: int) -> Iterator[RowError]:
        """Yield the rejected cells of the import of a job."""
        return kept_errors(self.spool.errors(number))

    def kept(self) -> dict[int, int]:
        """Return the jobs that have kept what they rejected, by the numbers of their imports."""
        results = {number: self._result_of(number) for number in self.spool.with_errors()}
        return {
            result["import"]: number
            for number, result in results.items()
            if isinstance(result, dict) and result.get("import") is not None
        }

    def first_errors(self, number: int) -> list[RowError]:
        """Return as many of them as are shown."""
        return [*islice(self.errors(number), SHOWN_ERRORS)]

    def write_list(self, number: int, path: Path, import_number: int | None) -> None:
        """Write all of them as an XLSX list; a copy of the one that the job has made, if it has."""
        ready = self.spool.error_list(number)
        if ready.exists():
            copy_list(ready, path, import_number)
        else:
            write_list(path, self.errors(number), import_number)


def _has_ended(context: JobContext) -> bool:
    """Tell whether an attempt before has done all, and only its word was lost."""
    return bool(context.cursor and context.cursor.get("ended"))
