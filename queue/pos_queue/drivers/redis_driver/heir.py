"""Lets offers wait again that a dead runner of this machine had claimed and not taken home."""

from __future__ import annotations

import logging
from queue import SimpleQueue

from pos_queue.database import Database
from pos_queue.drivers.redis_driver.board import Board
from pos_queue.drivers.redis_driver.forwards import Forwards
from pos_queue.drivers.redis_driver.server import ServerAway

log = logging.getLogger(__name__)


class Heir:
    """A thread's work: `run` blocks until `stop` is called.

    A thread of its own, since a server that is away would hold up whoever finds the dead. What it
    cannot release then is free when its lease has passed.
    """

    def __init__(self, board: Board, database: Database) -> None:
        self._board = board
        self._database = database
        self._dead: SimpleQueue[str | None] = SimpleQueue()

    def release_of(self, dead: str) -> None:
        """Hear of an owner that has died; from any thread, before `run` too."""
        self._dead.put(dead)

    def stop(self) -> None:
        """End soon; from any thread."""
        self._dead.put(None)

    def run(self) -> None:
        """Release what the dead have left, until stopped."""
        try:
            while (dead := self._dead.get()) is not None:
                self._guarded(dead)
        finally:
            self._database.close()

    def _guarded(self, dead: str) -> None:
        try:
            self._release(dead)
        except ServerAway as error:
            log.debug("what %s had claimed is free when its lease has passed: %s", dead, error)
        except Exception:
            log.exception("what %s had claimed is free when its lease has passed", dead)

    def _release(self, dead: str) -> None:
        held = self._board.held_by(dead)
        if held:
            pairs = [(one.number, one.fence) for one in held]
            valid = Forwards(self._database).still_offered(pairs)
            self._board.release(one for one in held if (one.number, one.fence) in valid)
            self._board.take([one for one in held if (one.number, one.fence) not in valid])
