"""Several jobs in one commit, for bodies that only write to the shop's file.

One transaction takes jobs of a kind from the head of their queue, runs each body in a savepoint of
its own, and ends them. A kill rolls all of it back, so that nothing has to be claimed: each job is
still waiting. The file is held for a few milliseconds at most.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from pos_queue.engine.claims import Claim
from pos_queue.engine.run import Run
from pos_queue.errors import ClaimLost

if TYPE_CHECKING:
    from pos_queue.engine.engine import DurableHuey

MOST_JOBS = 100
HOLD_SECONDS = 0.002
"""How long a group may hold the file, the commit not counted."""

log = logging.getLogger(__name__)


class Group:
    """One job that was claimed, and those that follow it in its queue."""

    def __init__(self, engine: DurableHuey, first: Any) -> None:
        self._engine = engine
        self._storage = engine.durable
        self._first = first
        self._runs: list[Run] = []
        self._done: list[Claim] = []
        self._begun = 0

    def execute(self) -> None:
        """Run as many as fit into one hold of the file."""
        engine, claim, taken = self._engine, self._first.claim, None
        try:
            with self._storage.database.write_bulk():
                self._storage.claims.check(claim)
                self._run_all(claim)
                taken = engine.take_next(engine.now())
        except ClaimLost as lost:
            log.warning("%s; what its group did is not recorded", lost)
            return
        except BaseException as error:
            engine.is_unsettled(claim, error, self._begun + (taken is not None))
            if not isinstance(error, Exception):
                raise
            return
        for run in self._runs:
            run.tell()
        engine.has_taken(taken)

    def _run_all(self, claim: Claim) -> None:
        clock, now = self._engine.clock, self._engine.now()
        ends = clock.monotonic() + HOLD_SECONDS
        self._run(self._first, claim)
        allowed = self._engine.allowance.take(MOST_JOBS)
        try:
            for more in self._storage.claims.next_of(claim, allowed, now):
                if clock.monotonic() >= ends or not self._run_further(more, now):
                    break
                self._begun += 1
        finally:
            self._engine.allowance.took(allowed, self._begun)
        if self._done:
            self._storage.settling.end_many(self._done, self._engine.now())

    def _run_further(self, claim: Claim, now: int) -> bool:
        """Run one more, unless it cannot be read; tell whether its queue's rate has allowed it."""
        task = self._engine.readable(claim)
        if task is None:
            return True
        if not self._engine.limits.count(claim.queue, now):
            return False
        self._run(task, claim)
        return True

    def _run(self, task: Any, claim: Claim) -> None:
        run = Run(self._storage, task, claim, shares=True)
        self._engine.attempt(run)
        if run.is_plainly_done:
            self._done.append(claim)
        else:
            run.settle(self._engine.now())
        task.claim = None
        self._runs.append(run)
