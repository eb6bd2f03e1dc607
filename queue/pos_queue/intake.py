"""The door by which jobs come in: light enough for the till, without Huey.

    intake.enqueue("send_receipt", {"sale_id": sale.id})

stands in the caller's transaction where there is one: a sale and its jobs are committed together,
or not at all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime

from pos_queue import arrivals
from pos_queue.arrivals import Arrival
from pos_queue.batches import Moment
from pos_queue.clock import Clock
from pos_queue.codec import Codec, Message
from pos_queue.database import Database
from pos_queue.departures import LOT, Departures, Dropped
from pos_queue.job import BATCH, SLOT, Payload, Registry
from pos_queue.moments import to_ms

NamedJob = tuple[str, Payload]
"""A job that follows, or one of a batch: its name and payload."""


class Intake:
    """Takes jobs into one file."""

    def __init__(
        self,
        database: Database,
        registry: Registry,
        codec: Codec,
        clock: Clock,
        arrived: Callable[[int | None], None] = lambda _until: None,
        *,
        batch_over: Callable[[int], object] | None = None,
        dropped: Dropped | None = None,
    ) -> None:
        """Take `arrived`, called after the commit with the moment until which the job waits.

        `batch_over` is told of a batch that is closed when all of it has ended, `dropped` of each
        job that is cancelled with its batch.
        """
        self._database = database
        self._registry = registry
        self._codec = codec
        self._clock = clock
        self._arrived = arrived
        self._departures = Departures(database, self._tell)
        self._batches = self._departures.batches
        self._batches.over = batch_over
        self._departures.dropped = dropped

    def enqueue(
        self,
        name: str,
        payload: Payload | None = None,
        *,
        at: datetime | None = None,
        then: Sequence[NamedJob] = (),
        priority: int | None = None,
        unique_key: str | None = None,
        started_by: str | None = None,
        batch: int | None = None,
    ) -> int:
        """Write a job down and return its number; it runs from `at` on, else as soon as it can.

        The jobs of `then` follow one after the other, each once the one before has succeeded. Of
        jobs with one unique key one waits or runs at a time: the number is then the other's.
        Raises UnknownJob, and PayloadMismatch where a payload does not fit its job; with a batch
        also what `add` raises.
        """
        now = self._now()
        arrival = self._arrival(
            name, payload or {}, now=now, run_at=None if at is None else to_ms(at), then=then,
            priority=priority, unique_key=unique_key, started_by=started_by, batch=batch,
        )  # fmt: skip
        with self._transaction():
            if batch is not None:
                self._batches.check_takes(batch)
            number, is_new = arrivals.put(self._database, arrival, now)
            if is_new:
                self._tell(arrival.run_at if arrival.state == "scheduled" else None)
        return number

    def hurry(self, number: int) -> bool:
        """Let a job that waits for a moment run as soon as it can; tell whether it did.

        One that runs, waits for the network or has ended stays as it is.
        """
        with self._transaction():
            is_hurried = arrivals.hurry(self._database, number, self._now())
            if is_hurried:
                self._tell()
        return is_hurried

    def enqueue_slot(self, name: str, slot: datetime) -> int:
        """Write a job down that comes round, for one of its slots; return its number."""
        takes_it = self._registry[name].takes_slot
        return self.enqueue(name, {SLOT: slot.isoformat()} if takes_it else None)

    def batch(
        self,
        name: str,
        jobs: Iterable[NamedJob] = (),
        *,
        then: NamedJob | None = None,
        catch: NamedJob | None = None,
        finally_: NamedJob | None = None,
        started_by: str | None = None,
        keep_open: bool = False,
    ) -> int:
        """Write jobs down that belong together, and return the number of their batch.

        `then` runs when all have succeeded, `catch` at the first that has failed for good,
        `finally_` when none waits or runs any more; each once, see `batches`. Their bodies get the
        batch's number where they have a parameter `batch`. A batch without jobs ends at once,
        unless it is kept open until `close`. A unique job that waits or runs already is no member,
        and is not let in a second time at a moment either.
        Each job holds the file for some 10 µs: who has tens of thousands, beside a till, keeps the
        batch open and adds them in lots.
        Raises what `enqueue` raises.
        """
        now = self._now()
        members = self._members(jobs, started_by, now)
        callbacks = {Moment.THEN: then, Moment.CATCH: catch, Moment.FINALLY: finally_}
        with self._transaction():
            batch = self._batches.make(name, started_by, now)
            self._batches.keep(batch, self._callbacks(callbacks, batch, now))
            self._put(members, batch, now)
            if not keep_open:
                self._batches.close(batch, now)
        return batch

    def add(self, batch: int, jobs: Iterable[NamedJob], *, started_by: str | None = None) -> None:
        """Write more jobs of a batch down; one of its members may do so, since it has not ended.

        Exactly once only in a transaction that ends or checks the member: in `at_completion` or a
        chunk. Raises what `enqueue` raises, BatchEnded where nothing of the batch waits or runs
        and it is not kept open, and BatchCancelled.
        """
        now = self._now()
        members = self._members(jobs, started_by, now)
        with self._transaction():
            self._batches.check_takes(batch)
            self._put(members, batch, now)

    def close(self, batch: int) -> None:
        """Let a batch end that was kept open."""
        with self._transaction():
            self._batches.close(batch, self._now())

    def cancel_batch(self, batch: int) -> bool:
        """Let no more members of a batch run; tell whether there was anything to cancel.

        Those that wait are cancelled, those that run are asked to end. In the caller's transaction
        it all happens at once, else in lots; one that is claimed between two lots does not begin.
        """
        with self._transaction():
            was_cancelled = self._batches.mark_cancelled(batch, self._now())
        while was_cancelled and self._cancel_lot(batch) == LOT:
            pass
        return was_cancelled

    def _cancel_lot(self, batch: int) -> int:
        with self._transaction():
            return self._departures.end_waiting("batch = ?", (batch,), self._now())

    def _members(self, jobs: Iterable[NamedJob], started_by: str | None, now: int) -> list[Arrival]:
        return [
            self._arrival(name, payload, now=now, started_by=started_by) for name, payload in jobs
        ]

    def _put(self, members: Sequence[Arrival], batch: int, now: int) -> None:
        if members:
            arrivals.put_many(self._database, members, batch, now)
            self._tell(None)

    def _callbacks(
        self, callbacks: Mapping[Moment, NamedJob | None], batch: int, now: int
    ) -> dict[Moment, Arrival]:
        found = {}
        for moment, callback in callbacks.items():
            if callback is not None:
                name, payload = callback
                takes_it = self._registry[name].takes_batch
                whole = {**payload, BATCH: batch} if takes_it else payload
                found[moment] = self._arrival(name, whole, now=now)
        return found

    def _arrival(
        self,
        name: str,
        payload: Payload,
        *,
        now: int,
        run_at: int | None = None,
        then: Sequence[NamedJob] = (),
        priority: int | None = None,
        unique_key: str | None = None,
        started_by: str | None = None,
        batch: int | None = None,
    ) -> Arrival:
        declared = self._registry[name]
        message = self._codec.message(declared, payload, self._following(then))
        packed = self._codec.pack(message)
        is_for_later = run_at is not None and run_at > now
        return Arrival(
            job=name,
            queue=declared.queue,
            payload=packed.body,
            seal=packed.seal,
            priority=declared.priority if priority is None else priority,
            run_at=now if run_at is None else run_at,
            state="scheduled" if is_for_later else "queued",
            endpoint=declared.needs_network,
            unique_key=unique_key or (self._codec.key(message) if declared.unique else None),
            batch=batch,
            sensitive=self._codec.is_sensitive(message),
            started_by=started_by,
        )

    def _following(self, then: Sequence[NamedJob]) -> tuple[Message, ...]:
        return tuple(
            Message(name, self._registry[name].version, dict(payload)) for name, payload in then
        )

    def _tell(self, until: int | None = None) -> None:
        self._database.after_commit(lambda: self._arrived(until))

    def _transaction(self) -> AbstractContextManager[None]:
        """Join the caller's transaction, or begin one of the till."""
        return nullcontext() if self._database.in_transaction() else self._database.write()

    def _now(self) -> int:
        return to_ms(self._clock.now())
