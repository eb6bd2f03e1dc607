"""What people do with the jobs of the shop; who may is checked, and it goes into the journal."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, TypeVar

from pos_queue.control.control import Cancelling, Control, Retried
from pos_queue.errors import NotPossible
from pos_queue.job import Registry
from pos_queue.views.shown import BatchView
from pos_queue.views.views import Views

from pos_desktop import settings
from pos_desktop.domain.clock import Clock
from pos_desktop.domain.errors import Refused
from pos_desktop.domain.ids import Id
from pos_desktop.domain.staff import Permission
from pos_desktop.domain.text import _
from pos_desktop.services.background.enqueueing import Enqueues
from pos_desktop.services.background.queue_words import why_not
from pos_desktop.services.configuration import Configuration
from pos_desktop.services.people.acting import hand_of
from pos_desktop.services.people.sign_in import Person
from pos_desktop.storage.books import Books
from pos_desktop.storage.database import ShopDatabase

T = TypeVar("T")


class JobRefused(Refused):
    """This cannot be done with the job as it is now."""

    def __init__(self, reason: NotPossible) -> None:
        super().__init__(why_not(reason))
        self.reason = reason
        """By which each place knows its own next step."""


class BatchRefused(Refused):
    """This cannot be done with the batch as it is now."""


class QueueDesk:
    """Acts on jobs; `actor` is whoever asks for it, None the technician at the console.

    Each raises JobRefused, BatchRefused, or Refused for a queue, where it is not possible.
    """

    def __init__(
        self,
        control: Control,
        intake: Enqueues,
        views: Views,
        registry: Registry,
        database: ShopDatabase,
        books: Books,
        configuration: Configuration,
        clock: Clock,
    ) -> None:
        """Take the machine's `clock`, by which jobs run."""
        self._control = control
        self._intake = intake
        self._views = views
        self._registry = registry
        self._database = database
        self._books = books
        self._configuration = configuration
        self._clock = clock

    def retry(self, number: int, *, from_start: bool = False, actor: Person | None) -> None:
        """Let an ended job wait again, from where it had come to or from its start."""
        self._one(
            "job retried",
            {"job": number, "from_start": from_start},
            actor,
            lambda: self._control.retry(number, from_start=from_start),
        )

    def retry_failed(
        self, *, queue: str | None = None, batch: int | None = None, actor: Person | None
    ) -> Retried:
        """Let all failed jobs wait again, those of a queue or a batch where one is named."""
        actor_id = hand_of(actor, Permission.JOBS).actor_id
        if queue is not None:
            self.check_queue(queue)
        if batch is not None:
            self._check_batch(batch)
        retried = self._control.retry_failed(queue=queue, batch=batch)
        detail = {"queue": queue, "batch": batch, "jobs": len(retried.numbers)}
        self._note("jobs retried", detail, actor_id)
        return retried

    def forget(self, number: int, *, actor: Person | None) -> None:
        """Take a failed job off the list: nobody needs it any more."""
        self._one("job forgotten", {"job": number}, actor, lambda: self._control.forget(number))

    def flush(self, hours: float | None = None, *, actor: Person | None) -> int:
        """Take all failed jobs off the list, or those that failed so many hours ago."""
        actor_id = hand_of(actor, Permission.JOBS).actor_id
        before = None if hours is None else self._clock.now() - timedelta(hours=hours)
        count = self._control.flush(before=before)
        self._note("jobs flushed", {"hours": hours, "jobs": count}, actor_id)
        return count

    def clear(self, queue: str, *, actor: Person | None) -> int:
        """Cancel what waits in a queue, never what runs; return how many jobs."""
        actor_id = hand_of(actor, Permission.JOBS).actor_id
        self.check_queue(queue)
        count = self._control.clear(queue)
        self._note("queue cleared", {"queue": queue, "jobs": count}, actor_id)
        return count

    def cancel(self, number: int, *, actor: Person | None) -> Cancelling:
        """Cancel a job that waits; ask one that runs to end."""
        detail = {"job": number}
        return self._one("job cancelled", detail, actor, lambda: self._control.cancel(number))

    def cancel_batch(self, batch: int, *, actor: Person | None) -> BatchView:
        """Let no more jobs of a batch run, and ask those that run to end; return what it is then.

        Done in lots, so that no sale waits for it.
        """
        actor_id = hand_of(actor, Permission.JOBS).actor_id
        self._check_batch(batch)
        if not self._intake.cancel_batch(batch):
            sentence = _("Batch {number} is over or cancelled already.")
            raise BatchRefused(sentence.format(number=batch))
        self._note("batch cancelled", {"batch": batch}, actor_id)
        found = self._views.batch(batch)
        assert found is not None
        return found

    def pause(self, queue: str, *, actor: Person | None) -> bool:
        """Let no job of a queue begin; tell whether it was not paused before."""
        self.check_queue(queue)
        detail = {"queue": queue}
        return self._one("queue paused", detail, actor, lambda: self._control.pause(queue))

    def resume(self, queue: str, *, actor: Person | None) -> bool:
        """Let the jobs of a queue begin again; tell whether it was paused."""
        self.check_queue(queue)
        detail = {"queue": queue}
        return self._one("queue resumed", detail, actor, lambda: self._control.resume(queue))

    def restart(self, *, actor: Person | None) -> None:
        """Ask the workers of all programs to end their jobs and begin anew."""
        hand_of(actor, Permission.JOBS)
        self._control.restart()

    def prune(self, days: int | None = None, *, actor: Person | None) -> int:
        """Remove what ended more than so many days ago, else as the settings say; return how many.

        Failed jobs stay.
        """
        hand_of(actor, Permission.JOBS)
        if days is None:
            days = self._configuration.get(settings.QUEUE_KEEP_DAYS)
        return self._control.prune(self._clock.now() - timedelta(days=days))

    def queues(self) -> list[str]:
        """Return the names of all queues: those of the jobs, and those that ever had one."""
        return sorted(self.declared_queues() | {queue.name for queue in self._views.queues()})

    def declared_queues(self) -> set[str]:
        """Return the names of the queues of the jobs that this program knows."""
        return {self._registry[name].queue for name in self._registry.names()}

    def check_queue(self, name: str) -> None:
        """Raise Refused where no queue has this name."""
        if name not in (known := self.queues()):
            raise Refused(
                _("There is no queue {name}; known: {known}.").format(
                    name=name, known=", ".join(known)
                )
            )

    def _check_batch(self, batch: int) -> None:
        if self._views.batch(batch) is None:
            raise BatchRefused(_("There is no batch {number}.").format(number=batch))

    def _one(
        self, word: str, detail: dict[str, Any], actor: Person | None, act: Callable[[], T]
    ) -> T:
        """Do something to one job or queue and note it, in one transaction."""
        actor_id = hand_of(actor, Permission.JOBS).actor_id
        with _refused(), self._database.write():
            done = act()
            if done is not False:
                self._books.note(word, actor_id=actor_id, detail=detail)
        return done

    def _note(self, word: str, detail: dict[str, Any], actor_id: Id | None) -> None:
        with self._database.write():
            self._books.note(word, actor_id=actor_id, detail=detail)


@contextmanager
def _refused() -> Iterator[None]:
    try:
        yield
    except NotPossible as error:
        raise JobRefused(error) from error
