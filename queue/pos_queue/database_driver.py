"""The driver `database`: workers of this machine take jobs from the shop's file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pos_queue.intake import Intake
from pos_queue.premises import Premises, Terms
from pos_queue.wake import WakeSender

if TYPE_CHECKING:
    from pos_queue.runner import Runner


class DatabaseDriver:
    """Writes jobs into the file and wakes whoever works there."""

    def __init__(self, premises: Premises) -> None:
        self._premises = premises
        self._sender = WakeSender(premises.locks)
        self.intake = Intake(
            premises.database,
            premises.registry,
            premises.codec,
            premises.clock,
            lambda _until: self.wake(),
        )

    def runner(self, terms: Terms | None = None) -> Runner:
        """Return the workers of one process; any number of processes may have some."""
        from pos_queue.runner import Runner

        return Runner(self._premises, terms)

    def wake(self) -> None:
        """Wake whoever works in the file: jobs have come, or something was changed by hand."""
        self._sender.wake_others()

    def close(self) -> None:
        """Wake nobody any more."""
        self._sender.close()
