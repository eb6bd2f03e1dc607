"""The driver `sync`: the caller's own thread runs a job right after its commit.

For tests and small scripts. A job is written down as with any driver, so a crash loses nothing: the
next enqueue finds what was running, and runs it. Then, after the outermost commit and before
control returns, the caller's thread runs what waits, in the order of the queue, and what follows
from it. So no job ever runs inside a sale's transaction.

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
from typing import TYPE_CHECKING

from pos_queue.intake import Intake
from pos_queue.owners.waker import Waker
from pos_queue.premises import Premises, Terms

if TYPE_CHECKING:
    from pos_queue.drivers.sync_work import SyncWork
    from pos_queue.engine.runner import Runner

log = logging.getLogger(__name__)


class SyncDriver:
    """Runs jobs in the threads that enqueue them."""

    def __init__(self, premises: Premises) -> None:
        """Begin with nothing: what runs jobs is loaded for the first that comes."""
        self._premises = premises
        self._waker = Waker(premises.locks)
        self._turn = threading.RLock()
        self._is_running = False
        self._work: SyncWork | None = None
        self.intake = Intake(
            premises.database,
            premises.registry,
            premises.codec,
            premises.clock,
            self._arrived,
            batch_over=premises.batch_over,
            dropped=premises.dropped,
        )

    def runner(self, terms: Terms | None = None, premises: Premises | None = None) -> Runner:
        """Return workers for what the callers do not run: retries and jobs with a moment."""
        from pos_queue.engine.runner import Runner

        return Runner(premises or self._premises, terms)

    def wake(self) -> None:
        """Wake the workers, where there are some: the caller has enqueued nothing."""
        self._waker()

    def run_waiting(self) -> None:
        """Run what waits, in this thread; inside a job it is left to whoever runs that job."""
        with self._turn:
            if self._is_running:
                return
            self._is_running = True
            try:
                self._opened().run_all()
            except Exception:
                log.exception("the queue could not go on; its jobs wait in the file")
            finally:
                self._is_running = False

    def close(self) -> None:
        """Let what this process was running wait again; raises nothing of the jobs."""
        with self._turn:
            if self._work is not None:
                self._work.close()
            self._work = None
        self._waker.close()

    def _arrived(self, until: int | None) -> None:
        if until is None:
            self.run_waiting()
        else:
            self.wake()

    def _opened(self) -> SyncWork:
        if self._work is None:
            from pos_queue.drivers.sync_work import SyncWork

            self._work = SyncWork(self._premises, self.wake)
        return self._work
