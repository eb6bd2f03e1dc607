"""Takes jobs away from threads that hold them past their time limit.

A thread cannot be ended from outside. So its job is: the row passes into other hands by its fence,
what the thread says later is refused, and another worker takes its place.
"""

from __future__ import annotations

import sys
import traceback
from collections.abc import Callable

from pos_queue.engine.engine import DurableHuey
from pos_queue.engine.run import Run
from pos_queue.errors import ClaimLost
from pos_queue.failures import Failure, Outcome


class Watchdog:
    """A chore of the scheduler."""

    def __init__(self, engine: DurableHuey, give_up: Callable[[int], None]) -> None:
        """Take `give_up`, which puts another worker into the place of a thread."""
        self._engine = engine
        self._give_up = give_up

    def __call__(self) -> None:
        """Take every job away that has passed its limit."""
        now = self._engine.clock.monotonic()
        for ident, run in list(self._engine.running.items()):
            if run.ends is not None and now >= run.ends and not run.is_open and not run.is_over:
                self._take_away(ident, run)

    def _take_away(self, ident: int, run: Run) -> None:
        run.is_over = True
        failure = Failure(Outcome.TIMED_OUT, f"not done within {run.limit:g} s", stack_of(ident))
        try:
            self._engine.end_from_outside(run, failure)
        except ClaimLost:
            return
        except Exception:
            run.is_over = False  # the file may let it be written at the next look
            raise
        self._give_up(ident)


def stack_of(ident: int) -> str:
    """Return where a thread is just now; nothing for one that is no more."""
    frame = sys._current_frames().get(ident)  # noqa: SLF001 - the documented way to see a stack
    return "".join(traceback.format_stack(frame)) if frame is not None else ""
