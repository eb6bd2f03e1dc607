"""What runs the jobs of the driver `sync`: an engine in the thread of whoever calls."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from pos_queue.engine.job_engine import JobEngine
from pos_queue.engine.run import Run
from pos_queue.engine.runner import pool_of
from pos_queue.owners import recovery
from pos_queue.owners.owner import Owner
from pos_queue.owners.owners import Owners
from pos_queue.owners.recovery import CLOSED, DIED
from pos_queue.premises import STOP_SECONDS, Premises


class SyncWork:
    """An engine without workers; for one thread at a time."""

    def __init__(self, premises: Premises, wake_others: Callable[[], None]) -> None:
        """Take back what a dead program was running; raises OwnerError."""
        self._database = premises.database
        self._owner = Owner(premises.locks, premises.new_id, file_mode=premises.file_mode)
        self._owner.start(0)
        self._owners = Owners(premises.locks)
        self._pool = pool_of(premises, 1)
        self._engine = _SyncEngine(
            "pos",
            registry=premises.registry,
            codec=premises.codec,
            chance=premises.chance,
            pool=self._pool,
            database=premises.database,
            owner=self._owner.id,
            clock=premises.clock,
            wake_others=wake_others,
        )
        self._engine.durable.departures.leaving = premises.leaving
        self._engine.durable.departures.dropped = premises.dropped
        self._engine.durable.departures.batches.over = premises.batch_over
        self._take_back_orphans()

    def run_all(self) -> None:
        """Run what waits, and what follows from it."""
        self._engine.unsettled.give_back()
        while (task := self._engine.dequeue()) is not None:
            self._engine.execute(task)

    def close(self) -> None:
        """Let what this process was running wait again."""
        if self._pool is not None:
            self._pool.close(STOP_SECONDS)
        self._take_back(self._owner.id, CLOSED)
        self._owner.stop()

    def _take_back_orphans(self) -> None:
        self._owners.sweep(lambda dead: self._take_back(dead, DIED))
        for owner in recovery.orphans(self._database, self._owners.is_alive):
            self._take_back(owner, DIED)

    def _take_back(self, owner: str | None, why: str) -> None:
        with self._database.write_bulk():
            recovery.take_back(self._database, owner, self._engine.now(), why)


class _SyncEngine(JobEngine):
    """Lets a caller that is interrupted in the middle of a job be interrupted."""

    def attempt(self, run: Run, timestamp: datetime | None = None) -> Any:
        """Run a claimed task; raises KeyboardInterrupt once the job waits again."""
        value = super().attempt(run, timestamp)
        if run.is_interrupted:
            raise KeyboardInterrupt
        return value
