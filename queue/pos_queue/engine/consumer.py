"""Huey's consumer as a plain object that blocks in any thread: no signals, no polling.

Workers sleep until the bell rings. The scheduler sleeps until something is due, a second at most,
and does its chores without a statement where nothing has happened.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from typing import Any

from huey.consumer import Consumer, Scheduler, ThreadEnvironment, Worker, WorkerRecycle

from pos_queue.engine.lane import Lane
from pos_queue.moments import to_ms

TICK_SECONDS = 1.0
"""How long the scheduler rests at most."""

log = logging.getLogger(__name__)


class StopFlag(threading.Event):
    """An event that also wakes whoever sleeps on something else."""

    def __init__(self, wake: Callable[[], None]) -> None:
        super().__init__()
        self._wake = wake

    def set(self) -> None:
        """Stop, and wake everybody."""
        super().set()
        self._wake()


class QueueWorker(Worker):  # type: ignore[misc]
    """Takes one job after the other; sleeps where there is none."""

    lane: Lane
    """The kind of worker it is."""
    is_in_its_thread = False
    is_given_up = False
    """Whether the job that this worker runs has passed its limit: its thread ends after it."""

    def initialize(self) -> None:
        """Begin in the worker's own thread."""
        self.is_in_its_thread = True
        self.huey.work_in(self.lane)
        super().initialize()

    def loop(self, now: Any = None) -> None:
        """Run one job, or sleep until there may be one."""
        self.huey.take_next_with_the_last(self._may_take_more())
        super().loop(now)
        if self.is_given_up:
            raise WorkerRecycle

    def sleep(self) -> None:
        """Sleep until the bell rings."""
        if not self.stop_flag.is_set():
            self.huey.rests()
            self.lane.bell.wait()

    def shutdown(self) -> None:
        """Give back what was taken ahead, and this thread's connection."""
        try:
            super().shutdown()
            self.huey.give_back()
        finally:
            self.huey.storage.close()

    def _may_take_more(self) -> bool:
        has_time = self.is_in_its_thread and not self.stop_flag.is_set() and not self.is_given_up
        return has_time and (not self.max_tasks or self.task_count + 1 < self.max_tasks)


class QueueScheduler(Scheduler):  # type: ignore[misc]
    """Lets go what is due, and does the chores of the queue."""

    def loop(self, now: Any = None) -> None:
        """Look once, then rest until something is due or a second has passed."""
        moment = self.huey.now() if now is None else to_ms(now)
        self._guarded(lambda: self.huey.release_due(moment))
        if self.periodic and self._next_periodic <= self.huey.clock.monotonic():
            while self._next_periodic <= self.huey.clock.monotonic():
                self._next_periodic += self.periodic_task_seconds
            self._guarded(lambda: self.enqueue_periodic_tasks(now))
        for chore in self.huey.chores:
            self._guarded(chore)
        if now is None and not self.stop_flag.is_set():
            self.huey.due.bell.wait(self._rest())

    def shutdown(self) -> None:
        """Give this thread's connection back."""
        self.huey.storage.close()

    def _rest(self) -> float:
        until_due = (self.huey.due.moment - self.huey.now()) / 1000
        return float(min(TICK_SECONDS, max(0.0, until_due)))

    def _guarded(self, chore: Callable[[], object]) -> None:
        try:
            chore()
        except Exception:
            log.exception("a chore of the queue failed; it comes round again")
            self.stop_flag.wait(TICK_SECONDS / 10)


class QueueConsumer(Consumer):  # type: ignore[misc]
    """Workers and a scheduler in threads; `run` blocks until `stop` was called."""

    worker_class = QueueWorker
    scheduler_class = QueueScheduler
    handles_signals = True
    """Whether the signals of the process stop it; only where it is started in the main thread."""

    scheduler: Any

    def __init__(self, engine: Any, *, lanes: Sequence[Lane] = (), **options: Any) -> None:
        """Take the lane of each worker; without them all work in the first of the engine."""
        self.lanes = lanes
        self._renewing = threading.Lock()
        super().__init__(engine, **options)

    def get_environment(self, worker_type: str) -> Any:
        """Return threads whose stop flag rings the bells."""
        environment = super().get_environment(worker_type)
        if isinstance(environment, ThreadEnvironment):
            environment.get_stop_flag = lambda: StopFlag(self.huey.close_bells)
        return environment

    def start(self) -> None:
        """Start the threads; the bells are heard again."""
        self.huey.open_bells()
        super().start()

    def _set_signal_handlers(self) -> None:
        if self.handles_signals:
            super()._set_signal_handlers()

    def stop_within(self, seconds: float) -> bool:
        """Stop all threads; tell whether all had ended within the time."""
        self.stop_flag.set()
        self.shutdown_timeout = seconds
        ended: bool = self._join_workers()
        return ended

    def give_up(self, thread_ident: int) -> None:
        """Put another worker into the place of one whose job does not return."""
        for place, (worker, thread) in enumerate(self.worker_threads):
            if thread.ident == thread_ident and not worker.is_given_up:
                worker.is_given_up = True
                self._renew(place, thread)

    def check_worker_health(self) -> bool:
        """Renew threads that have ended; tell whether none had."""
        ended = [
            (place, thread)
            for place, (_, thread) in enumerate(self.worker_threads)
            if not thread.is_alive()
        ]
        for place, thread in ended:
            log.warning("worker %d of the queue has ended and is started anew", place + 1)
            self._renew(place, thread)
        if not self.scheduler.is_alive():
            log.warning("the scheduler of the queue has ended and is started anew")
            self.scheduler = self._create_process(self._create_scheduler(), "Scheduler")
            self.scheduler.start()
        return not ended

    def _create_worker(self) -> QueueWorker:
        """Return a worker for the next free place."""
        worker: QueueWorker = super()._create_worker()
        place = len(self.worker_threads)
        worker.lane = self.lanes[place] if self.lanes else self.huey.lanes[0]
        return worker

    def _renew(self, place: int, before: threading.Thread) -> None:
        """Put another worker into the place of one, unless another thread has done so.

        It is in its place once it has begun: who ends the workers meanwhile waits for each there.
        """
        with self._renewing:
            if self.worker_threads[place][1] is not before:
                return
            worker = super()._create_worker()
            worker.lane = self.worker_threads[place][0].lane
            thread = self._create_process(worker, f"Worker-{place + 1}")
            thread.start()
            self.worker_threads[place] = (worker, thread)
