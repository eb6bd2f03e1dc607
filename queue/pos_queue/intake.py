"""The door by which jobs come in: light enough for the till, without Huey.

    intake.enqueue("send_receipt", {"sale_id": sale.id})

stands in the caller's transaction where there is one: a sale and its jobs are committed together,
or not at all.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from pos_queue import arrivals
from pos_queue.arrivals import Arrival
from pos_queue.clock import Clock
from pos_queue.codec import Codec, Message
from pos_queue.database import Database
from pos_queue.job import Payload, Registry
from pos_queue.moments import to_ms

Then = tuple[str, Payload]
"""A job that follows: its name and payload."""


class Intake:
    """Takes jobs into one file."""

    def __init__(
        self,
        database: Database,
        registry: Registry,
        codec: Codec,
        clock: Clock,
        arrived: Callable[[int | None], None] = lambda _until: None,
    ) -> None:
        """Take `arrived`, called after the commit with the moment until which the job waits."""
        self._database = database
        self._registry = registry
        self._codec = codec
        self._clock = clock
        self._arrived = arrived

    def enqueue(
        self,
        name: str,
        payload: Payload | None = None,
        *,
        at: datetime | None = None,
        then: Sequence[Then] = (),
        priority: int | None = None,
        unique_key: str | None = None,
        started_by: str | None = None,
        batch: int | None = None,
    ) -> int:
        """Write a job down and return its number; it runs from `at` on, else as soon as it can.

        The jobs of `then` follow one after the other, each once the one before has succeeded. Of
        jobs with one unique key one waits or runs at a time: the number is then the other's.
        Raises UnknownJob, and PayloadMismatch where a payload does not fit its job.
        """
        declared = self._registry[name]
        message = self._codec.message(declared, payload or {}, self._following(then))
        packed = self._codec.pack(message)
        now = to_ms(self._clock.now())
        run_at = now if at is None else to_ms(at)
        arrival = Arrival(
            job=name,
            queue=declared.queue,
            payload=packed.body,
            seal=packed.seal,
            priority=declared.priority if priority is None else priority,
            run_at=run_at,
            state="scheduled" if run_at > now else "queued",
            endpoint=declared.needs_network,
            unique_key=unique_key or (self._codec.key(message) if declared.unique else None),
            batch=batch,
            sensitive=self._codec.is_sensitive(message),
            started_by=started_by,
        )
        return self._put(arrival, now)

    def _put(self, arrival: Arrival, now: int) -> int:
        if not self._database.in_transaction():
            with self._database.write():
                return self._put(arrival, now)
        number, is_new = arrivals.put(self._database, arrival, now)
        if is_new:
            until = arrival.run_at if arrival.state == "scheduled" else None
            self._database.after_commit(lambda: self._arrived(until))
        return number

    def _following(self, then: Sequence[Then]) -> tuple[Message, ...]:
        return tuple(
            Message(name, self._registry[name].version, dict(payload)) for name, payload in then
        )
