"""Sees to the claims of a runner without the shop's file: holds on to them, and to their limits."""

from __future__ import annotations

import logging
import threading

from pos_queue.drivers.redis_driver.board import Board, Hold
from pos_queue.drivers.redis_driver.remote_work import Work
from pos_queue.drivers.redis_driver.server import ServerAway
from pos_queue.owners.owner import Owner
from pos_queue.owners.owners import Owners

TICK_SECONDS = 0.25
RENEWALS = 4
"""How often a claim is renewed in the time for which it holds."""
SWEEP_SECONDS = 1.0

log = logging.getLogger(__name__)


class Keeper:
    """A thread's work: `run` blocks until `stop` is called."""

    def __init__(self, work: Work, board: Board, owner: Owner, owners: Owners) -> None:
        self._work = work
        self._board = board
        self._owner = owner
        self._owners = owners
        self._clock = work.workshop.clock
        self._stopping = threading.Event()
        self._renewed = self._swept = float("-inf")

    def stop(self) -> None:
        """End soon; from any thread."""
        self._stopping.set()

    def run(self) -> None:
        """Look around until stopped."""
        while not self._stopping.wait(TICK_SECONDS):
            try:
                self._look_around()
            except ServerAway as error:
                log.debug("the keeper waits for its server: %s", error)
            except Exception:
                log.exception("the keeper of claims failed; it comes round again")

    def _look_around(self) -> None:
        now = self._clock.monotonic()
        for one in self._work.in_work():
            if one.ends is not None and now >= one.ends:
                self._work.take_away(one)
        if now >= self._renewed + self._board.lease / RENEWALS:
            self._renew()
            self._renewed = now
        if now >= self._swept + SWEEP_SECONDS:
            self._swept = now
            self._owner.check()
            self._owners.sweep(self._release_of)

    def _renew(self) -> None:
        held = self._work.in_work()
        if held:
            holds = self._board.renew([one.held for one in held])
            for one, hold in zip(held, holds, strict=True):
                if hold is Hold.LOST:
                    self._work.lose(one)

    def _release_of(self, dead: str) -> None:
        """Let others have what a dead runner of this machine was holding."""
        if held := self._board.held_by(dead):
            log.info("%d jobs of %s wait again: it has died", len(held), dead)
            self._board.release(held)
