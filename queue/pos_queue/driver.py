"""What services and workers see of the queue, whichever driver carries the jobs.

    driver = drivers.open_driver(chosen_driver(os.environ), premises)
    with database.write():
        ...
        driver.intake.enqueue("send_receipt", {"sale_id": sale.id})

    driver.runner(Terms(workers=2)).run()    # in a thread or a program of its own

Every driver writes a job into the shop's file, in the caller's transaction, and every outcome is
found there too: what looks at jobs, tries them again or ends them knows of no driver.
"""

from __future__ import annotations

from typing import Protocol

from pos_queue.intake import Intake
from pos_queue.premises import STOP_SECONDS, Terms


class Works(Protocol):
    """The workers of one process."""

    def run(self) -> None:
        """Run jobs until `stop` is called, or the terms say that it is over."""

    def stop(self, within: float = STOP_SECONDS) -> bool:
        """End the work within so many seconds, from any thread; tell whether `run` has returned."""


class Driver(Protocol):
    """Carries the jobs of one shop."""

    @property
    def intake(self) -> Intake:
        """The door by which jobs come in."""

    def runner(self, terms: Terms | None = None) -> Works:
        """Return workers that have not begun yet."""

    def close(self) -> None:
        """Give back what was opened; jobs that are written down stay."""
