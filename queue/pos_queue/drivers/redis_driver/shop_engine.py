"""The engine beside the shop's file: its jobs come by way of the board, and answers from others."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import Any

from pos_queue import job_in_child
from pos_queue.drivers.redis_driver.hand import HandLane
from pos_queue.engine.bell import Bell
from pos_queue.engine.claims import Claim, is_held
from pos_queue.engine.job_engine import JobEngine
from pos_queue.engine.run import Run
from pos_queue.job import RunsIn
from pos_queue.job_in_child import Answer

log = logging.getLogger(__name__)


class ShopEngine(JobEngine):
    """Runs what it is dealt; writes down what others have run."""

    def __init__(self, name: str, **options: Any) -> None:
        self.news = Bell()
        """Rung where the file may hold jobs that are not offered yet."""
        super().__init__(name, **options)
        self.hand_lanes = [HandLane(lane.claims) for lane in self.lanes]
        self.lanes = [*self.hand_lanes]

    @property
    def takes_next(self) -> bool:
        """Say no: the next job is in the hand, claimed already."""
        return False

    def ring(self) -> None:
        """Hear that the file may hold more jobs: they go by way of the board."""
        self.news.ring()

    def open_bells(self) -> None:
        """Let workers, scheduler and forwarder sleep."""
        self.news.open()
        super().open_bells()

    def give_back_hands(self) -> None:
        """Let the jobs wait again that were dealt and not begun."""
        claims = [claim for lane in self.hand_lanes for claim in lane.hand.empty()]
        if claims:
            put_back(self, claims)

    def begin(self, run: Run) -> None:
        """Give the job its context; one that was run elsewhere has its answer in its place."""
        super().begin(run)
        answer: Answer | None = getattr(run.task, "answer", None)
        if answer is not None:
            run.ends = None
            run.task.call = self._said(run, answer)

    def write_down(self, claim: Claim, answer: Answer) -> Run | None:
        """End an attempt as the worker says that ran it, in the caller's transaction.

        Call `tell` of what is returned after the commit; None where the job cannot be read.
        """
        task = self.readable(claim)
        if task is None:
            return None
        task.answer = answer
        run = Run(self.durable, task, claim, shares=True)
        self.attempt(run)
        run.settle(self.now())
        task.claim = None
        return run

    def _said(self, run: Run, answer: Answer) -> Callable[[], Any]:
        declared = run.task.declared

        def call() -> Any:
            job_in_child.raise_answer(answer)
            result: bytes | None = answer[1]
            is_packed = declared.runs_in is RunsIn.CHILD
            return result if is_packed else self.codec.load(declared, result)

        return call


def put_back(engine: ShopEngine, claims: Sequence[Claim]) -> None:
    """Let claimed jobs wait again as if nobody had taken them, where they are still ours."""
    storage = engine.durable
    with storage.transaction():
        for claim in claims:
            if is_held(storage.database, claim):
                storage.settling.put_back(claim)
    engine.ring()
