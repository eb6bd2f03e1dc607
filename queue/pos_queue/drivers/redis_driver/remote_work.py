"""The workers of a runner without the shop's file, and what each of them holds just now."""

from __future__ import annotations

import logging
import threading
from contextlib import suppress
from dataclasses import dataclass, field

from pos_queue.drivers.redis_driver.board import Board, Held, Kind
from pos_queue.drivers.redis_driver.messages import packed
from pos_queue.drivers.redis_driver.remote_run import Workshop, attempt_at, unreadable
from pos_queue.drivers.redis_driver.server import HEAR_SECONDS, Patience, ServerAway
from pos_queue.engine.bell import Bell
from pos_queue.engine.choice import Choice
from pos_queue.engine.watchdog import stack_of
from pos_queue.failures import Failure, Outcome, out_of_time
from pos_queue.job_in_child import Answer, failed_answer

TROUBLE_SECONDS = 1.0

log = logging.getLogger(__name__)


@dataclass(eq=False)
class InWork:
    """A job in a worker's hands."""

    held: Held
    thread: int
    ends: float | None = None
    """When its limit is reached, on the clock that never runs backwards."""
    limit: float = 0.0
    is_over: bool = False
    """Whether the worker was robbed of it: what it says of the job counts no more."""
    lock: threading.Lock = field(default_factory=threading.Lock)

    def close(self) -> bool:
        """Say that it is over; tell whether this was the first to say so."""
        with self.lock:
            was_open, self.is_over = not self.is_over, True
        return was_open


class Work:
    """The threads that run jobs."""

    def __init__(self, workshop: Workshop, board: Board, owner: str, choice: Choice) -> None:
        self.bell = Bell()
        self.workshop = workshop
        self._board = board
        self._owner = owner
        self._choice = choice
        self._stopping = threading.Event()
        self._patience = Patience("a worker")
        self._guard = threading.Lock()
        self._in_work: list[InWork] = []
        self._threads: list[threading.Thread] = []

    def in_work(self) -> list[InWork]:
        """Return what is held now."""
        with self._guard:
            return [*self._in_work]

    def start(self, workers: int) -> None:
        """Start so many workers."""
        for _worker in range(workers):
            self._add_worker()

    def stop(self, within: float) -> None:
        """Begin nothing more; what has not ended within so many seconds is for others to run."""
        self._stopping.set()
        self.bell.close()
        threads = self._threads
        for thread in threads:
            thread.join(within / len(threads))
        left = [one.held for one in self.in_work() if one.close()]
        if left:
            with suppress(ServerAway):
                self._board.release(left)

    def lose(self, one: InWork) -> None:
        """Hear that a job has passed into other hands: its thread has no place here any more."""
        if one.close():
            log.warning("job %d has passed into other hands", one.held.number)
            self._drop(one)
            self._add_worker()

    def take_away(self, one: InWork) -> None:
        """Take a job that is past its limit away from its thread; raises ServerAway."""
        if not one.close():
            return
        failure = Failure(Outcome.TIMED_OUT, out_of_time(one.limit), stack_of(one.thread))
        self._drop(one)
        self._add_worker()
        self._answer(one, failed_answer(failure))

    def _add_worker(self) -> None:
        thread = threading.Thread(target=self._run, name="queue-worker", daemon=True)
        with self._guard:
            self._threads = [*(one for one in self._threads if one.is_alive()), thread]
            thread.start()

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                has_place = self._run_one()
            except ServerAway as error:
                self._stopping.wait(self._patience.lost(error))
                continue
            except Exception:
                log.exception("a worker could not go on; it tries again")
                self._stopping.wait(TROUBLE_SECONDS)
                continue
            self._patience.found()
            if not has_place:
                return

    def _run_one(self) -> bool:
        """Run a job, or sleep until there may be one; tell whether this thread has its place."""
        found = self._board.claim(self._owner, self._choice)
        if not found:
            self.bell.wait(HEAR_SECONDS)
            return True
        if self._stopping.is_set():
            self._board.release(found)
            return True
        self.bell.ring()
        one = InWork(found[0], threading.get_ident())
        with self._guard:
            self._in_work.append(one)
        answer = self._answer_to(one)
        if not one.close():
            return False
        try:
            self._answer(one, answer)
        finally:
            self._drop(one)
        return True

    def _answer_to(self, one: InWork) -> Answer:
        try:
            attempt = attempt_at(self.workshop, self._board, one.held)
        except Exception as error:  # noqa: BLE001 - an offer may be wrong in any way
            log.warning("job %d cannot be run here: %s", one.held.number, error)
            return unreadable(error)
        if attempt.job.limit is not None:
            one.limit = attempt.job.limit
            one.ends = self.workshop.clock.monotonic() + one.limit
        return attempt.run()

    def _answer(self, one: InWork, answer: Answer) -> None:
        """Leave an answer, however long the server is away, unless the runner ends before."""
        body = packed(self.workshop.codec, one.held, Kind.ENDED, answer)
        while True:
            try:
                if not self._board.say(one.held, Kind.ENDED, body):
                    log.warning("the answer of job %d comes too late", one.held.number)
            except ServerAway as error:
                if self._stopping.wait(self._patience.lost(error)):
                    raise
            else:
                return

    def _drop(self, one: InWork) -> None:
        with self._guard, suppress(ValueError):
            self._in_work.remove(one)
