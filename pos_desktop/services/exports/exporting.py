"""Exports: reports and lists as files that people take away, made by a job in a child process.

A file is written aside and takes its name when it is whole; it lies in the shop's folder `exports`
until the shop no longer keeps it. What a job has begun and not ended is written anew.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pos_queue.context import JobContext
from pos_queue.errors import GiveUp

from pos_desktop.documents.document import Tell
from pos_desktop.documents.written_aside import sweep, written_aside
from pos_desktop.domain.clock import Clock
from pos_desktop.domain.errors import Refused, Unavailable
from pos_desktop.domain.export import ExportState, ExportWish, ListName
from pos_desktop.domain.ids import Id
from pos_desktop.domain.staff import Permission
from pos_desktop.domain.text import _, language, speaking
from pos_desktop.services.background.as_job import as_job
from pos_desktop.services.background.enqueueing import Enqueues, JobName
from pos_desktop.services.exports.export_documents import ExportDocuments, Written
from pos_desktop.services.people.acting import hand_of
from pos_desktop.services.people.sign_in import Person
from pos_desktop.storage import exports
from pos_desktop.storage.books import Books
from pos_desktop.storage.database import ShopDatabase
from pos_desktop.storage.errors import RowDamaged
from pos_desktop.storage.exports import Export
from pos_desktop.storage.moments import to_stored

if TYPE_CHECKING:
    from pos_queue.departures import Ended

EXPORT_FILE = JobName("export_file")
"""Makes the file of one export."""
_NO_NAME = re.compile(r"[^\w.()-]+")
_LONGEST_NAME = 80
_PERSONAL = {ListName.CUSTOMERS.value}
"""What holds people's addresses."""


class Exports:
    """Leaves exports to the queue, makes them there, and keeps what came of them."""

    def __init__(
        self,
        database: ShopDatabase,
        reader: ShopDatabase,
        books: Books,
        documents: ExportDocuments,
        queue: Enqueues,
        clock: Clock,
        *,
        folder: Callable[[], Path],
        file_mode: int,
    ) -> None:
        """Take the machine's `clock`; `folder` makes the folder of exports where it is not."""
        self._database = database
        self._reader = reader
        self._books = books
        self._documents = documents
        self._queue = queue
        self._clock = clock
        self._folder = folder
        self._file_mode = file_mode

    def leave(self, wish: ExportWish, *, actor: Person | None) -> Export:
        """Leave an export to the queue; raise Refused for what cannot be exported."""
        actor_id = hand_of(actor, right_to(wish)).actor_id
        wish = replace(wish, language=language())
        self._documents.check(wish)
        now = self._now()
        with self._database.write():
            export = Export(
                id=self._books.new_id(),
                number=exports.next_number(self._database),
                wish=wish,
                title=self._documents.title(wish),
                staff_id=actor_id,
                asked_at=now,
                changed_at=now,
            )
            exports.add(self._database, export)
            payload = {"export": export.id}
            job = self._queue.enqueue(EXPORT_FILE, payload, started_by=actor_id)
            exports.set_job(self._database, export.id, job)
            self._books.note("export", actor_id=actor_id, detail=_noted(export))
        return replace(export, job=job)

    def again(self, number: int, *, actor: Person | None) -> Export:
        """Make an export once more, as things stand now."""
        return self.leave(self.find(number).wish, actor=actor)

    def make(self, context: JobContext, export_id: Id) -> dict[str, Any]:
        """Make the file of an export; its number and how many rows it has are the result."""
        with as_job():
            export = exports.by_id(self._database, export_id)
        if export is None or export.state in (ExportState.DONE, ExportState.GONE):
            return {"export": export.number if export else 0, "rows": 0}
        sweep(self._folder())
        try:
            written = self._write(export, context.went)
        except (Refused, Unavailable) as error:
            self._fail(context, export, str(error))
            raise GiveUp(str(error)) from error
        with context.chunk():
            exports.set_made(
                self._database,
                export.id,
                self._now(),
                title=written.title,
                file=written.path.name,
                row_count=written.rows,
                byte_count=written.path.stat().st_size,
            )
        return {
            "export": export.number,
            "rows": written.rows,
            "title": written.title,
            "path": str(written.path),
        }

    def job_undone(self, payload: Mapping[str, Any], state: Ended) -> None:
        """Hear that the job of an export has ended without being done."""
        try:
            export = exports.by_id(self._database, payload["export"])
        except RowDamaged:
            return
        if export is not None and export.state is ExportState.UNDER_WAY:
            fault = _("The program had a fault while it was made: look under Jobs.")
            reason = fault if state.has_failed else _("It was cancelled.")
            with self._database.write():
                exports.set_failed(self._database, export.id, self._now(), reason)

    def write(self, wish: ExportWish, path: Path, *, tell: Tell, actor: Person | None) -> Written:
        """Write a file at once, to where it is wanted; Refused or Unavailable where it cannot be.

        `tell` is told how many rows are written, and may raise to break off.
        """
        hand_of(actor, right_to(wish))
        self._documents.check(wish)
        return self._documents.write(wish, path, mode=None, tell=tell, made_by="")

    # what came of them

    def listed(
        self, limit: int, *, before: int | None = None, actor: Person | None
    ) -> list[Export]:
        """Return exports, the newest first; those below a number where one is named."""
        hand_of(actor, Permission.REPORTS)
        return exports.newest(self._reader, limit, before)

    def find(self, number: int) -> Export:
        """Return the export of a number; raise Refused where there is none any more."""
        export = exports.by_number(self._database, number)
        if export is None:
            raise Refused(_("There is no export {number}: it was removed.").format(number=number))
        return export

    def file(self, export: Export, *, actor: Person | None) -> Path:
        """Return the file of an export; raise Refused where it is not made, or gone."""
        hand_of(actor, right_to(export.wish))
        path = self._folder() / export.file if export.file else None
        if path is None or not path.is_file():
            raise Refused(
                _("The file of export {number} is not there: make it again.").format(
                    number=export.number
                )
            )
        return path

    def copy(self, number: int, path: Path, *, actor: Person | None) -> None:
        """Copy the file of an export to another place, whole or not at all.

        Raises Refused and Unavailable where it cannot be written there.
        """
        file = self.file(self.find(number), actor=actor)
        with file.open("rb") as source, written_aside(path) as aside:
            shutil.copyfileobj(source, aside.file)

    def remove(self, number: int, *, actor: Person | None) -> None:
        """Remove the file of an export; what it was stays in the list, to be made again."""
        hand = hand_of(actor, Permission.REPORTS)
        export = self.find(number)
        if export.file is not None:
            (self._folder() / export.file).unlink(missing_ok=True)
        with self._database.write():
            exports.set_gone(self._database, export.id, self._now())
            self._books.note("export removed", **hand.noted(export=number))

    def prune(self, before: int, most: int) -> int:
        """Remove exports with their files that were not touched since; return how many.

        `before` in milliseconds UTC; inside the caller's transaction. The files go first: an export
        without its file is removed the next time, a file that nothing names never.
        """
        found = exports.older(self._database, before, most)
        for export_id, file in found:
            if file is not None:
                (self._folder() / file).unlink(missing_ok=True)
            exports.remove(self._database, export_id)
        return len(found)

    # how it is done

    def _write(self, export: Export, tell: Tell) -> Written:
        with speaking(export.wish.language):
            path = self._folder() / _file_name(export)
            who = export.staff_id or ""
            return self._documents.write(
                export.wish, path, mode=self._file_mode, tell=tell, made_by=who
            )

    def _fail(self, context: JobContext, export: Export, reason: str) -> None:
        with context.chunk():
            exports.set_failed(self._database, export.id, self._now(), reason)

    def _now(self) -> int:
        return to_stored(self._clock.now())


def right_to(wish: ExportWish) -> Permission:
    """Return what one must be allowed who takes such a file away, however that is done."""
    return Permission.PERSONAL_DATA if wish.what in _PERSONAL else Permission.REPORTS


def _noted(export: Export) -> dict[str, Any]:
    wish = export.wish
    return {"export": export.number, "what": wish.what, "form": wish.form.value}


def _file_name(export: Export) -> str:
    """Return a name that every system takes, and that is given once."""
    stem = f"{export.wish.stem}-{export.number:04}".replace(":", "")
    return f"{_NO_NAME.sub('', stem)[:_LONGEST_NAME]}.{export.wish.form}"
