"""The thread that works on the database: what waits together is committed together.

A disk writes a few hundred times a second at best, so reports that come at once share one commit.
What was asked for is answered only after that commit. A job that fails spoils none but itself.
"""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any, TypeVar

from pos_sync.relay.database import DatabaseFailed, Engine, Transaction

T = TypeVar("T")

_MOST_TOGETHER = 100
_MOST_WAITING = 2_000
_TRIES = 2
"""A connection that was lost is noticed by a failure; the next try has a new one."""

log = logging.getLogger(__name__)


class Busy(Exception):
    """More is asked of the database than it can do."""


@dataclass(eq=False)
class _Job:
    shop: str
    work: Callable[[Transaction], Any]
    future: Future[Any] = field(default_factory=Future)


class Lane:
    """One thread with one connection."""

    def __init__(self, open_engine: Callable[[], Engine], *, only_reads: bool = False) -> None:
        """Open the database; raises DatabaseRefused where it cannot be."""
        self._engine = open_engine()
        self._only_reads = only_reads
        self._jobs: deque[_Job] = deque()
        self._changed = threading.Condition()
        self._is_ending = False
        self._thread = threading.Thread(target=self._run, name="relay database", daemon=True)
        self._thread.start()

    def ask(self, shop: str, work: Callable[[Transaction], T]) -> Future[T]:
        """Let work be done in a transaction; what it returns comes after its commit.

        The future raises DatabaseFailed where it could not be done. Work may be begun twice, and
        counts once. Raises Busy where too much waits already.
        """
        job = _Job(shop, work)
        with self._changed:
            if len(self._jobs) >= _MOST_WAITING or self._is_ending:
                raise Busy
            self._jobs.append(job)
            self._changed.notify()
        return job.future

    def close(self) -> None:
        """Do what waits, and end."""
        with self._changed:
            self._is_ending = True
            self._changed.notify()
        self._thread.join()
        self._engine.close()

    def _run(self) -> None:
        while taken := self._next():
            # who has left meanwhile wants nothing any more; who is begun with stays to the end
            jobs = [job for job in taken if job.future.set_running_or_notify_cancel()]
            if not self._are_done(jobs):
                for job in jobs:
                    self._do_alone(job)

    def _next(self) -> list[_Job]:
        with self._changed:
            while not self._jobs and not self._is_ending:
                self._changed.wait()
            count = min(len(self._jobs), _MOST_TOGETHER)
            return [self._jobs.popleft() for _ in range(count)]

    def _are_done(self, jobs: Sequence[_Job]) -> bool:
        # in one order, so that two relays never wait for one another's shops
        jobs = sorted(jobs, key=lambda job: job.shop)
        try:
            with self._engine.transaction(only_reads=self._only_reads) as transaction:
                results = [job.work(transaction) for job in jobs]
        except Exception as error:  # noqa: BLE001 - each is tried alone, and told its own error
            log.warning("%d together have failed (%s)", len(jobs), type(error).__name__)
            return False
        for job, result in zip(jobs, results, strict=True):
            job.future.set_result(result)
        return True

    def _do_alone(self, job: _Job) -> None:
        for attempt in range(1, _TRIES + 1):
            try:
                with self._engine.transaction(only_reads=self._only_reads) as transaction:
                    result = job.work(transaction)
            except DatabaseFailed as error:
                if attempt == _TRIES:
                    job.future.set_exception(error)
            except Exception as error:  # noqa: BLE001 - told to who asked
                job.future.set_exception(error)
                return
            else:
                job.future.set_result(result)
                return
