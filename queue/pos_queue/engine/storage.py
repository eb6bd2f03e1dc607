"""Huey's storage in the shop's file: a task that is taken stays there until it is acknowledged.

Huey hands over bytes; those of a task carry the task itself (`TaskBytes`), so that one that waits
again moves its own row instead of making a second one. A method that is called in a transaction
joins it.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from typing import Any

from huey.constants import EmptyData
from huey.storage import BaseStorage

from pos_queue import arrivals
from pos_queue.arrivals import Arrival
from pos_queue.database import Database
from pos_queue.departures import LOT, Departures
from pos_queue.engine.claims import Claim, ClaimedBytes, Claims, take_scheduled
from pos_queue.engine.settling import Settling
from pos_queue.engine.values import Values
from pos_queue.moments import to_ms
from pos_queue.schema import jobs_of


class TaskBytes(bytes):
    """A serialized task that remembers the task."""

    task: Any
    arrival: Arrival | None = None
    """How a declared job comes into the table; None for a plain task of Huey's."""


class DurableStorage(BaseStorage):  # type: ignore[misc]
    """One owner's view of the queue in one file."""

    blocking = False

    def __init__(
        self,
        name: str,
        *,
        database: Database,
        owner: str,
        now: Callable[[], int],
        arrived: Callable[[int | None], None],
    ) -> None:
        """Take `arrived`, called after a commit with the moment until which the arrival waits."""
        super().__init__(name)
        self.database = database
        self.claims = Claims(database, owner)
        self.departures = Departures(database, lambda: self.tell(None))
        self.settling = Settling(database, self.departures)
        self.values = Values(database, now)
        self.now = now
        self._arrived = arrived

    def close(self) -> None:
        """Close this thread's connection."""
        self.database.close()

    def transaction(self) -> AbstractContextManager[None]:
        """Join the transaction of this thread, or begin one."""
        return nullcontext() if self.database.in_transaction() else self.database.write_bulk()

    def enqueue(self, data: bytes, priority: float | None = None) -> None:
        """Let a task wait for a worker."""
        with self.transaction():
            if claim := _claim_of(data):
                self._wait_again(claim, data, state="queued", run_at=behind(self.now()))
            else:
                self._put(data, state="queued", run_at=self.now(), priority=priority or 0.0)

    def dequeue(self) -> bytes | None:
        """Claim the task whose turn it is."""
        with self.transaction():
            claim = self.claims.take(self.now())
        return claimed_bytes(claim) if claim else None

    def queue_size(self) -> int:
        """Return how many tasks wait for a worker."""
        return self._count("queued")

    def enqueued_items(self, limit: int | None = None) -> list[bytes]:
        """Return the tasks that wait for a worker, in their order."""
        return self._payloads("queued", "priority DESC, run_at, number", limit)

    def flush_queue(self) -> None:
        """Remove the tasks that wait for a worker; the history keeps them as cancelled."""
        self._remove("queued")

    def add_to_schedule(self, data: bytes, ts: datetime) -> None:
        """Let a task wait for a moment."""
        run_at = to_ms(ts)
        with self.transaction():
            if claim := _claim_of(data):
                self._wait_again(claim, data, state="scheduled", run_at=run_at)
            else:
                self._put(data, state="scheduled", run_at=run_at, priority=0.0)

    def read_schedule(self, ts: datetime) -> list[bytes]:
        """Claim the tasks whose moment has come; they are lost by nobody who holds them."""
        with self.transaction():
            claims = take_scheduled(self.database, self.claims.owner, to_ms(ts), self.now())
        return [claimed_bytes(claim) for claim in claims]

    def schedule_size(self) -> int:
        """Return how many tasks wait for a moment."""
        return self._count("scheduled")

    def scheduled_items(self, limit: int | None = None) -> list[bytes]:
        """Return the tasks that wait for a moment, the soonest first."""
        return self._payloads("scheduled", "run_at, number", limit)

    def flush_schedule(self) -> None:
        """Remove the tasks that wait for a moment; the history keeps them as cancelled."""
        self._remove("scheduled")

    def put_data(self, key: str, value: bytes, is_result: bool = False) -> None:  # noqa: ARG002, FBT001, FBT002 - Huey's signature
        """Keep a value."""
        with self.transaction():
            self.values.put(_text(key), value)

    def peek_data(self, key: str) -> Any:
        """Return a value, or EmptyData."""
        found = self.values.get(_text(key))
        return EmptyData if found is None else found

    def peek_many(self, keys: list[str]) -> dict[str, bytes]:
        """Return the values that there are."""
        return self.values.get_many([_text(key) for key in keys])

    def pop_data(self, key: str) -> Any:
        """Return and remove a value, or return EmptyData."""
        with self.transaction():
            found = self.peek_data(key)
            self.values.delete(_text(key))
        return found

    def delete_data(self, key: str) -> bool:
        """Remove a value; tell whether there was one."""
        with self.transaction():
            return self.values.delete(_text(key))

    def has_data_for_key(self, key: str) -> bool:
        """Tell whether there is a value."""
        return self.values.get(_text(key)) is not None

    def put_if_empty(self, key: str, value: bytes, ttl: int | None = None) -> bool:
        """Keep a value, for so many seconds, where there is none; tell whether that was so."""
        expires_at = None if ttl is None else self.now() + int(ttl * 1000)
        with self.transaction():
            return self.values.put_if_empty(_text(key), value, expires_at)

    def incr(self, key: str, amount: int = 1) -> int:
        """Add to a counter; return what it is now."""
        with self.transaction():
            return self.values.add(_text(key), amount)

    def delete_counter(self, key: str) -> None:
        """Remove a counter."""
        with self.transaction():
            self.values.delete_counter(_text(key))

    def result_store_size(self) -> int:
        """Return how many values there are."""
        return self.values.count()

    def result_items(self) -> dict[str, bytes]:
        """Return every value."""
        return self.values.all()

    def flush_results(self) -> None:
        """Remove every value."""
        with self.transaction():
            self.values.delete_all()

    def flush_counters(self) -> None:
        """Remove every counter."""
        with self.transaction():
            self.values.delete_counters()

    def _wait_again(self, claim: Claim, data: bytes, *, state: str, run_at: int) -> None:
        if _arrival_of(data) is None:
            priority = getattr(data, "task").priority or 0.0  # noqa: B009 - bytes of a task
            self.settling.replace_payload(claim, data, priority)
        self.settling.requeue(claim, run_at=run_at, state=state)
        self.tell(run_at if state == "scheduled" else None)

    def _put(self, data: bytes, *, state: str, run_at: int, priority: float) -> None:
        arrival = _arrival_of(data) or Arrival(
            job=_name_of(data), queue=self.name, payload=bytes(data), priority=priority,
            run_at=run_at, state=state,
        )  # fmt: skip
        arrivals.put(self.database, arrival, self.now())
        self.tell(arrival.run_at if arrival.state == "scheduled" else None)

    def tell(self, until: int | None) -> None:
        """Say after the commit that a job waits, until then or for a worker."""
        self.database.after_commit(lambda: self._arrived(until))

    def _count(self, state: str) -> int:
        sql = f"SELECT count(*) FROM {jobs_of(state)}"
        return int(self.database.execute_sql(sql).fetchone()[0])

    def _payloads(self, state: str, order: str, limit: int | None) -> list[bytes]:
        sql = f"SELECT j.payload FROM {jobs_of(state)} ORDER BY {order} LIMIT ?"
        return [row[0] for row in self.database.execute_sql(sql, (limit or -1,)).fetchall()]

    def _remove(self, state: str) -> None:
        while self._remove_lot(state) == LOT:
            pass

    def _remove_lot(self, state: str) -> int:
        with self.transaction():
            return self.departures.end_waiting(
                f"number IN (SELECT j.number FROM {jobs_of(state)})", (), self.now()
            )


def behind(now: int) -> int:
    """Return the moment of a job that waits again: behind those that came in this millisecond.

    It keeps its number, and would otherwise go before them.
    """
    return now + 1


def claimed_bytes(claim: Claim) -> ClaimedBytes:
    """Return the payload of a claim as Huey carries it."""
    data = ClaimedBytes(claim.payload)
    data.claim = claim
    return data


def _claim_of(data: bytes) -> Claim | None:
    """Return the claim of a task that waits again; the task is rid of it from here on."""
    task = getattr(data, "task", None)
    claim: Claim | None = getattr(task, "claim", None)
    if task is not None:
        task.claim = None
    return claim


def _arrival_of(data: bytes) -> Arrival | None:
    return getattr(data, "arrival", None)


def _name_of(data: bytes) -> str:
    task = getattr(data, "task", None)
    return f"{type(task).__module__}.{type(task).__name__}" if task is not None else ""


def _text(key: Any) -> str:
    return key.decode() if isinstance(key, bytes) else str(key)
