"""One import being taken back, chunk by chunk: while somebody waits, or under a job."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from pos_queue.context import JobContext

from pos_desktop.domain.errors import Refused
from pos_desktop.domain.ids import Id
from pos_desktop.domain.runs import RunState
from pos_desktop.domain.text import _
from pos_desktop.services.background.pacing import Pacer
from pos_desktop.storage import import_undo, product_imports
from pos_desktop.storage.books import Books
from pos_desktop.storage.database import ShopDatabase
from pos_desktop.storage.import_undo import Undone
from pos_desktop.storage.moments import to_stored
from pos_desktop.storage.product_imports import ImportRun

MOST_NAMES = 100
"""So many names of products that were left are kept by a job."""


class Undoing:
    """Takes one import back; the caller holds the lock of imports."""

    def __init__(
        self, database: ShopDatabase, books: Books, pacer: Pacer, business_day: str, number: int
    ) -> None:
        """Raise Refused where there is no such import, or it was taken back before."""
        self._database = database
        self._books = books
        self._pacer = pacer
        self._business_day = business_day
        self._run = run_to_undo(database, number)
        import_undo.look_back(database, self._run.id)

    def at_once(self, actor_id: Id | None) -> Undone:
        """Take it back and return what that did."""
        undone = Undone()
        for _after in self._chunks(Id(""), undone, actor_id, lambda _after: None):
            pass
        self._pacer.finish()
        with self._database.write():
            self._end(actor_id)
        return undone

    def in_job(self, context: JobContext) -> dict[str, Any]:
        """Take it back from the cursor of a job on; raises JobCancelled between two chunks."""
        number, whole = self._run.number, self._run.imported + self._run.updated
        kept = context.cursor or _kept_of(number, "", Undone())
        undone = undone_of(kept)

        def keep(after: Id) -> None:
            context.checkpoint(_kept_of(number, after, undone))

        for _after in self._chunks(Id(kept["after"]), undone, context.started_by, keep):
            context.went(undone.count, whole)
        self._pacer.finish()
        ended = {**(context.cursor or kept), "ended": True}
        with context.chunk():
            self._end(Id(context.started_by) if context.started_by else None)
            context.checkpoint(ended)
        return ended

    def _chunks(
        self, after: Id, undone: Undone, actor_id: Id | None, keep: Callable[[Id], None]
    ) -> Iterator[Id]:
        """Take back what comes after a product, counting in `undone`.

        `keep` is told within each chunk's transaction up to which product it went; that is yielded
        after it.
        """
        run, day, pacer = self._run, self._business_day, self._pacer
        while True:
            with pacer.chunk(pacer.rows):
                changes = import_undo.changes_after(self._database, run.id, after, pacer.rows)
                import_undo.take_back(
                    self._database, self._books, run, changes, undone, day, actor_id
                )
                if changes:
                    after = Id(changes[-1]["id"])
                    keep(after)
            if not changes:
                return
            yield after

    def _end(self, actor_id: Id | None) -> None:
        """Keep that the import is taken back, inside the caller's transaction."""
        run, at = self._run, to_stored(self._books.now())
        product_imports.set_counts(
            self._database, run.id, at=at, state=RunState.UNDONE, rows=run.rows
        )
        self._books.note("import undone", actor_id=actor_id, detail={"import": run.number})


def run_to_undo(database: ShopDatabase, number: int) -> ImportRun:
    """Return an import; raise Refused where there is none, or it was taken back before."""
    run = product_imports.find(database, number)
    if run is None:
        raise Refused(
            _("There is no import {number}; each import says its number.").format(number=number)
        )
    if run.state == RunState.UNDONE:
        raise Refused(_("Import {number} was taken back before.").format(number=number))
    return run


def _kept_of(number: int, after: str, undone: Undone) -> dict[str, Any]:
    """Return what a job keeps of an import that it takes back, up to a product."""
    counts = {name: getattr(undone, name) for name in ("restored", "removed", "made_inactive")}
    left = {"left": len(undone.left), "names": undone.left[:MOST_NAMES]}
    return {"import": number, "after": after, **counts, **left}


def undone_of(kept: dict[str, Any]) -> Undone:
    """Return what a job has kept of an import that it takes back.

    Of the many names that were not kept, empty ones stand for the count.
    """
    names = [*kept["names"], *[""] * (kept["left"] - len(kept["names"]))]
    return Undone(kept["restored"], kept["removed"], kept["made_inactive"], names)
