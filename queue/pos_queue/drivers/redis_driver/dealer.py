"""Takes offers off the board for the workers beside the shop's file: one for each kind of them."""

from __future__ import annotations

import logging
import threading

from pos_queue.drivers.redis_driver.board import Board, Held
from pos_queue.drivers.redis_driver.forwards import Forwards
from pos_queue.drivers.redis_driver.hand import HandLane
from pos_queue.drivers.redis_driver.server import HEAR_SECONDS, Patience, ServerAway
from pos_queue.drivers.redis_driver.shop_engine import ShopEngine, put_back
from pos_queue.engine.claims import Claim

LEAST_FOR_EACH, MOST_FOR_EACH = 2, 32
"""How many jobs are in the hand for each worker, if they are long, and if they are short."""
SHORT_SECONDS = 0.05
"""A lot that is begun within this time was of short jobs: the next one may be twice as large."""
TROUBLE_SECONDS = 1.0

log = logging.getLogger(__name__)


class Dealer:
    """A thread's work: `run` blocks until `stop` is called."""

    def __init__(
        self,
        engine: ShopEngine,
        lane: HandLane,
        board: Board,
        *,
        workers: int,
    ) -> None:
        """Take how many workers there are."""
        self._engine = engine
        self._lane = lane
        self._board = board
        self._workers = workers
        self._room = LEAST_FOR_EACH * workers
        self._dealt_at = float("-inf")
        self._forwards = Forwards(engine.durable.database)
        self._stopping = threading.Event()
        self._patience = Patience("the queue")

    def ring(self) -> None:
        """Hear that there may be offers; from any thread."""
        self._lane.hand.emptied.ring()

    def stop(self) -> None:
        """End soon; from any thread."""
        self._stopping.set()
        self._lane.hand.emptied.close()

    def run(self) -> None:
        """Deal until stopped."""
        try:
            while not self._stopping.is_set():
                wait = self._guarded()
                if wait is not None:
                    self._lane.hand.emptied.wait(wait)
        finally:
            self._engine.durable.database.close()

    def _guarded(self) -> float | None:
        """Deal once; return how long to wait at most before the next time."""
        try:
            dealt = self._deal()
        except ServerAway as error:
            return self._patience.lost(error)
        except Exception:
            log.exception("jobs could not be taken off the board; they will be")
            return TROUBLE_SECONDS
        self._patience.found()
        return None if dealt else HEAR_SECONDS

    def _deal(self) -> bool:
        if self._engine.allowance.is_used_up:
            self._engine.give_back_hands()
            return False
        if len(self._lane.hand) > self._room // 2:
            return False
        owner, choice = self._engine.durable.claims.owner, self._lane.claims.choice
        room = self._wanted_room()
        held = self._board.claim(owner, choice, room - len(self._lane.hand))
        if held and self._stopping.is_set():
            self._board.release(held)
        elif held:
            self._room, self._dealt_at = room, self._engine.clock.monotonic()
            self._take_home(held)
        return bool(held)

    def _wanted_room(self) -> int:
        """Return for how many jobs there is to be room: for more, as long as they are short."""
        if self._engine.clock.monotonic() >= self._dealt_at + SHORT_SECONDS:
            return LEAST_FOR_EACH * self._workers
        return min(MOST_FOR_EACH * self._workers, 2 * self._room)

    def _take_home(self, held: list[Held]) -> None:
        """Claim the jobs in the file, then let the board go of them, and only then deal them.

        So no other machine can be offered a job that is run here.
        """
        claims = self._claimed(held)
        try:
            taken = self._board.take(held)
        except ServerAway:
            put_back(self._engine, [claim for claim in claims if claim is not None])
            raise
        ours = list(zip(claims, taken, strict=True))
        self._deal_out([claim for claim, is_ours in ours if claim is not None and is_ours])
        late = [claim for claim, is_ours in ours if claim is not None and not is_ours]
        if late:
            put_back(self._engine, late)

    def _claimed(self, held: list[Held]) -> list[Claim | None]:
        storage = self._engine.durable
        with storage.transaction():
            return [
                self._forwards.claim(
                    storage.claims.owner, (one.number, one.fence), storage.now(), is_answer=False
                )
                for one in held
            ]

    def _deal_out(self, claims: list[Claim]) -> None:
        self._lane.hand.deal(claims)
        for _claim in claims:
            self._lane.bell.ring()
