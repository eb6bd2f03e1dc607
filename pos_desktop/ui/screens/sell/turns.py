"""The order of things at the counter: one after another, none dropped, none merged.

What is scanned or pressed while a step that holds the till is on the lane waits here.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Any, TypeVar

from pos_desktop.services.counter.steps import Step
from pos_desktop.ui.threads.lane import DatabaseLane

R = TypeVar("R")
Failed = Callable[[Exception], None]


class Turns:
    """Lets acts have their turn, and takes steps to the lane and back."""

    def __init__(self, lane: DatabaseLane, failed: Failed) -> None:
        """Take who hears of what failed where nobody else wants to."""
        self._lane = lane
        self._failed = failed
        self._inbox: deque[Callable[[], None]] = deque()
        self._pumping = False
        self._waiting = False

    @property
    def idle(self) -> bool:
        """Whether nothing waits for its turn."""
        return not self._inbox and not self._waiting

    def take(self, act: Callable[[], None]) -> None:
        """Do this when all that came before is done; whatever it raises is told."""
        self._inbox.append(act)
        self._pump()

    def carry_out(
        self,
        begin: Callable[[], R | Step[R]],
        then: Callable[[R], None],
        failed: Failed | None = None,
    ) -> None:
        """Begin something when its turn comes, take its steps to their end, and hand it over."""
        self.take(lambda: self.follow(begin, then, failed))

    def follow(
        self,
        begin: Callable[[], R | Step[R]],
        then: Callable[[R], None],
        failed: Failed | None = None,
    ) -> None:
        """Do the same within a turn, before anything that waits has its own."""
        try:
            outcome = begin()
        except Exception as error:  # noqa: BLE001 - whatever happens, the till keeps selling
            (failed or self._failed)(error)
            return
        if isinstance(outcome, Step):
            self._send(outcome, then, failed)
        else:
            then(outcome)

    def _send(self, step: Step[R], then: Callable[[R], None], failed: Failed | None) -> None:
        self._waiting = self._waiting or step.holds_the_till
        held = step.holds_the_till

        def done(found: Any) -> None:
            self._go_on(lambda: self.follow(lambda: step.then(found), then, failed), held=held)

        def not_done(error: Exception) -> None:
            step.failed(error)
            self._go_on(lambda: (failed or self._failed)(error), held=held)

        self._lane.submit(step.work, done, not_done)

    def _go_on(self, act: Callable[[], None], *, held: bool) -> None:
        """Go on where a step has ended; what waited for it follows, unless another step does."""
        if held:
            self._waiting = False
        self._guarded(act)
        self._pump()

    def _pump(self) -> None:
        if self._pumping:
            return
        self._pumping = True
        try:
            while self._inbox and not self._waiting:
                self._guarded(self._inbox.popleft())
        finally:
            self._pumping = False

    def _guarded(self, act: Callable[[], None]) -> None:
        try:
            act()
        except Exception as error:  # noqa: BLE001 - whatever happens, the till keeps selling
            self._failed(error)
