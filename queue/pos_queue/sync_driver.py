"""The driver `sync`: the caller's own thread runs a job right after its commit.

For tests and small scripts. A job is written down as with any driver, so a crash loses nothing: the
next that opens the driver finds what was running, and the next enqueue runs it. Then, after the
outermost commit and before control returns, the caller's thread runs what waits, in the order of
the queue, and what follows from it. So no job ever runs inside a sale's transaction.

What this driver does not promise:

- a job that has failed, or asked for a later moment, or has one, is not waited for: it stays
  scheduled by the rules of its job, for a worker (`runner`). Nobody's sale hangs on a retry;
- the time limit of a job that runs in a thread is not kept: the thread is the caller's. One that
  runs in a child is ended at its limit as ever;
- the till waits for its jobs. A till that sells uses another driver.

Threads of one process take turns, so that a job has been run when control returns, by whichever of
them. An error of a job is kept with the job and never raised in the caller.
"""

from __future__ import annotations

import logging
import threading
from datetime import datetime
from typing import Any

from pos_queue import recovery
from pos_queue.intake import Intake
from pos_queue.job_engine import JobEngine
from pos_queue.owner import Owner
from pos_queue.owners import Owners
from pos_queue.run import Run
from pos_queue.runner import CLOSED, DIED, STOP_SECONDS, Premises, Runner, Terms, pool_of

log = logging.getLogger(__name__)


class SyncDriver:
    """Runs jobs in the threads that enqueue them."""

    def __init__(self, premises: Premises) -> None:
        """Take back what a dead program was running; raises OwnerError."""
        self._premises = premises
        self._turn = threading.RLock()
        self._is_running = False
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
        )
        self.intake = Intake(
            premises.database,
            premises.registry,
            premises.codec,
            premises.clock,
            lambda until: self.run_waiting() if until is None else None,
        )
        self._take_back_orphans()

    def runner(self, terms: Terms | None = None) -> Runner:
        """Return workers for what the callers do not run: retries and jobs with a moment."""
        return Runner(self._premises, terms)

    def run_waiting(self) -> None:
        """Run what waits, in this thread; inside a job it is left to whoever runs that job."""
        with self._turn:
            if self._is_running:
                return
            self._is_running = True
            try:
                self._run_all()
            except Exception:
                log.exception("the queue could not go on; its jobs wait in the file")
            finally:
                self._is_running = False

    def close(self) -> None:
        """Let what this process was running wait again; raises nothing of the jobs."""
        with self._turn:
            if self._pool is not None:
                self._pool.close(STOP_SECONDS)
            self._take_back(self._owner.id, CLOSED)
            self._owner.stop()

    def _run_all(self) -> None:
        self._engine.give_back_unsettled()
        while (task := self._engine.dequeue()) is not None:
            self._engine.execute(task)

    def _take_back_orphans(self) -> None:
        self._owners.sweep(lambda dead: self._take_back(dead, DIED))
        for owner in recovery.orphans(self._premises.database, self._owners.is_alive):
            self._take_back(owner, DIED)

    def _take_back(self, owner: str | None, why: str) -> None:
        with self._premises.database.write_bulk():
            recovery.take_back(self._premises.database, owner, self._engine.now(), why)


class _SyncEngine(JobEngine):
    """Lets a caller that is interrupted in the middle of a job be interrupted."""

    def attempt(self, run: Run, timestamp: datetime | None = None) -> Any:
        """Run a claimed task; raises KeyboardInterrupt once the job waits again."""
        value = super().attempt(run, timestamp)
        if run.is_interrupted:
            raise KeyboardInterrupt
        return value
