"""Carries jobs from the shop's file to the board, and what became of them back.

A job counts as offered only once the server has acknowledged it, and an answer as taken in only
once the file has it. Both can be done again at any moment: an offer is known by number and fence,
and stays on the board until its answer is settled; a fence takes one answer.
"""

from __future__ import annotations

import logging
import threading

from pos_queue.drivers.redis_driver.answers import Answers
from pos_queue.drivers.redis_driver.board import Board, Offer
from pos_queue.drivers.redis_driver.forwards import LOT, Forwards, numbers_of
from pos_queue.drivers.redis_driver.server import HEAR_SECONDS, Patience, ServerAway
from pos_queue.drivers.redis_driver.shop_engine import ShopEngine
from pos_queue.engine.choice import Choice

MOST_OFFERED = 2_000
"""How many jobs are on the board at once; the others wait in the file, where they can be seen."""
TIDY_SECONDS = 1.0
"""How often it is looked whether offers are still meant."""
TROUBLE_SECONDS = 1.0

log = logging.getLogger(__name__)


class Forwarder:
    """A thread's work: `run` blocks until `stop` is called. One of them serves a shop."""

    def __init__(self, engine: ShopEngine, board: Board) -> None:
        self._engine = engine
        self._board = board
        self._database = engine.durable.database
        self._forwards = Forwards(self._database)
        self._answers = Answers(engine, self._forwards)
        self._patience = Patience("the shop's board")
        self._stopping = threading.Event()
        self._is_new = True
        self._tidied = float("-inf")

    def ring(self) -> None:
        """Hear that there may be answers; from any thread."""
        self._engine.news.ring()

    def stop(self) -> None:
        """End soon; from any thread."""
        self._stopping.set()
        self._engine.news.close()

    def run(self) -> None:
        """Carry to and fro until stopped."""
        try:
            rang = True
            while not self._stopping.is_set():
                wait = self._guarded(rang=rang)
                rang = wait is None or self._engine.news.wait(wait)
        finally:
            self._database.close()

    def _guarded(self, *, rang: bool) -> float | None:
        """Carry once; return how long to wait at most before the next time."""
        try:
            is_more = self.carry(rang=rang)
        except ServerAway as error:
            self._is_new = True
            return self._patience.lost(error)
        except Exception:
            log.exception("the shop's board could not be served; its jobs wait")
            return TROUBLE_SECONDS
        self._patience.found()
        return None if is_more else HEAR_SECONDS

    def carry(self, *, rang: bool = True) -> bool:
        """Carry a lot each way; tell whether there may be more. Raises ServerAway.

        Looks into the file only if it rang, or the server has come back.
        """
        heard = self._board.answers()
        if heard:
            self._board.settle(self._answers.take_in(heard))
        if self._is_new:
            self._offer_again_what_is_missing()
            rang, self._is_new = True, False
        if not rang and not heard:
            return False
        self._tidy()
        return self._offer() or bool(heard)

    def _offer(self) -> bool:
        room, now = MOST_OFFERED - self._forwards.count(), self._engine.now()
        self._engine.held.look(Choice(), now)
        is_more = False
        for queue in self._forwards.open_queues(now):
            is_rated = self._engine.limits.has(queue)
            most = min(room, 1 if is_rated else LOT)
            offers = self._forwards.ready(queue, most) if most > 0 else []
            if offers:
                self._put_up(queue, offers)
            room -= len(offers)
            is_more |= bool(offers) and len(offers) == most
        return is_more

    def _put_up(self, queue: str, offers: list[Offer]) -> None:
        self._board.offer(offers)
        with self._database.write_bulk():
            self._forwards.note(numbers_of(offers))
            for _offer in offers:
                self._engine.limits.count(queue, self._engine.now())

    def _offer_again_what_is_missing(self) -> None:
        """Take note of offers that the server has lost; those whose jobs wait are put up anew."""
        after = -1
        while page := self._forwards.page(after):
            after = page[-1][0]
            if missing := self._board.missing(page):
                log.warning("the server has lost %d offers; they are made again", len(missing))
                with self._database.write_bulk():
                    self._forwards.forget(missing)

    def _tidy(self) -> None:
        """Withdraw what was cancelled, or may not begin now."""
        now = self._engine.clock.monotonic()
        if now < self._tidied + TIDY_SECONDS:
            return
        self._tidied = now
        if over := self._forwards.over():
            self._board.withdraw(over, end=True)
            with self._database.write_bulk():
                self._forwards.forget(over)
        if held_up := self._forwards.held_up():
            gone = self._board.withdraw(held_up, end=False)
            with self._database.write_bulk():
                self._forwards.forget(
                    pair for pair, is_gone in zip(held_up, gone, strict=True) if is_gone
                )
