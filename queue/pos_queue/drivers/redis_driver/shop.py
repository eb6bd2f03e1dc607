"""Runners of the driver `redis` beside the shop's file: forward, run, write down.

What is exactly once, and what at least once, stands in docs/queue-drivers.md.
"""

from __future__ import annotations

from pos_queue.drivers.driver_choice import RedisAddress
from pos_queue.drivers.redis_driver.board import Board
from pos_queue.drivers.redis_driver.dealer import Dealer
from pos_queue.drivers.redis_driver.forwarder import Forwarder
from pos_queue.drivers.redis_driver.heir import Heir
from pos_queue.drivers.redis_driver.listener import Listener
from pos_queue.drivers.redis_driver.only_one import OnlyOne
from pos_queue.drivers.redis_driver.server import Server
from pos_queue.drivers.redis_driver.shop_engine import ShopEngine
from pos_queue.drivers.redis_driver.threads import Service, Threads
from pos_queue.engine.consumer import QueueConsumer
from pos_queue.engine.job_engine import JobEngine
from pos_queue.engine.runner import Runner
from pos_queue.premises import Premises, Terms

FORWARDER_LOCK = "forwarder"
"""The file, among the locks of the owners, whose holder serves the board."""


class ShopRunner(Runner):
    """Workers beside the shop's file, and the forwarder where no other process has it."""

    engine_class = ShopEngine

    def __init__(
        self, premises: Premises, address: RedisAddress, shop: str, terms: Terms | None = None
    ) -> None:
        super().__init__(premises, terms)
        self._server = Server(address)
        self._board = Board(self._server, shop)
        self._heir = Heir(self._board, premises.database)
        self._threads = Threads(())

    def run(self) -> None:
        """Run jobs until told to end; raises what `Runner.run` raises."""
        try:
            super().run()
        finally:
            self._server.close()

    def _begin(self, consumer: QueueConsumer) -> None:
        super()._begin(consumer)
        assert isinstance(self._engine, ShopEngine)
        self._threads = Threads(self._services(self._engine))
        self._threads.start()

    def _services(self, engine: ShopEngine) -> list[Service]:
        forwarder = Forwarder(engine, self._board)
        dealers = [
            Dealer(engine, lane, self._board, workers=workers)
            for lane, (_choice, workers) in zip(engine.hand_lanes, self._kinds(), strict=True)
            if workers
        ]

        def ring_dealers() -> None:
            for dealer in dealers:
                dealer.ring()

        news = {self._board.answered: forwarder.ring, self._board.offered: ring_dealers}
        lock = self._premises.locks / FORWARDER_LOCK
        carrying = OnlyOne(lock, forwarder, file_mode=self._premises.file_mode)
        return [carrying, *dealers, self._heir, Listener(self._server, news)]

    def _end(self, consumer: QueueConsumer) -> None:
        """End what serves the board within a quarter of the time: its server may be away."""
        self._threads.stop(self._stop_within / 4)
        self._stop_within *= 3 / 4
        assert isinstance(self._engine, ShopEngine)
        self._engine.give_back_hands()
        super()._end(consumer)

    def _take_back(self, engine: JobEngine, owner: str | None, why: str) -> None:
        """Take the jobs of an owner back, and what it holds on the board."""
        super()._take_back(engine, owner, why)
        if owner is not None and owner != self._owner.id:
            self._heir.release_of(owner)

    def _see_whether_it_is_over(self, engine: JobEngine) -> None:
        """Let others have what was dealt, once nothing more may begin here."""
        assert isinstance(engine, ShopEngine)
        if engine.allowance.is_used_up:
            engine.give_back_hands()
        super()._see_whether_it_is_over(engine)
