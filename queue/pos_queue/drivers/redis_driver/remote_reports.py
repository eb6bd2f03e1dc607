"""Where the words of a job's context go on a machine without the shop's file: to the board."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from pos_queue.clock import Clock
from pos_queue.codec import Codec
from pos_queue.drivers.redis_driver.board import Board, Held, Hold, Kind
from pos_queue.drivers.redis_driver.messages import packed
from pos_queue.drivers.redis_driver.server import ServerAway
from pos_queue.errors import ClaimLost, TryLater
from pos_queue.job import Job
from pos_queue.progress import ASKED_SECONDS, SHOWN_SECONDS

AWAY_SECONDS = 5.0
"""After what time a job is tried again whose cursor could not be kept."""


class RemoteReports:
    """The words of one attempt; ClaimLost is raised once others have the job.

    While the server is away nothing is shown and nobody is heard; a cursor that cannot be kept
    raises TryLater.
    """

    def __init__(self, board: Board, held: Held, job: Job, codec: Codec, clock: Clock) -> None:
        self._board = board
        self._held = held
        self._job = job
        self._codec = codec
        self._clock = clock
        self._ends = None if job.limit is None else clock.monotonic() + job.limit
        self._shown = self._asked = float("-inf")
        self._is_cancelled = False

    def first_cursor(self) -> Any:
        """Return what an earlier attempt has kept, wherever it ran."""
        return self._codec.load(self._job, self._held.cursor)

    def progress(self, done: int, total: int | None, message: str) -> None:
        """Show how far the job is, unless that was done a moment ago."""
        now = self._clock.monotonic()
        if now < self._shown + SHOWN_SECONDS and done != total:
            return
        self._shown = now
        with suppress(ServerAway):
            self._say(Kind.PROGRESS, [done, total, None if self._job.sensitive else message])

    @contextmanager
    def write(self) -> Iterator[None]:
        """Keep what a checkpoint keeps; there is no file here for anything else."""
        yield

    def keep_cursor(self, cursor: Any) -> None:
        """Keep a cursor, for the next attempt wherever it runs."""
        body = self._codec.dump(self._job, cursor)
        try:
            self._say(Kind.CURSOR, body, body or b"")
        except ServerAway as error:
            raise TryLater(AWAY_SECONDS, str(error)) from error

    def is_cancelled(self) -> bool:
        """Tell whether somebody asked the job to end."""
        now = self._clock.monotonic()
        if not self._is_cancelled and now >= self._asked + ASKED_SECONDS:
            self._asked = now
            with suppress(ServerAway):
                self._is_cancelled = self._look() is Hold.CANCEL_ASKED
        return self._is_cancelled

    def is_paused(self) -> bool:
        """Say that it is not: a job on another machine is not halted, only not begun."""
        return False

    def left(self) -> float | None:
        """Return the seconds until the time limit, None where there is none."""
        return None if self._ends is None else max(0.0, self._ends - self._clock.monotonic())

    def _look(self) -> Hold:
        hold = self._board.look(self._held)
        if hold is Hold.LOST:
            raise self._lost()
        return hold

    def _say(self, kind: Kind, said: Any, cursor: bytes = b"") -> None:
        body = packed(self._codec, self._held, kind, said)
        if not self._board.say(self._held, kind, body, cursor):
            raise self._lost()

    def _lost(self) -> ClaimLost:
        return ClaimLost(f"job {self._held.number} has passed into other hands")
