"""The database lane: one worker that does every write of the till, in the order of asking.

The screen hands work over and goes on; what became of it comes back through the adapter. A plain
thread and a queue: nothing of Qt can be destroyed under it.
"""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from pos_desktop.domain.errors import PosError

T = TypeVar("T")
Post = Callable[[Callable[[], None]], None]
"""Hands an act to the screen's thread."""

DRAIN_SECONDS = 2.0
REST_SECONDS = 0.02
"""How long a write that nobody waits for is left lying: the screen paints first, and a burst of
scans is written once."""

logger = logging.getLogger(__name__)


class StateWrite(Protocol):
    """A write of something as it is now, in full: an older one need not be made any more.

    It must hold all that an older one with an equal `replaces` held and that is not on disk yet.
    """

    @property
    def replaces(self) -> Hashable:
        """What it is the state of."""

    def __call__(self) -> None:
        """Write it."""


@dataclass(frozen=True, slots=True)
class _Job:
    work: Callable[[], Any]
    then: Callable[[Any], None] | None
    failed: Callable[[Exception], None]
    awaited: bool
    replaces: Hashable = None
    """What an older job of the same kind may be replaced by; None: nothing."""


class DatabaseLane:
    """Runs the till's writes one after another.

    Of several states of one thing that wait in a row, such as those of the open cart during a
    burst of scans, the newest alone goes to disk.
    """

    def __init__(
        self,
        post: Post,
        *,
        failed: Callable[[Exception], None],
        at_end: Callable[[], None] = lambda: None,
    ) -> None:
        """Take `failed` for writes that nobody waits for; `at_end` runs last, in the worker."""
        self.post = post
        self._failed = failed
        self._at_end = at_end
        self._condition = threading.Condition()
        self._jobs: deque[_Job] = deque()
        self._running = False
        self._hurried = False
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name="database lane", daemon=True)

    def start(self) -> None:
        """Start the worker; what was handed over before runs first."""
        self._thread.start()

    def later(self, write: Callable[[], None]) -> None:
        """Run a write that nobody waits for; a failure is told to the screen."""
        self._put(_Job(write, None, self._failed, awaited=False))

    def keep(self, write: StateWrite) -> None:
        """Run a write of a state that nobody waits for, unless a newer one takes its place."""
        self._put(_Job(write, None, self._failed, awaited=False, replaces=write.replaces))

    def submit(
        self,
        work: Callable[[], T],
        then: Callable[[T], None],
        failed: Callable[[Exception], None] | None = None,
    ) -> None:
        """Run work, then hand its result, or its exception, to the screen's thread."""
        self._put(_Job(work, then, failed or self._failed, awaited=True))

    def wait_until_idle(self, seconds: float) -> bool:
        """Wait until nothing is left to do; tell whether that was so within the time."""
        with self._condition:
            self._hurried = True
            self._condition.notify_all()
            try:
                return self._condition.wait_for(self._is_idle, seconds)
            finally:
                self._hurried = False

    def _is_idle(self) -> bool:
        return not self._thread.is_alive() or not (self._jobs or self._running)

    def stop(self, seconds: float = DRAIN_SECONDS) -> bool:
        """Finish what waits and end the worker; tell whether that was done within the time."""
        with self._condition:
            self._stopping = True
            self._condition.notify_all()
        if self._thread.is_alive():
            self._thread.join(seconds)
        return not self._thread.is_alive()

    def _put(self, job: _Job) -> None:
        with self._condition:
            if self._stopping:
                raise RuntimeError("the lane is closed")
            last = self._jobs[-1] if self._jobs else None
            if last and job.replaces is not None and last.replaces == job.replaces:
                self._jobs.pop()
            self._jobs.append(job)
            self._condition.notify_all()

    def _run(self) -> None:
        try:
            while job := self._next():
                self._do(job)
                self._rest()
        finally:
            self._at_end()

    def _next(self) -> _Job | None:
        with self._condition:
            if not self._jobs:
                self._condition.wait_for(lambda: self._jobs or self._stopping)
                self._condition.wait_for(self._is_urgent, REST_SECONDS)
            self._running = bool(self._jobs)
            return self._jobs.popleft() if self._jobs else None

    def _rest(self) -> None:
        with self._condition:
            self._running = False
            self._condition.notify_all()

    def _is_urgent(self) -> bool:
        return self._stopping or self._hurried or any(job.awaited for job in self._jobs)

    def _do(self, job: _Job) -> None:
        try:
            result = job.work()
        except Exception as error:
            if not isinstance(error, PosError):
                logger.info("a job of the lane failed", exc_info=error)
            self._tell(job.failed, error)
        else:
            if job.then is not None:
                self._tell(job.then, result)

    def _tell(self, whom: Callable[[Any], None], what: Any) -> None:
        try:
            self.post(lambda: whom(what))
        except RuntimeError:
            logger.warning("the window is gone; nobody is left to tell")
