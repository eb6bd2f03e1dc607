"""Ends the children of jobs that somebody has asked to end."""

from __future__ import annotations

from pos_queue.engine.engine import DurableHuey
from pos_queue.engine.run import Run
from pos_queue.schema import jobs_of

GRACE_SECONDS = 5.0
"""How long a job in a child may take to end by itself, in good order."""


class Endings:
    """A chore of the scheduler; looks into the file only while children run."""

    def __init__(self, engine: DurableHuey) -> None:
        self._engine = engine
        self._asked: dict[int, float] = {}
        """When each job was first seen to be asked to end, by its number."""

    def __call__(self) -> None:
        """End the children that have had their grace."""
        runs = [run for run in list(self._engine.running.values()) if run.cancel is not None]
        if not runs:
            self._asked.clear()
            return
        asked = self._numbers()
        now = self._engine.clock.monotonic()
        for run in runs:
            if run.claim.number in asked:
                self._mind(run, now)

    def _mind(self, run: Run, now: float) -> None:
        since = self._asked.setdefault(run.claim.number, now)
        if now - since >= GRACE_SECONDS:
            assert run.cancel is not None
            run.was_asked_to_end = True
            run.cancel.cancel()

    def _numbers(self) -> set[int]:
        storage = self._engine.durable
        found = storage.database.execute_sql(
            f"SELECT j.number FROM {jobs_of('running')} WHERE j.owner = ? AND j.cancel_asked",
            (storage.claims.owner,),
        )
        return {row[0] for row in found.fetchall()}
