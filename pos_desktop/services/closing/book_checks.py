"""Checks of the books: what a Z checks while somebody waits, and what a job checks after it.

Young books are checked whole by each Z. Of older ones it checks what was written since the last Z,
and leaves the whole of them to a job, whose findings stand in the journal, are told to those who
may change settings, and are printed on each Z until a later check does not find them any more.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence

from pos_queue.context import JobContext
from pos_queue.errors import GiveUp

from pos_desktop.domain.clock import Clock
from pos_desktop.domain.errors import Unavailable
from pos_desktop.domain.staff import Permission
from pos_desktop.domain.text import _
from pos_desktop.services.background.enqueueing import Enqueues, JobName
from pos_desktop.services.paper.closing_reports import BooksFound, Finding, WholeCheck
from pos_desktop.services.people.telling import tell_all_who_may
from pos_desktop.storage.audit import Check, run_checks, run_checks_since_z
from pos_desktop.storage.book_checks import last_check, last_z_entry, note_check
from pos_desktop.storage.books import Books
from pos_desktop.storage.database import ShopDatabase
from pos_desktop.storage.head import HeadFile
from pos_desktop.storage.journal import last_entry
from pos_desktop.storage.moments import to_stored
from pos_desktop.storage.stretch import size

CHECK_BOOKS = JobName("check_books")
"""Checks all books, from the first entry."""
AT_ONCE_BYTES = 16 << 20
"""Up to this size of the file a Z checks all of it: half a second on a slow machine."""

log = logging.getLogger(__name__)


class BookChecks:
    """Checks the books of one shop."""

    def __init__(
        self,
        database: ShopDatabase,
        reader: ShopDatabase,
        books: Books,
        queue: Enqueues,
        clock: Clock,
        *,
        key: bytes,
        head: HeadFile,
    ) -> None:
        """Take the machine's `clock`, by which jobs run, and what the journal is sealed with."""
        self._database = database
        self._reader = reader
        self._books = books
        self._queue = queue
        self._clock = clock
        self._key = key
        self._head = head
        self.at_once_bytes = AT_ONCE_BYTES
        """Up to which size of the file a Z checks all of it."""

    def for_z(self) -> BooksFound:
        """Check what a Z must tell of, in a moment; write nothing.

        A check that fails itself is a finding, and no reason not to close.
        """
        try:
            if size(self._database) <= self.at_once_bytes:
                checks = run_checks(self._database, self._key, self._head)
                return BooksFound(findings=_wrong(checks))
            return self._since_z()
        except Exception as error:
            log.exception("the books could not be checked")
            words = _("The books could not be checked: {why}").format(why=error)
            return BooksFound(findings=(Finding("check", words),))

    def leave(self, found: BooksFound) -> None:
        """Leave to a job what a Z did not check, inside its transaction; a Z never refuses."""
        if found.is_whole:
            return
        try:
            with self._database.write():
                self._queue.enqueue(CHECK_BOOKS)
        except Unavailable:
            raise
        except Exception:
            log.exception("the check of all books could not be left to a job")

    def run(self, context: JobContext) -> dict[str, int]:
        """Check all books in a job, and tell of what no check before has found.

        Raises GiveUp then, so that it stands among what a person must look at. Killed at its last
        moment it may tell it twice, and never not at all.
        """
        began_at, until = to_stored(self._clock.now()), last_entry(self._reader)[0]
        checks = run_checks(self._reader, self._key, self._head, context.went)
        failed = [one for one in checks if not one.ok]
        news = self._news(failed)
        words = _("The books were changed past the till: {what}. See posctl verify.").format(
            what="; ".join(one.detail for one in news)
        )
        with context.chunk():
            note_check(
                self._books, began_at=began_at, until=until, failed=failed, job=context.number
            )
            if news:
                self._tell(words, context.number)
        if news:
            raise GiveUp(words)
        return {"checks": len(checks), "failed": len(failed)}

    def _since_z(self) -> BooksFound:
        checks, since = run_checks_since_z(self._database, self._key, self._head)
        kept = last_check(self._database)
        if kept is None:
            return BooksFound(_wrong(checks), since=since, is_whole=False)
        late = kept.until < last_z_entry(self._database)
        findings = dict.fromkeys((*_wrong(checks), *_wrong(kept.failed)))
        before = WholeCheck(kept.began_at, is_late=late)
        return BooksFound(tuple(findings), is_whole=False, since=since, before=before)

    def _news(self, failed: Sequence[Check]) -> list[Check]:
        """Return what the check before did not find; all where that cannot be read."""
        try:
            before = last_check(self._reader)
        except (ValueError, KeyError, TypeError):
            before = None
        known = before.failed if before else ()
        return [one for one in failed if one not in known]

    def _tell(self, words: str, job: int) -> None:
        """Leave a message to each who may change settings, in the present transaction."""
        now = to_stored(self._clock.now())
        tell_all_who_may(
            self._database, Permission.SETTINGS, lambda: words, now, job=job, has_failed=True
        )


def _wrong(checks: Sequence[Check]) -> tuple[Finding, ...]:
    return tuple(Finding(one.check, one.detail) for one in checks if not one.ok)
