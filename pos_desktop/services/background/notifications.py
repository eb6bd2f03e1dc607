"""Telling people what has become of the jobs that they started."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pos_queue.codec import Codec
from pos_queue.departures import Ended
from pos_queue.engine.claims import Claim
from pos_queue.job import Registry
from pos_queue.views.views import Views

from pos_desktop.domain.clock import Clock
from pos_desktop.domain.errors import Unavailable
from pos_desktop.domain.text import _
from pos_desktop.services.background.queue_words import batch_words, cause, job_title, job_words
from pos_desktop.services.background.said import Said
from pos_desktop.services.people.sign_in import Person
from pos_desktop.storage import notifications
from pos_desktop.storage.database import ReadOnlyDatabase, ShopDatabase
from pos_desktop.storage.moments import to_stored
from pos_desktop.storage.notifications import Notification

log = logging.getLogger(__name__)

Words = Callable[[Any], str | Said | None]
"""Says what a job has done, from its result; None where another one tells of it."""

MOST_LISTED = 200
"""So many unread messages are listed at most; the others follow as those are read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Inbox:
    """What a person has not read."""

    person: Person
    count: int
    latest: tuple[Notification, ...]
    """The newest first; not all of them where they are very many."""


class Notifications:
    """Messages of jobs; read over connections that cannot write."""

    def __init__(
        self,
        database: ShopDatabase,
        reader: ReadOnlyDatabase,
        registry: Registry,
        codec: Codec,
        clock: Clock,
        words: Mapping[str, Words],
    ) -> None:
        """Take the machine's `clock`, by which jobs run, and what each job says when it is done."""
        self._database = database
        self._reader = reader
        self._registry = registry
        self._codec = codec
        self._clock = clock
        self._words = words

    def leave(
        self,
        claim: Claim,
        state: Ended,
        _error: str | None,
        result: bytes | None,
    ) -> None:
        """Tell whoever started a job that it is done or has failed, in the present transaction.

        The jobs of a batch are told of together, once all have ended (`batch_over`).
        """
        if claim.started_by is None or claim.batch is not None:
            return
        if not (state is Ended.DONE or state.has_failed):
            return
        try:
            said = Said(self._failed(claim)) if state.has_failed else self._done(claim, result)
        except Unavailable:
            raise
        except Exception:  # the job's end must not hang on its words
            log.exception("what job %s (%s) has done could not be said", claim.number, claim.job)
            said = Said(_plain(claim, has_failed=state.has_failed))
        if said is None:
            return
        notifications.add(
            self._database,
            claim.started_by,
            said.text,
            to_stored(self._clock.now()),
            job=claim.number,
            has_failed=state.has_failed,
            is_partly=said.is_partly,
        )

    def batch_over(self, number: int) -> None:
        """Tell whoever started a batch what became of its jobs, in the present transaction."""
        batch = Views(self._database, self._registry, self._codec, self._clock).batch(number)
        if batch is None or batch.started_by is None:
            return
        notifications.add(
            self._database,
            batch.started_by,
            batch_words(batch),
            to_stored(self._clock.now()),
            batch=number,
            has_failed=bool(batch.failed),
        )

    def inbox(self, person: Person) -> Inbox:
        """Return what a person has not read."""
        latest = tuple(notifications.unread(self._reader, person.id, MOST_LISTED))
        count = len(latest)
        if count == MOST_LISTED:
            count = notifications.count_unread(self._reader, person.id)
        return Inbox(person=person, count=count, latest=latest)

    def unread(self, person: Person) -> list[Notification]:
        """Return the latest that a person has not read, the oldest first."""
        return [*reversed(self.inbox(person).latest)]

    def mark_read(self, person: Person, numbers: Sequence[int]) -> None:
        """Keep that a person has read messages; those of others stay as they are."""
        with self._database.write():
            notifications.mark_read(
                self._database, person.id, numbers, to_stored(self._clock.now())
            )

    def mark_all_read(self, person: Person, newest: int) -> None:
        """Keep that a person has read all messages up to one: later ones were not seen."""
        with self._database.write():
            now = to_stored(self._clock.now())
            notifications.mark_all_read(self._database, person.id, newest, now)

    def _failed(self, claim: Claim) -> str:
        """Say why in the words of the page of jobs, which cover the secrets."""
        views = Views(self._database, self._registry, self._codec, self._clock)
        detail = views.job(claim.number)
        if detail is None:
            return _plain(claim, has_failed=True)
        words = _("{job} (job {number}) has failed: {why}")
        title, why = job_title(detail.view), cause(detail.view)
        return words.format(job=title, number=claim.number, why=why)

    def _done(self, claim: Claim, result: bytes | None) -> Said | None:
        words = self._words.get(claim.job)
        if words is None:
            return Said(_plain(claim, has_failed=False))
        said = words(self._codec.load(self._registry[claim.job], result))
        return Said(said) if isinstance(said, str) else said


def _plain(claim: Claim, *, has_failed: bool) -> str:
    if has_failed:
        sentence = _("{job} (job {number}) has failed.")
    else:
        sentence = _("{job} (job {number}) is done.")
    return sentence.format(number=claim.number, job=job_words(claim.job))
