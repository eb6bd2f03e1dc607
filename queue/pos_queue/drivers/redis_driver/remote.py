"""Workers on a machine without the shop's file: they take offers off the board and leave answers.

They need the program with the same jobs, the shop's keys of the queue, and the way to the server.
Bodies that write into the shop's file, and those that run in children, are run beside it: a runner
here names the queues that it takes.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from pos_queue.drivers.driver_choice import RedisAddress
from pos_queue.drivers.redis_driver.board import LEASE_SECONDS, Board
from pos_queue.drivers.redis_driver.keeper import Keeper
from pos_queue.drivers.redis_driver.listener import Listener
from pos_queue.drivers.redis_driver.remote_run import Workshop
from pos_queue.drivers.redis_driver.remote_work import Work
from pos_queue.drivers.redis_driver.server import Server
from pos_queue.drivers.redis_driver.threads import Threads
from pos_queue.engine.choice import Choice
from pos_queue.owners.owner import Owner
from pos_queue.owners.owners import Owners
from pos_queue.premises import STOP_SECONDS

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteTerms:
    """What a runner without the shop's file does."""

    queues: tuple[str, ...]
    """The queues it takes jobs from: at least one, whose jobs it all knows."""
    workers: int = 2
    locks: Path
    """The folder of the locks of this machine's runners."""
    new_id: Callable[[], str]
    file_mode: int = 0o600


class RemoteRunner:
    """The workers of one process of another machine."""

    def __init__(
        self,
        workshop: Workshop,
        address: RedisAddress,
        terms: RemoteTerms,
        *,
        shop: str,
        lease: float = LEASE_SECONDS,
    ) -> None:
        """Take the name of the shop on the server, and for how many seconds a claim holds.

        Others run what a machine held that is silent for longer. Raises ValueError where no queue
        is named.
        """
        if not terms.queues:
            raise ValueError("a runner without the shop's file names the queues that it takes")
        self._workshop = workshop
        self._terms = terms
        self._server = Server(address)
        self._board = Board(self._server, shop, lease=lease)
        self._owner = Owner(terms.locks, terms.new_id, file_mode=terms.file_mode)
        self._stopping = threading.Event()
        self._stopped = threading.Event()

    def run(self) -> None:
        """Run jobs until `stop` is called; raises OwnerError."""
        self._owner.start(0)
        choice = Choice(only=self._terms.queues)
        work = Work(self._workshop, self._board, self._owner.id, choice)
        keeper = Keeper(work, self._board, self._owner, Owners(self._terms.locks))
        news = {self._board.offered: work.bell.ring}
        threads = Threads([keeper, Listener(self._server, news)])
        try:
            work.start(self._terms.workers)
            threads.start()
            self._stopping.wait()
        finally:
            work.stop(STOP_SECONDS / 2)
            threads.stop()
            self._owner.stop()
            self._server.close()
            self._stopped.set()

    def stop(self, within: float = STOP_SECONDS) -> bool:
        """End the work; tell whether `run` has returned within so many seconds.

        What has not ended by then is offered to others again; its late answer is refused.
        """
        self._stopping.set()
        return self._stopped.wait(within)
