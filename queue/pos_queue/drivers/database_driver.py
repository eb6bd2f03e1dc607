"""The driver `database`: workers of this machine take jobs from the shop's file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pos_queue.intake import Intake
from pos_queue.owners.waker import Waker
from pos_queue.premises import Premises, Terms

if TYPE_CHECKING:
    from pos_queue.engine.runner import Runner


class DatabaseDriver:
    """Writes jobs into the file and wakes whoever works there."""

    def __init__(self, premises: Premises) -> None:
        self._premises = premises
        self._waker = Waker(premises.locks)
        self.intake = Intake(
            premises.database,
            premises.registry,
            premises.codec,
            premises.clock,
            lambda _until: self._waker(),
            batch_over=premises.batch_over,
            dropped=premises.dropped,
        )

    def runner(self, terms: Terms | None = None, premises: Premises | None = None) -> Runner:
        """Return the workers of one process; any number of processes may have some."""
        from pos_queue.engine.runner import Runner

        return Runner(premises or self._premises, terms)

    def wake(self) -> None:
        """Wake whoever works in the file: something was changed by hand."""
        self._waker()

    def close(self) -> None:
        """Give back what waking others has opened; who wakes later opens it again."""
        self._waker.close()
