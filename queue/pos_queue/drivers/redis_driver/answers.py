"""What workers of other machines have said of jobs, written into the shop's file."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any

from pos_queue import progress
from pos_queue.drivers.redis_driver import messages
from pos_queue.drivers.redis_driver.board import Heard, Kind
from pos_queue.drivers.redis_driver.forwards import Forwards
from pos_queue.drivers.redis_driver.shop_engine import ShopEngine
from pos_queue.engine.claims import Claim
from pos_queue.engine.group import HOLD_SECONDS
from pos_queue.engine.run import Run
from pos_queue.errors import Unreadable
from pos_queue.failures import Failure, Outcome

log = logging.getLogger(__name__)


class Answers:
    """Takes answers in; for one thread."""

    def __init__(self, engine: ShopEngine, forwards: Forwards) -> None:
        self._engine = engine
        self._forwards = forwards
        self._database = engine.durable.database

    def take_in(self, heard: Sequence[Heard]) -> list[Heard]:
        """Write down as many as fit into one hold of the file; return those, once committed.

        One whose job has ended otherwise, or passed into other hands, counts as written down.
        """
        clock = self._engine.clock
        ends = clock.monotonic() + HOLD_SECONDS
        taken: list[Heard] = []
        runs: list[Run] = []
        with self._database.write_bulk():
            for one in heard:
                runs += self._take_in(one)
                taken.append(one)
                if clock.monotonic() >= ends:
                    break
        for run in runs:
            run.tell()
        return taken

    def _take_in(self, heard: Heard) -> list[Run]:
        if heard.kind is not Kind.ENDED:
            if self._forwards.is_noted((heard.number, heard.fence)):
                self._show(heard)
            return []
        claim = self._forwards.claim(
            self._engine.durable.claims.owner,
            (heard.number, heard.fence),
            self._engine.now(),
            is_answer=True,
        )
        run = self._end(heard, claim) if claim is not None else None
        return [run] if run is not None else []

    def _end(self, heard: Heard, claim: Claim) -> Run | None:
        try:
            answer = messages.answer_of(self._engine.codec, heard)
        except Unreadable as error:
            log.warning("job %d is run again: %s", heard.number, error)
            self._run_again(claim, str(error))
            return None
        return self._engine.write_down(claim, answer)

    def _run_again(self, claim: Claim, why: str) -> None:
        settling, now = self._engine.durable.settling, self._engine.now()
        settling.keep_attempt(claim, Failure(Outcome.INTERRUPTED, why), now)
        settling.requeue(claim, run_at=now, deaths=claim.deaths)
        self._engine.durable.tell(None)

    def _show(self, heard: Heard) -> None:
        try:
            said: Any = messages.unpacked(self._engine.codec, heard)
        except Unreadable as error:
            log.warning("what was said of job %d is not believed: %s", heard.number, error)
            return
        now = self._engine.now()
        if heard.kind is Kind.CURSOR:
            progress.keep_cursor(self._database, heard.number, said, now)
        else:
            done, total, message = said
            progress.show(self._database, heard.number, done, total, message, now)
